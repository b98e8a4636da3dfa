import Autograd
import Testing

@testable import Alignment
@testable import LanguageModels

@Suite("RLOO, GRPO, REINFORCE, rejection sampling and online DPO")
struct GroupTrainerTests {
    @Test("ten steps follow TRL's trainers, given the same answers and scores")
    func trl() throws {
        let fixture = try GroupReference.load()
        #expect(fixture.runs.count == 6)
        for run in fixture.runs {
            let (objective, upper) = try #require(GroupReference.objective(run.name))
            var group = GroupOptions(
                objective: objective, completionsPerPrompt: fixture.groupSize,
                klCoefficient: run.beta)
            group.epochsPerRollout = fixture.epochs
            group.upperClipRange = upper
            group.maxNewTokens = fixture.longest
            let options = TrainingOptions(
                length: .steps(fixture.completions.count), batchSize: fixture.completions[0].count,
                learningRate: fixture.learningRate, schedule: .constant,
                plan: ParallelPlan(shards: 4, threads: 2))
            var scores: [Float] = []
            let models = PolicyModels(
                policy: try TrainingFixture.model("tiny"),
                reference: try TrainingFixture.model("tiny"), score: { _ in scores },
                text: { _ in PromptedCompletion(prompt: "", completion: "") })
            let subject = try GroupRun(models, options: options, group: group, resume: nil)
            let collector = RolloutCollector(
                models: models, trunks: subject.trunks, sampling: group.sampling,
                plan: options.plan, precision: .f32, seed: 1, endOfText: 0)
            var found: [PPOStatistics] = []
            for (update, answers) in fixture.completions.enumerated() {
                scores = fixture.scores[update]
                let prompts = answers.indices.map {
                    fixture.prompts[(update * answers.count + $0) / fixture.groupSize]
                }
                let rollouts = collector.record(
                    answers.map {
                        GeneratedCompletion(
                            tokens: $0, stopReason: $0.last == 0 ? .endOfText : .length)
                    }, of: prompts)
                let advantages = objective.advantages(
                    rollouts, groupSize: fixture.groupSize, klCoefficient: run.beta)
                expectClose(advantages, run.advantages[update], within: 1e-3)
                found.append(
                    subject.optimize(
                        rollouts, advantages: advantages, update: update,
                        learningRate: fixture.learningRate))
            }
            let sums = found.flatMap(\.minibatches)
            let norms = found.flatMap(\.gradientNorms)
            #expect(sums.count == run.steps.count && run.steps.count == 10)
            for (i, step) in run.steps.enumerated() {
                for (key, value, expected) in [
                    ("loss", sums[i].policyLoss, step.loss),
                    ("gradient norm", norms[i], step.gradientNorm),
                    ("entropy", sums[i].entropy, step.entropy),
                    ("clip fraction", sums[i].clipFraction, step.clipFraction),
                ] {
                    #expect(
                        abs(value - expected) <= 1e-3 * max(1, abs(expected)),
                        "\(run.name), step \(i), \(key): \(value), not \(expected)")
                }
            }
        }
    }

    @Test("ten steps follow TRL's OnlineDPOTrainer, given the same answers and scores")
    func onlineDPO() throws {
        let fixture = try OnlineDPOReference.load()
        #expect(fixture.runs.count == 2)
        for run in fixture.runs {
            var group = GroupOptions(
                objective: .onlineDPO(loss: .sigmoid, judge: .hard), completionsPerPrompt: 2,
                klCoefficient: run.beta)
            group.maxNewTokens = fixture.longest
            let options = TrainingOptions(
                length: .steps(fixture.completions.count), batchSize: 4,
                learningRate: fixture.learningRate, schedule: .constant,
                plan: ParallelPlan(shards: 4, threads: 2))
            var scores: [Float] = []
            let models = PolicyModels(
                policy: try TrainingFixture.model("tiny"),
                reference: try TrainingFixture.model("tiny"), score: { _ in scores },
                text: { _ in PromptedCompletion(prompt: "", completion: "") })
            let subject = try GroupRun(models, options: options, group: group, resume: nil)
            let collector = RolloutCollector(
                models: models, trunks: subject.trunks, sampling: group.sampling,
                plan: options.plan, precision: .f32, seed: 1, endOfText: 0)
            for (update, step) in run.steps.enumerated() {
                // Prompt by prompt here; there, first answers before second ones.
                let order = [0, 2, 1, 3]
                scores = order.map { fixture.scores[update][$0] }
                let rollouts = collector.record(
                    order.map {
                        GeneratedCompletion(
                            tokens: fixture.completions[update][$0], stopReason: .endOfText)
                    }, of: [0, 0, 1, 1].map { fixture.prompts[2 * update + $0] })
                let statistics = subject.optimize(
                    rollouts,
                    advantages: group.objective.advantages(
                        rollouts, groupSize: 2, klCoefficient: run.beta), update: update,
                    learningRate: fixture.learningRate)
                let sums = statistics.minibatches[0]
                for (key, value, expected) in [
                    ("loss", sums.policyLoss, step.loss),
                    ("gradient norm", statistics.gradientNorms[0], step.gradientNorm),
                    ("chosen", sums.chosenReward, step.chosenReward),
                    ("rejected", sums.rejectedReward, step.rejectedReward),
                ] {
                    #expect(
                        abs(value - expected) <= 1e-3 * max(1, abs(expected)),
                        "beta \(run.beta), step \(update), \(key): \(value), not \(expected)")
                }
            }
        }
    }

    @Test("online DPO starts at ln 2 and reports its pairs")
    func pairFigures() throws {
        let record = RunRecord()
        let toy = ToyGroup(updates: 20, objective: .onlineDPO(loss: .sigmoid, judge: .hard)) {
            $0.klCoefficient = 0.1
        }
        #expect(toy.run(record) == .finished)
        let first = try #require(record.rows.first)
        #expect(abs(try #require(first["loss/policy_avg"]) - 0.6931472) < 1e-5)
        #expect(first["rewards/margins"] == 0 && first["rewards/accuracies"] == 0.5)
        #expect(try #require(record.rows.last?["rewards/margins"]) > 0)
        for entry in record.rows.flatMap(\.entries) { #expect(Metric.named(entry.key) != nil) }
    }

    @Test("rejection sampling learns the best answer of each prompt and nothing of the others")
    func rejection() {
        let scores: [Float] = [1, 3, 3, 2, 0, -1, .nan, 5]
        let best = bestOfGroups(Array(scores[..<4]), groupSize: 4)
        #expect(best == [0, 1, 0, 0])
        #expect(GroupObjective.rejection.units(best) == [[1]])
        #expect(bestOfGroups(Array(scores[4...]), groupSize: 4)[0].isNaN)
        #expect(bestOfGroups([1, 2, 4, 3], groupSize: 2) == [0, 1, 1, 0])
    }

    @Test("a judge's verdicts on two answers add up to one")
    func judges() {
        for judge in PairJudge.allCases {
            #expect(judge.preference(1, over: 1) == 0.5)
            #expect(judge.preference(2, over: 1) > 0.7)
            let both = judge.preference(2, over: 1) + judge.preference(1, over: 2)
            #expect(abs(both - 1) < 1e-6)
            #expect(judge.preference(.nan, over: 1).isNaN)
        }
        #expect(PairJudge.hard.preference(2, over: 1) == 1)
        #expect(abs(PairJudge.soft.preference(2, over: 1) - 0.7310586) < 1e-6)
    }

    @Test("minibatches of online DPO are whole pairs")
    func pairUnits() {
        let objective = GroupObjective.onlineDPO(loss: .sigmoid, judge: .hard)
        #expect(objective.units([1, 0, 0.5, 0.5]) == [[0, 1], [2, 3]])
    }

    @Test("the score rises above the reference's", arguments: ToyGroup.objectives)
    func learns(objective: GroupObjective) throws {
        let record = RunRecord()
        #expect(ToyGroup(updates: 40, objective: objective).run(record) == .finished)
        let scores = record.values("objective/scores")
        let (start, end) = (scores[..<5].reduce(0, +) / 5, scores.suffix(5).reduce(0, +) / 5)
        #expect(end > start + 0.15, "\(start) to \(end)")
        #expect(record.values("objective/kl").first == 0)
    }

    @Test("the ratio before the first step is 1, figures are in the catalogue")
    func metrics() throws {
        let record = RunRecord()
        _ = ToyGroup(updates: 4, objective: .grpo(scale: .group, normalizer: .token)).run(record)
        #expect(record.starts == [[0, 4]])
        for row in record.rows {
            for entry in row.entries {
                #expect(Metric.named(entry.key) != nil, "\(entry.key)")
                #expect(entry.value.isFinite, "\(entry.key)")
            }
            #expect(abs(try #require(row["val/ratio"]) - 1) < 1e-5)
            #expect(row["loss/value_avg"] == nil)
            #expect(row["objective/gold"] == 0.5)
            #expect(try #require(row["reward_std"]) > 0)
        }
        #expect(record.rows.map { $0["eval/perplexity"] != nil } == [true, true, false, true])
        #expect(record.samples.count == 2)
    }

    /// After one step over all rollouts: what that step saw of the policy's way so far, and the rollouts
    /// as they were sampled and under the policy after the step.
    private func step(
        _ objective: GroupObjective, epochs: Int
    ) throws -> (statistics: PPOStatistics, before: [Rollout], after: [Rollout], used: [Int]) {
        let toy = ToyGroup(updates: 1, objective: objective) { $0.epochsPerRollout = epochs }
        let (options, group) = (toy.trainer.options, toy.trainer.group)
        let run = try GroupRun(toy.models, options: options, group: group, resume: nil)
        let collector = RolloutCollector(
            models: toy.models, trunks: run.trunks, sampling: group.sampling, plan: options.plan,
            precision: .f32, seed: 1, endOfText: 0)
        let prompts = (0..<16).map {
            ToyPPO.prompts[$0 / group.completionsPerPrompt % ToyPPO.prompts.count]
        }
        let before = collector.collect(prompts: prompts, update: 0)
        let advantages = objective.advantages(
            before, groupSize: group.completionsPerPrompt, klCoefficient: group.klCoefficient)
        let statistics = run.optimize(
            before, advantages: advantages, update: 0, learningRate: 0.02)
        let after = collector.record(
            before.map {
                GeneratedCompletion(
                    tokens: $0.completionTokens,
                    stopReason: $0.endedWithEndOfText ? .endOfText : .length)
            }, of: prompts)
        return (statistics, before, after, objective.units(advantages).flatMap { $0 })
    }

    @Test(
        "approxkl is 0 before an update's first step, and a mean over tokens where nothing is clipped",
        arguments: ToyGroup.objectives)
    func approximateKL(objective: GroupObjective) throws {
        let first = try step(objective, epochs: 1)
        #expect(try #require(first.statistics.minibatches.first).approximateKL < 1e-10)
        if case .rloo = objective { return }  // Its ratio is that of whole answers.
        let counts = Set(first.before.map(\.completionTokens.count))
        #expect(counts.count > 1, "answers of one length tell nothing")
        let squares = first.used.map { place in
            zip(first.after[place].logProbabilities, first.before[place].logProbabilities).reduce(
                0.0
            ) { $0 + Double($1.0 - $1.1) * Double($1.0 - $1.1) / 2 }
        }
        let tokens = first.used.reduce(0) { $0 + first.before[$1].completionTokens.count }
        let expected = squares.reduce(0, +) / Double(tokens)
        let second = try step(objective, epochs: 2)
        #expect(second.before == first.before)
        let found = try #require(second.statistics.minibatches.last).approximateKL
        #expect(
            expected > 1e-5 && abs(found - expected) < 1e-4 * expected + 1e-8,
            "\(found), not \(expected)")
    }

    @Test("answers to a prompt differ: each has a random stream of its own")
    func distinctAnswers() throws {
        let record = RunRecord()
        _ = ToyGroup(updates: 1, objective: .rloo(standardizes: false)).run(record)
        #expect(try #require(record.rows.first?["completions/distinct"]) > 0.6)
    }

    @Test("equal scores for everybody move nothing but by the KL, and are named")
    func noSignal() {
        var toy = ToyGroup(updates: 8, objective: .grpo(scale: .group, normalizer: .token))
        toy.models.score = { $0.map { _ in 1 } }
        let before = toy.models.policy.parameters.flatValues
        let record = RunRecord()
        #expect(toy.run(record) == .finished)
        #expect(toy.models.policy.parameters.flatValues == before)
        #expect(record.warnings.map(\.cause).contains(.noSignal))
    }

    @Test(
        "a larger KL coefficient keeps the policy closer",
        arguments: ToyGroup.objectives.filter { $0 != .rejection && $0.preferenceLoss == nil })
    func klCoefficient(objective: GroupObjective) throws {
        func kl(_ coefficient: Float) -> Double {
            let record = RunRecord()
            _ = ToyGroup(updates: 25, objective: objective) { $0.klCoefficient = coefficient }
                .run(record)
            return record.values("objective/kl").suffix(3).reduce(0, +) / 3
        }
        #expect(kl(1) < 0.5 * kl(0))
    }

    @Test("scores that are no numbers are reported as divergence, parameters as they were")
    func scoresNotFinite() {
        var toy = ToyGroup(updates: 3, objective: .rloo(standardizes: false))
        toy.models.score = { $0.map { _ in .nan } }
        let before = toy.models.policy.parameters.flatValues
        guard case .diverged(step: 1, _) = toy.run(RunRecord()) else {
            Issue.record("not reported")
            return
        }
        #expect(toy.models.policy.parameters.flatValues == before)
    }
}
