import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("ORPO")
struct ORPOTrainerTests {
    @Test("ten steps follow TRL's ORPOTrainer on the same checkpoint and pairs", arguments: [1, 4])
    func trl(shards: Int) throws {
        let fixture = try OddsReference.load()
        #expect(fixture.runs.count == 2)
        let pairs = fixture.pairs.map {
            TokenizedPair(
                chosen: $0.chosen, rejected: $0.rejected, promptID: "", promptCount: $0.promptCount)
        }
        for run in fixture.runs {
            let record = RunRecord()
            let outcome = ORPOTrainer(
                options: TrainingOptions(
                    length: .steps(run.steps.count), batchSize: fixture.batchSize,
                    learningRate: fixture.learningRate, shuffles: false,
                    plan: ParallelPlan(shards: shards, threads: 2)), beta: run.beta
            ).train(try TrainingFixture.model("tiny"), on: pairs, report: record.report())
            #expect(outcome == .finished)
            #expect(record.rows.count == 10 && run.steps.count == 10)
            for (row, step) in zip(record.rows, run.steps) {
                for (key, expected) in [
                    ("loss", step.loss), ("grad_norm", step.gradientNorm),
                    ("nll_loss", step.supervisedLoss), ("log_odds_ratio", step.logSigmoidRatio),
                    ("log_odds_chosen", step.logOddsRatio), ("rewards/chosen", step.chosenReward),
                    ("rewards/rejected", step.rejectedReward),
                ] {
                    let found = try #require(row[key])
                    #expect(
                        abs(found - expected) <= 1e-3 * max(1, abs(expected)),
                        "beta \(run.beta), step \(row.step), \(key): \(found), not \(expected)")
                }
            }
        }
    }

    private func train(
        _ trainer: ORPOTrainer, policy: LanguageModel = .toy(), heldOut: [TokenizedPair] = []
    ) -> (TrainingOutcome, RunRecord) {
        let record = RunRecord()
        let outcome = trainer.train(
            policy, on: Toy.pairs(prompts: 6), heldOut: heldOut, report: record.report())
        return (outcome, record)
    }

    private func options(_ steps: Int, shards: Int = 4, frozenLayers: Int = 0) -> TrainingOptions {
        TrainingOptions(
            length: .steps(steps), batchSize: 6, learningRate: 0.01, schedule: .constant,
            frozenLayers: frozenLayers, plan: Toy.plan(shards: shards))
    }

    @Test("chosen answers become likelier, rejected ones less likely beside them")
    func learns() throws {
        let (outcome, record) = train(ORPOTrainer(options: options(60), beta: 1))
        #expect(outcome == .finished)
        let (first, last) = (try #require(record.rows.first), try #require(record.rows.last))
        #expect(try #require(last["nll_loss"]) < #require(first["nll_loss"]))
        #expect(try #require(last["log_odds_chosen"]) > #require(first["log_odds_chosen"]) + 0.3)
        #expect(try #require(last["rewards/accuracies"]) > 0.8)
    }

    @Test("β weighs the comparison: without it the margin grows less")
    func beta() throws {
        func margin(_ beta: Float) throws -> Double {
            let (_, record) = train(ORPOTrainer(options: options(40), beta: beta))
            return try #require(record.rows.last?["log_odds_chosen"])
        }
        #expect(try margin(2) > margin(0) + 0.2)
    }

    @Test("held-out pairs are measured, every figure is in the catalogue")
    func metrics() {
        let (_, record) = train(
            ORPOTrainer(options: options(6), evaluationInterval: 4), heldOut: Toy.pairs(prompts: 2))
        for entry in record.rows.flatMap(\.entries) {
            #expect(Metric.named(entry.key) != nil, "\(entry.key)")
            #expect(entry.value.isFinite)
        }
        #expect(
            record.rows.map { $0["eval/accuracy"] != nil }
                == [false, false, false, true, false, true])
    }

    @Test("one shard and eight lead to the same place")
    func accumulation() throws {
        let (one, eight) = (
            train(ORPOTrainer(options: options(5, shards: 1))).1.rows,
            train(ORPOTrainer(options: options(5, shards: 8))).1.rows
        )
        for (one, eight) in zip(one, eight) {
            for key in ["loss", "nll_loss", "log_odds_chosen", "grad_norm", "logps/chosen"] {
                let (found, expected) = (try #require(eight[key]), try #require(one[key]))
                #expect(abs(found - expected) < 1e-4 * max(1, abs(expected)), "\(key)")
            }
        }
    }

    @Test("frozen layers keep every bit")
    func frozen() {
        let policy = LanguageModel.toy()
        let start = policy.parameters.flatValues
        let (outcome, _) = train(
            ORPOTrainer(options: options(3, frozenLayers: 1)), policy: policy)
        #expect(outcome == .finished)
        let first = policy.firstTrainable(frozenLayers: 1)
        #expect(policy.parameters.flatValues[..<first] == start[..<first])
        #expect(policy.parameters.flatValues[first...] != start[first...])
    }

    @Test("pairs without a known prompt are read from their second token on")
    func noPrompt() {
        let batch = OddsBatch(
            [TokenizedPair(chosen: [1, 2, 3], rejected: [1, 4], promptID: "")], rows: [0])
        #expect(batch.members[0].leadCount == 0)
        #expect(batch.members[0].chosen.completion == [2, 3])
        #expect(batch.members[0].rejected.completion == [4])
    }
}
