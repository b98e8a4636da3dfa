import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("Collecting rollouts")
struct RolloutCollectorTests {
    private func collector(
        temperature: Float = 1, critic: ToyPPO.CriticKind = .separate, threads: Int = 1,
        frozenLayers: Int = 0
    ) -> RolloutCollector {
        let toy = ToyPPO(updates: 1, critic: critic, threads: threads) {
            $0.temperature = temperature
        }
        return RolloutCollector(
            models: toy.models, trunks: PolicyTrunks(toy.models, layers: frozenLayers),
            sampling: toy.trainer.ppo.sampling, plan: toy.trainer.options.plan, precision: .f32,
            seed: 42,
            endOfText: 0)
    }

    @Test(
        "log-probabilities are those of the temperature it was sampled at", arguments: [1, 0.5, 2])
    func logProbabilities(temperature: Float) {
        let collector = collector(temperature: temperature)
        for rollout in collector.collect(prompts: ToyPPO.prompts, update: 0) {
            let alone = collector.models.policy.logProbabilities(
                of: PackedCompletions([rollout.example]), temperature: temperature
            ).logProbabilities.array
            expectClose(rollout.logProbabilities, alone, within: 1e-5)
            // The policy is the reference still.
            expectClose(rollout.referenceLogProbabilities, alone, within: 1e-5)
        }
    }

    @Test("values are the critic's, read before each token", arguments: ToyPPO.CriticKind.allCases)
    func values(critic: ToyPPO.CriticKind) throws {
        let collector = collector(critic: critic)
        let model = collector.models.critic ?? collector.models.policy
        let head = try #require(model.parameters["v_head.summary.weight"])
        model.parameters.assign((0..<16).map { Float($0) / 16 - 0.4 }, to: head)
        for rollout in collector.collect(prompts: ToyPPO.prompts, update: 0) {
            // The value before token t is read at the token before it.
            let all = rollout.promptTokens + rollout.completionTokens
            let hidden = model.hidden(PackedSequences([Array(all.dropLast())]))
            let values = model.values(ofHidden: hidden).array
            expectClose(
                rollout.values, Array(values.suffix(rollout.completionTokens.count)), within: 1e-5)
        }
    }

    @Test("prompts, scores and ends belong to their completions")
    func bookkeeping() {
        let rollouts = collector().collect(prompts: ToyPPO.prompts, update: 0)
        #expect(rollouts.map(\.promptTokens) == ToyPPO.prompts)
        for rollout in rollouts {
            #expect(rollout.score == ToyPPO.share(rollout.completionTokens))
            #expect(rollout.endedWithEndOfText == (rollout.completionTokens.last == 0))
            #expect(rollout.completionTokens.count <= 6)
        }
        #expect(Set(rollouts.map(\.endedWithEndOfText)).count == 2)
    }

    @Test("another update samples anew; the same one again gives the same bits on any threads")
    func streams() {
        let first = collector().collect(prompts: ToyPPO.prompts, update: 0)
        #expect(collector(threads: 2).collect(prompts: ToyPPO.prompts, update: 0) == first)
        #expect(collector().collect(prompts: ToyPPO.prompts, update: 1) != first)
    }

    @Test(
        "with frozen layers figures are those of whole passes, update after update",
        arguments: ToyPPO.CriticKind.allCases, [1, 2])
    func frozen(critic: ToyPPO.CriticKind, layers: Int) throws {
        let collector = collector(critic: critic, frozenLayers: layers)
        let (policy, reference) = (collector.models.policy, collector.models.reference)
        let norm = try #require(policy.parameters["transformer.ln_f.weight"])
        policy.parameters.assign([Float](repeating: 1.2, count: 16), to: norm)
        let valueModel = collector.models.critic ?? policy
        let head = try #require(valueModel.parameters["v_head.summary.weight"])
        valueModel.parameters.assign((0..<16).map { Float($0) / 16 - 0.4 }, to: head)
        for update in 0...1 {
            for rollout in collector.collect(prompts: ToyPPO.prompts, update: update) {
                let batch = PackedCompletions([rollout.example])
                expectClose(
                    rollout.logProbabilities,
                    policy.logProbabilities(of: batch).logProbabilities.array, within: 1e-5)
                expectClose(
                    rollout.referenceLogProbabilities,
                    reference.logProbabilities(of: batch).logProbabilities.array, within: 1e-5)
                let hidden = valueModel.hidden(batch.sequences, at: batch.predictingRows)
                expectClose(
                    rollout.values, valueModel.values(ofHidden: hidden).array, within: 1e-5)
            }
        }
    }
}
