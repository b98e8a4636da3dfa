import Autograd
import Foundation
import LanguageModels
import Testing

@testable import Alignment

/// Small runs that go wrong for one reason each: the monitor names it while the run goes on.
@Suite("Health, provoked")
struct HealthProvocationTests {
    /// The causes that a PPO run is said to have.
    private func causes(_ toy: ToyPPO, _ outcome: TrainingOutcome = .finished) -> [HealthCause] {
        let record = RunRecord()
        #expect(toy.run(record) == outcome)
        return record.warnings.map(\.cause)
    }

    private func loose(
        _ updates: Int, learningRate: Float = 0.02, change: (inout PPOOptions) -> Void = { _ in }
    ) -> ToyPPO {
        ToyPPO(updates: updates, learningRate: learningRate) {
            $0.klController = KLController(coefficient: 0)
            change(&$0)
        }
    }

    /// Scores without rhyme or reason: nothing can be learned from them.
    private func noise() -> ([TokenizedExample]) -> [Float] {
        var random = RandomStream(seed: 5, purpose: RandomPurpose("scores of no meaning"))
        return { $0.map { _ in random.nextNormal() } }
    }

    /// Half of the pairs the other way round.
    private func withoutRule(_ pairs: [TokenizedPair]) -> [TokenizedPair] {
        pairs.enumerated().map { index, pair in
            guard index % 2 == 0 else { return pair }
            var turned = pair
            turned.chosen = pair.rejected
            turned.rejected = pair.chosen
            return turned
        }
    }

    @Test("no penalty and large steps: KL runs away, all answers become one, entropy collapses")
    func collapse() {
        let found = causes(loose(40, learningRate: 0.03) { $0.klBudget = 3 })
        #expect(found.contains(.runawayKL), "\(found)")
        #expect(found.contains(.identicalAnswers), "\(found)")
        #expect(found.contains(.entropyCollapse), "\(found)")
        #expect(found.contains(.forgetting), "\(found)")
    }

    @Test("very large steps are called too large")
    func updates() {
        let found = causes(loose(12, learningRate: 0.2))
        #expect(found.contains(.updatesTooLarge), "\(found)")
    }

    @Test("a score that only counts tokens makes answers endless")
    func endless() {
        var toy = loose(40, learningRate: 0.02) { $0.maxNewTokens = 17 }
        toy.models.score = { $0.map { Float($0.completion.count) / 17 } }
        let found = causes(toy)
        #expect(found.contains(.vanishingEnd), "\(found)")
    }

    @Test("a score that likes few words makes answers short")
    func short() {
        var toy = loose(40, learningRate: 0.02) { $0.maxNewTokens = 17 }
        toy.models.score = { $0.map { -Float($0.completion.count) / 17 } }
        let found = causes(toy)
        #expect(found.contains(.lengthDrift), "\(found)")
    }

    @Test("a score that parts from the truth is reward hacking")
    func hacking() {
        var toy = loose(40)
        // The truth likes some of what the score likes without end.
        toy.models.gold = { samples in
            samples.map { sample in
                let tokens = sample.completion.split { !$0.isNumber }.compactMap { Int($0) }
                let share = Double(ToyPPO.share(tokens))
                return 4 * share * (0.6 - share)
            }
        }
        let found = causes(toy)
        #expect(found.contains(.rewardHacking), "\(found)")
    }

    @Test("a learning rate of nothing leaves the reward flat")
    func flat() {
        let found = causes(ToyPPO(updates: 30, learningRate: 1e-9))
        #expect(found.contains(.flatReward), "\(found)")
    }

    @Test("a score that cannot be learned costs KL and brings nothing")
    func spent() {
        var toy = loose(40, learningRate: 0.03) { $0.klBudget = 2 }
        toy.models.score = noise()
        let found = causes(toy)
        #expect(found.contains(.klWithoutReward), "\(found)")
    }

