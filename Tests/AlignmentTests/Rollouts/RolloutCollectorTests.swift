import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("Collecting rollouts")
struct RolloutCollectorTests {
    private func collector(
        temperature: Float = 1, critic: ToyPPO.CriticKind = .separate, threads: Int = 1
    ) -> RolloutCollector {
        let toy = ToyPPO(updates: 1, critic: critic, threads: threads) {
            $0.temperature = temperature
        }
        return RolloutCollector(
            models: toy.models, options: toy.trainer.ppo, plan: toy.trainer.options.plan, seed: 42,
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
}
