import Autograd
import Testing

@testable import Alignment
@testable import LanguageModels

@Suite("PPO")
struct PPOTrainerTests {
    @Test("the first update starts with KL 0 and ratio 1", arguments: ToyPPO.CriticKind.allCases)
    func startsAtTheReference(critic: ToyPPO.CriticKind) throws {
        // One minibatch and one epoch: every figure is from before the first optimizer step.
        let toy = ToyPPO(updates: 1, critic: critic) {
            $0.epochsPerRollout = 1
            $0.minibatchSize = 16
        }
        let record = RunRecord()
        #expect(toy.run(record) == .finished)
        let row = try #require(record.rows.first)
        for key in [
            "objective/kl", "objective/kl_k3", "policy/approxkl_avg", "policy/clipfrac_avg",
        ] {
            #expect(abs(try #require(row[key])) < 1e-6, "\(key)")
        }
        #expect(abs(try #require(row["val/ratio"]) - 1) < 1e-6)
        // Whitened advantages have mean 0, and at ratio 1 the loss is minus their mean.
        #expect(abs(try #require(row["loss/policy_avg"])) < 1e-6)
    }

    @Test("whole updates equal PyTorch's: advantages, returns, losses and every logged mean")
    func updates() throws {
        let reference = try PPOReference.load()
        var ppo = PPOOptions()
        ppo.epochsPerRollout = reference.epochs
        ppo.discount = reference.discount
        ppo.gaeLambda = reference.gaeLambda
        ppo.missingEndPenalty = .replacingScore(reference.missingEndScore)
        ppo.critic = .separate(learningRate: reference.criticRate)
        let options = TrainingOptions(
            length: .steps(reference.updates.count),
            batchSize: reference.updates[0].completions.count,
            learningRate: reference.learningRate, schedule: .constant,
            plan: ParallelPlan(shards: 3, threads: 2))
        let trainer = PPOTrainer(options: options, ppo: ppo, endOfText: 0)
        var scores: [Float] = []
        let models = PolicyModels(
            policy: try TrainingFixture.model("tiny"), reference: try TrainingFixture.model("tiny"),
            critic: try TrainingFixture.model("reward", heads: [.score]), score: { _ in scores },
            text: { _ in PromptedCompletion(prompt: "", completion: "") })
        let run = try PPORun(trainer, models, resume: nil)
        let collector = RolloutCollector(
            models: models, trunks: run.trunks, sampling: ppo.sampling, plan: options.plan,
            precision: .f32, seed: 1, endOfText: 0)
        for (number, update) in reference.updates.enumerated() {
            scores = update.scores
            let rollouts = collector.record(
                update.completions.map {
                    GeneratedCompletion(tokens: $0, stopReason: $0.last == 0 ? .endOfText : .length)
                }, of: update.prompts)
            let estimates = trainer.estimates(
                of: rollouts, scores: rollouts.map(\.score), klCoefficient: reference.klCoefficient)
            for (found, expected) in [
                (estimates.advantages, update.advantages), (estimates.returns, update.returns),
            ] {
                #expect(found.map(\.count) == expected.map(\.count))
                expectClose(found.flatMap { $0 }, expected.flatMap { $0 }, within: 1e-3)
            }
            var row = MetricRow(
                step: number + 1,
                rolloutMetrics(rollouts, klCoefficient: reference.klCoefficient)
                    .map { ($0.key, $0.value) })
            run.optimize(
                rollouts, advantages: estimates.advantages, returns: estimates.returns,
                update: number, learningRates: (reference.learningRate, reference.criticRate)
            ).append(to: &row)
            row.append(
                "val/var_explained",
                varianceExplained(returns: estimates.returns, values: rollouts.map(\.values)))
            for (key, expected) in update.metrics {
                let found = try #require(row[key], "\(key)")
                #expect(
                    abs(found - expected) <= 1e-3 * max(1, abs(expected)),
                    "update \(number), \(key): \(found), not \(expected)")
            }
        }
    }

    @Test(
        "it raises the true score, with either kind of critic",
        arguments: ToyPPO.CriticKind.allCases)
    func raisesTheScore(critic: ToyPPO.CriticKind) throws {
        let toy = ToyPPO(updates: 30, critic: critic)
        let record = RunRecord()
        #expect(toy.run(record) == .finished)
        let scores = record.values("objective/scores")
        let before = scores[..<3].reduce(0, +) / 3
        let after = scores.suffix(3).reduce(0, +) / 3
        #expect(before < 0.2)
        #expect(after > 0.7, "from \(before) to \(after)")
        #expect(try #require(record.rows.last?["objective/kl"]) > 1)
        // The reference is where it was.
        #expect(
            toy.models.reference.parameters.flatValues == LanguageModel.toy().parameters.flatValues)
    }

    @Test("the critic comes to foresee the returns")
    func criticLearns() {
        let record = RunRecord()
        _ = ToyPPO(updates: 30).run(record)
        let explained = record.values("val/var_explained")
        #expect(explained.suffix(5).reduce(0, +) / 5 > 0.2)
        #expect(explained.suffix(5).reduce(0, +) > explained[..<5].reduce(0, +))
    }

    @Test("a larger KL coefficient keeps the policy closer to the reference")
    func klCoefficient() {
        func end(_ coefficient: Float) -> (kl: Double, score: Double) {
            let record = RunRecord()
            _ = ToyPPO(updates: 25) { $0.klController = KLController(coefficient: coefficient) }
                .run(record)
            func last(_ key: String) -> Double {
                record.values(key).suffix(3).reduce(0, +) / 3
            }
            return (last("objective/kl"), last("objective/scores"))
        }
        let loose = end(0)
        let tight = end(1)
        #expect(tight.kl < 0.3 * loose.kl, "\(tight) and \(loose)")
        #expect(tight.score < loose.score)
    }

    @Test("an adaptive coefficient moves towards the wanted KL")
    func adaptive() {
        let record = RunRecord()
        _ = ToyPPO(updates: 6) {
            $0.klController = KLController(
                coefficient: 0.1, rule: .adaptive(target: 1000, horizon: 100))
        }.run(record)
        // Far below the target: 20 % · 16 / 100 less after each update.
        let coefficients = record.values("objective/kl_coefficient")
        for (i, coefficient) in coefficients.enumerated() {
            var expected = 0.1
            for _ in 0..<i { expected *= 1 - 0.2 * 0.16 }
            #expect(abs(coefficient - expected) < 1e-6)
        }
    }

    @Test(
        "a run stopped and resumed ends with the bits of one that was not",
        arguments: ToyPPO.CriticKind.allCases, [1, 3])
    func resume(critic: ToyPPO.CriticKind, stop: Int) throws {
        func toy() -> ToyPPO {
            ToyPPO(updates: 5, critic: critic) {
                $0.klController = KLController(
                    coefficient: 0.1, rule: .adaptive(target: 0.5, horizon: 100))
            }
        }
        let whole = toy()
        let uninterrupted = RunRecord()
        #expect(whole.run(uninterrupted, keepingCheckpoints: true) == .finished)

        let first = RunRecord()
        #expect(toy().run(first, stopAfter: stop) == .interrupted(step: stop))
        let checkpoint = try #require(first.checkpoints.last)
        #expect(checkpoint == uninterrupted.checkpoints[stop - 1])
        let resumed = toy()
        let second = RunRecord()
        #expect(resumed.run(second, keepingCheckpoints: true, resume: checkpoint) == .finished)
        #expect(resumed.bits == whole.bits)
        // Parameters, moments, step counts and the KL coefficient.
        #expect(second.checkpoints.last == uninterrupted.checkpoints.last)
        #expect(sameBits(first.rows + second.rows, uninterrupted.rows))
    }

    @Test("the same bits on two threads", arguments: ToyPPO.CriticKind.allCases)
    func threads(critic: ToyPPO.CriticKind) {
        let (one, two) = (
            ToyPPO(updates: 4, critic: critic), ToyPPO(updates: 4, critic: critic, threads: 2)
        )
        let (first, second) = (RunRecord(), RunRecord())
        #expect(one.run(first) == two.run(second))
        #expect(one.bits == two.bits)
        #expect(sameBits(first.rows, second.rows))
        #expect(first.samples == second.samples)
    }

    @Test("the run is over once the mean score passes the goal")
    func untilScore() throws {
        let record = RunRecord()
        let outcome = ToyPPO(updates: 100) { $0.untilScore = 0.4 }.run(record)
        guard case .reached = outcome else {
            Issue.record("\(outcome)")
            return
        }
        let scores = record.values("objective/scores")
        #expect(scores.count < 100)
        #expect(try #require(scores.last) > 0.4)
        #expect(scores.dropLast().allSatisfy { $0 <= 0.4 })
    }

    @Test(
        "a learning rate of a million is reported as divergence, not a crash",
        arguments: ToyPPO.CriticKind.allCases)
    func divergence(critic: ToyPPO.CriticKind) {
        let record = RunRecord()
        let toy = ToyPPO(updates: 20, critic: critic, learningRate: 1e6)
        let start = toy.bits
        let outcome = toy.run(record, keepingCheckpoints: true)
        guard case .diverged(let step, let metric) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(record.rows.count == step - 1)
        #expect(Metric.named(metric) != nil, "\(metric)")
        // What the steps before the broken one in its update moved is back where it was.
        let names = critic == .separate ? ["policy", "critic"] : ["policy"]
        let good = record.checkpoints.last.map { checkpoint in
            names.map { checkpoint[tensor: "\($0).parameters"]?.map(\.bitPattern) ?? [] }
        }
        #expect(toy.bits == good ?? start)
    }

    @Test("scores that are no numbers are reported as divergence")
    func scoresNotFinite() {
        var toy = ToyPPO(updates: 3)
        toy.models.score = { $0.map { _ in .nan } }
        let before = toy.bits
        guard case .diverged(step: 1, _) = toy.run(RunRecord()) else {
            Issue.record("not reported")
            return
        }
        #expect(toy.bits == before)
    }

    @Test("a critic whose gradient overflows is reported as divergence too")
    func criticOverflows() throws {
        let toy = ToyPPO(updates: 3) { $0.minibatchSize = 16 }
        let critic = try #require(toy.models.critic)
        let head = try #require(critic.parameters["v_head.summary.weight"])
        // Values around 1e18 have squares that are finite still; the norm of their slopes is not.
        critic.parameters.assign((0..<16).map { $0 == 0 ? 1e18 : 0 }, to: head)
        let before = toy.bits
        #expect(toy.run(RunRecord()) == .diverged(step: 1, metric: "grad_norm"))
        // The policy had made its step when the critic could not.
        #expect(toy.bits == before)
    }

    @Test("approximate KL far above the target ends an update's epochs early")
    func targetKL() throws {
        func steps(_ target: Float?) -> Double? {
            var toy = ToyPPO(updates: 1, learningRate: 0.05) {
                $0.epochsPerRollout = 20
                $0.targetKL = target
            }
            toy.trainer.options.maxGradientNorm = nil
            let record = RunRecord()
            _ = toy.run(record, keepingCheckpoints: true)
            return record.checkpoints.last?[number: "policy.optimizer_steps"]
        }
        #expect(steps(nil) == 40)
        #expect(try #require(steps(0.01)) < 20)
        #expect(steps(1e6) == 40)
    }

    @Test("a missing end costs the score what it is set to cost")
    func missingEnd() throws {
        func score(_ penalty: MissingEndPenalty?) throws -> (Double, Double) {
            let record = RunRecord()
            _ = ToyPPO(updates: 1) { $0.missingEndPenalty = penalty }.run(record)
            let row = try #require(record.rows.first)
            return (try #require(row["objective/scores"]), try #require(row["val/eos_rate"]))
        }
        let (plain, ended) = try score(nil)
        #expect(ended > 0 && ended < 1)
        let (penalized, _) = try score(.subtracting(2))
        #expect(abs(penalized - (plain - 2 * (1 - ended))) < 1e-6)
    }

    @Test("figures of an update fit together, and are all in the catalogue")
    func metrics() throws {
        let record = RunRecord()
        _ = ToyPPO(updates: 4).run(record)
        #expect(record.starts == [[0, 4]])
        for row in record.rows {
            func value(_ key: String) throws -> Double { try #require(row[key]) }
            for entry in row.entries {
                #expect(Metric.named(entry.key) != nil, "\(entry.key)")
                #expect(entry.value.isFinite, "\(entry.key)")
            }
            let reward = try value("objective/scores") + value("objective/non_score_reward")
            #expect(abs(try value("objective/rlhf_reward") - reward) < 1e-9)
            let penalty = try -value("objective/kl_coefficient") * value("objective/kl")
            #expect(abs(try value("objective/non_score_reward") - penalty) < 1e-6)
            #expect(try value("objective/kl_k3") >= 0)
            #expect(try value("episode") == Double(16 * row.step))
            #expect(try value("objective/gold") == 0.5)
        }
        #expect(record.rows.map { $0["eval/perplexity"] != nil } == [true, true, false, true])
        #expect(record.samples.count == 2 && (3...8).contains(record.samples[0].count))
        #expect(try #require(record.rows[3]["eval/perplexity"]) > 1)
    }

    @Test("frozen layers keep every bit in policy and critic")
    func frozen() {
        var toy = ToyPPO(updates: 2)
        toy.trainer.options.frozenLayers = 1
        let before = toy.bits
        #expect(toy.run(RunRecord()) == .finished)
        let first = toy.models.policy.firstTrainable(frozenLayers: 1)
        for (after, before) in zip(toy.bits, before) {
            #expect(after[..<first] == before[..<first])
            #expect(after[first...] != before[first...])
        }
    }

    @Test("sharing the frozen layers changes no bit of a run", arguments: [1, 2])
    func sharedTrunk(frozenLayers: Int) throws {
        func run(isShared: Bool) throws -> (RunRecord, [[UInt32]]) {
            var toy = ToyPPO(updates: 2)
            toy.trainer.options.frozenLayers = frozenLayers
            let critic = LanguageModel(copying: toy.models.policy, heads: [.value])
            toy.models.critic = critic
            if !isShared {
                // The position of a token that no rollout has: another model that computes the same.
                for model in [toy.models.reference, critic] {
                    let table = try #require(model.parameters["transformer.wpe.weight"])
                    var values = model.parameters[table].array
                    values[values.count - 1] += 1
                    model.parameters.assign(values, to: table)
                }
            }
            let trunks = PolicyTrunks(toy.models, layers: frozenLayers)
            #expect(trunks.sharesReference == isShared && trunks.sharesCritic == isShared)
            let record = RunRecord()
            #expect(toy.run(record) == .finished)
            let first = toy.models.policy.firstTrainable(frozenLayers: frozenLayers)
            return (record, toy.bits.map { Array($0[first...]) })
        }
        let (shared, own) = (try run(isShared: true), try run(isShared: false))
        #expect(sameBits(shared.0.rows, own.0.rows))
        #expect(shared.1 == own.1)
    }

    @Test("with frozen layers a resumed run, on more threads, has the bits of one that was not")
    func frozenResume() throws {
        func toy(threads: Int) -> ToyPPO {
            var toy = ToyPPO(updates: 4, threads: threads)
            toy.trainer.options.frozenLayers = 1
            return toy
        }
        let whole = toy(threads: 1)
        let record = RunRecord()
        #expect(whole.run(record, keepingCheckpoints: true) == .finished)
        let resumed = toy(threads: 2)
        let second = RunRecord()
        #expect(resumed.run(second, resume: record.checkpoints[1]) == .finished)
        #expect(resumed.bits == whole.bits)
        #expect(sameBits(second.rows, Array(record.rows[2...])))
    }

    @Test("a policy that is not the reference at the start is fine, and has a KL")
    func otherReference() throws {
        var toy = ToyPPO(updates: 1)
        toy.models.reference = .toy(seed: 7)
        let record = RunRecord()
        #expect(toy.run(record) == .finished)
        #expect(try #require(record.rows[0]["objective/kl"]) > 0.01)
    }

    @Test("scores in units of their deviation: their size no longer matters, and resuming keeps it")
    func scoreScaling() throws {
        func toy(_ factor: Float, _ rule: ScoreScaling.Rule) -> ToyPPO {
            var toy = ToyPPO(updates: 6) {
                $0.scoreScaling = ScoreScaling(rule: rule)
                $0.klController = KLController(coefficient: 0)
            }
            toy.models.score = { $0.map { factor * ToyPPO.share($0.completion) } }
            return toy
        }
        func last(_ factor: Float, _ rule: ScoreScaling.Rule) throws -> Double {
            let record = RunRecord()
            #expect(toy(factor, rule).run(record) == .finished)
            return try #require(record.rows.last?["loss/value_avg"])
        }
        for rule in [ScoreScaling.Rule.reference, .running] {
            // A power of two: the very same numbers come out of the division.
            #expect(try last(64, rule) == last(1, rule))
            let record = RunRecord()
            let first = toy(8, rule)
            _ = first.run(record, stopAfter: 3, keepingCheckpoints: true)
            let rest = toy(8, rule)
            let checkpoint = try #require(record.checkpoints.last)
            _ = rest.run(RunRecord(), resume: checkpoint)
            let whole = toy(8, rule)
            _ = whole.run(RunRecord())
            #expect(rest.bits == whole.bits)
        }
        #expect(try last(64, .none) > 100 * last(1, .none))
    }

    @Test("whitened rewards have variance 1, cut scores are cut: both reach the critic's targets")
    func whitening() throws {
        func valueLoss(_ change: @escaping (inout PPOOptions) -> Void) throws -> Double {
            let record = RunRecord()
            var toy = ToyPPO(updates: 1, change: change)
            toy.models.score = { $0.map { $0.completion.count.isMultiple(of: 2) ? 1_000 : -1_000 } }
            _ = toy.run(record)
            return try #require(record.rows.first?["loss/value_avg"])
        }
        let plain = try valueLoss { _ in }
        #expect(try valueLoss { $0.whitensRewards = true } < 0.3 * plain)
        #expect(
            try valueLoss { $0.scoreScaling = ScoreScaling(clip: 1) } < 1e-3 * plain)
    }

    @Test("an entropy bonus keeps the distribution wider")
    func entropyBonus() throws {
        func entropy(_ coefficient: Float) throws -> Double {
            let record = RunRecord()
            _ = ToyPPO(updates: 20) { $0.entropyCoefficient = coefficient }.run(record)
            return try #require(record.rows.last?["policy/entropy_avg"])
        }
        #expect(try entropy(0.5) > entropy(0) + 0.2)
    }
}