    @Test("a critic that does not move foresees nothing")
    func critic() throws {
        var toy = ToyPPO(updates: 30, learningRate: 0.003) {
            $0.critic = .separate(learningRate: 0)
        }
        // A head of zeros foresees as much as any constant; this one has opinions.
        let parameters = try #require(toy.models.critic).parameters
        let head = try #require(parameters["v_head.summary.weight"])
        parameters.assign((0..<head.count).map { $0 % 2 == 0 ? 0.5 : -0.5 }, to: head)
        toy.models.score = noise()
        let found = causes(toy)
        #expect(found.contains(.valueNotLearning), "\(found)")
    }

    @Test("answers of another model than the one that is measured have a negative KL")
    func negativeKL() {
        var toy = ToyPPO(updates: 12, learningRate: 1e-9)
        let policy = toy.models.policy
        let reference = toy.models.reference.parameters.flatValues
        let other = LanguageModel.toy(seed: 9).parameters.flatValues
        // A little off the reference, so that the run does not count on KL 0.
        let start = zip(reference, other).map { 0.99 * $0 + 0.01 * $1 }
        policy.parameters.flatValues = start
        // Somebody exchanges the weights between sampling and measuring.
        toy.models.score = { examples in
            policy.parameters.flatValues = other
            return examples.map { ToyPPO.share($0.completion) }
        }
        toy.models.gold = { samples in
            policy.parameters.flatValues = start
            return samples.map { _ in 0 }
        }
        let found = causes(toy)
        #expect(found.contains(.negativeKL), "\(found)")
    }

    @Test("weights that change between measuring and training put the ratio off 1")
    func ratio() throws {
        let toy = ToyPPO(updates: 1)
        let run = try PPORun(toy.trainer, toy.models, resume: nil)
        let collector = RolloutCollector(
            models: toy.models, trunks: run.trunks, sampling: toy.trainer.ppo.sampling,
            plan: Toy.plan(), precision: .f32, seed: 1, endOfText: 0)
        let rollouts = collector.collect(prompts: ToyPPO.prompts, update: 0)
        toy.models.policy.parameters.flatValues = LanguageModel.toy(seed: 9).parameters.flatValues
        let zeros = rollouts.map { $0.logProbabilities.map { _ in Float(0.5) } }
        let statistics = run.optimize(
            rollouts, advantages: zeros, returns: zeros, update: 0, learningRates: (1e-9, 1e-9))
        let record = RunRecord()
        let sentence = policyInvariantBroken(
            MetricRow(step: 4, []), statistics, isFirst: false, report: record.report())
        #expect(sentence?.hasPrefix("the ratio before an update's first step is") == true)
        #expect(record.warnings.map(\.cause) == [.ratioOff] && record.warnings[0].step == 4)
    }

    @Test("a baseline that learns four rows by heart is said to")
    func overfitting() {
        let options = TrainingOptions(
            length: .steps(120), batchSize: 4, learningRate: 0.01, schedule: .constant,
            plan: Toy.plan())
        let record = RunRecord()
        let examples = Toy.examples(24)
        _ = SupervisedTrainer(options: options, evaluationInterval: 5).train(
            .toy(), on: Array(examples.prefix(4)), heldOut: Array(examples.suffix(12)),
            report: record.report())
        #expect(record.warnings.map(\.cause).contains(.overfitting), "\(record.warnings)")
    }

    @Test("pairs whose labels say nothing leave the reward model at chance")
    func chance() {
        let pairs = withoutRule(Toy.pairs(prompts: 60))
        let options = TrainingOptions(
            length: .steps(30), batchSize: 12, learningRate: 0.003, schedule: .constant,
            plan: Toy.plan())
        let record = RunRecord()
        _ = RewardTrainer(options: options, evaluationInterval: 5).train(
            .toy(heads: [.score]), on: Array(pairs.prefix(60)), heldOut: Array(pairs.suffix(120)),
            report: record.report())
        #expect(record.warnings.map(\.cause).contains(.rewardModelAtChance), "\(record.warnings)")
    }

    @Test("DPO that drives both answers down is said to make the chosen one unlikely")
    func displacement() {
        // Labels without a rule, and steps that are far too large: both sides lose.
        let pairs = withoutRule(Toy.pairs(prompts: 20))
        let options = TrainingOptions(
            length: .steps(60), batchSize: 12, learningRate: 0.1, schedule: .constant,
            plan: Toy.plan())
        let record = RunRecord()
        _ = DPOTrainer(options: options, beta: 0.05).train(
            .toy(), reference: .toy(), on: pairs, report: record.report())
        #expect(
            record.warnings.map(\.cause).contains(.likelihoodDisplacement),
            "\(record.values("logps/chosen").suffix(3))")
    }

    @Test("equal scores in every group are no signal")
    func noSignal() {
        var toy = ToyGroup(updates: 8, objective: .rloo(standardizes: false))
        toy.models.score = { $0.map { _ in 1 } }
        let record = RunRecord()
        #expect(toy.run(record) == .finished)
        #expect(record.warnings.map(\.cause).contains(.noSignal), "\(record.warnings)")
    }

    @Test("numbers that overflow are named with the tensor that had them first")
    func nonFinite() throws {
        let options = TrainingOptions(
            length: .steps(20), batchSize: 8, learningRate: 1e30, schedule: .constant,
            maxGradientNorm: nil, plan: Toy.plan())
        let record = RunRecord()
        let outcome = SupervisedTrainer(options: options).train(
            .toy(), on: Toy.examples(16), report: record.report())
        guard case .diverged(let step, let metric) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let warning = try #require(record.warnings.last)
        #expect(warning.cause == .nonFinite && warning.step == step)
        #expect(warning.evidence.map(\.metric) == [metric])
        #expect(warning.tensor != nil)
    }

    @Test("a parameter that was broken from the start is named, in every method")
    func brokenParameter() throws {
        let name = "transformer.h.1.mlp.c_fc.weight"
        func broken(_ model: LanguageModel) throws -> LanguageModel {
            let parameter = try #require(
                model.parameters[name]
                    ?? model.parameters.parameters.first {
                        $0.name.hasSuffix("h.1.mlp.c_fc.weight")
                    })
            var values = model.parameters[parameter].array
            values[5] = .nan
            model.parameters.assign(values, to: parameter)
            return model
        }
        let options = TrainingOptions(
            length: .steps(2), batchSize: 6, learningRate: 0.001, schedule: .constant,
            plan: Toy.plan())
        func tensor(_ run: (TrainingReport) throws -> TrainingOutcome) rethrows -> String? {
            let record = RunRecord()
            let outcome = try run(record.report())
            if case .diverged = outcome {} else { Issue.record("\(outcome)") }
            return record.warnings.last { $0.cause == .nonFinite }?.tensor
        }
        let found = try [
            tensor {
                SupervisedTrainer(options: options).train(
                    try broken(.toy()), on: Toy.examples(12), report: $0)
            },
            tensor {
                RewardTrainer(options: options).train(
                    try broken(.toy(heads: [.score])), on: Toy.pairs(prompts: 4), report: $0)
            },
            tensor {
                DPOTrainer(options: options).train(
                    try broken(.toy()), reference: .toy(), on: Toy.pairs(prompts: 4), report: $0)
            },
        ]
        #expect(found.allSatisfy { $0?.hasSuffix("h.1.mlp.c_fc.weight") == true }, "\(found)")
    }

    @Test("a run that learns its task in peace raises no alarm")
    func healthy() {
        var toy = ToyPPO(updates: 25, learningRate: 0.005) {
            $0.klController = KLController(coefficient: 0.3)
        }
        // The toy's answers end as often as they happen to; that is no fault of the run.
        toy.models.gold = { $0.map { Double(ToyPPO.share(Self.tokens($0))) } }
        let record = RunRecord()
        #expect(toy.run(record) == .finished)
        let alarms = record.warnings.map(\.cause).filter { $0 != .vanishingEnd }
        #expect(alarms == [], "\(record.warnings)")
    }

    private static func tokens(_ sample: PromptedCompletion) -> [Int] {
        sample.completion.split { !$0.isNumber }.compactMap { Int($0) }
    }
}
