import Autograd
import Foundation
import LanguageModels
import Testing

@testable import Alignment

@Suite("DPO")
struct DPOTrainerTests {
    @Test("ten steps follow TRL's DPOTrainer on the same checkpoint and data", arguments: [1, 4])
    func trl(shards: Int) throws {
        let fixture = try PreferenceReference.load()
        let pairs = try TrainingFixture.pairs()
        #expect(fixture.runs.count == 8)
        for run in fixture.runs {
            let (loss, isSupervised) = try #require(
                PreferenceReference.loss(run.name, noise: run.noise))
            #expect(run.promptLengths == pairs.prefix(fixture.batchSize).map(\.promptCount))
            let policy = try TrainingFixture.model("tiny")
            let options = TrainingOptions(
                length: .steps(run.steps.count), batchSize: fixture.batchSize,
                learningRate: fixture.learningRate, shuffles: false,
                plan: ParallelPlan(shards: shards, threads: 2))
            let record = RunRecord()
            let outcome = DPOTrainer(
                options: options, loss: loss, beta: fixture.beta,
                sftCoefficient: isSupervised ? fixture.sftCoefficient : 0
            ).train(
                policy, reference: try TrainingFixture.model("tiny"), on: pairs,
                report: record.report())
            #expect(outcome == .finished)
            #expect(record.rows.count == 10)
            for (row, step) in zip(record.rows, run.steps) {
                for (key, expected) in [
                    ("loss", step.loss), ("grad_norm", step.gradientNorm),
                    ("rewards/chosen", step.chosenReward),
                    ("rewards/rejected", step.rejectedReward),
                    ("logps/chosen", step.chosenLogProbability),
                    ("logps/rejected", step.rejectedLogProbability),
                ] {
                    let found = try #require(row[key])
                    #expect(
                        abs(found - expected) <= 1e-3 * max(1, abs(expected)),
                        "\(run.name), step \(row.step), \(key): \(found), not \(expected)")
                }
                // A tie counts half here, and not at all there: all are ties before the first step.
                if row.step > 1 { #expect(row["rewards/accuracies"] == step.accuracy) }
            }
        }
    }

    private func options(
        _ steps: Int, threads: Int = 1, frozenLayers: Int = 0, learningRate: Float = 0.01
    ) -> TrainingOptions {
        TrainingOptions(
            length: .steps(steps), batchSize: 6, learningRate: learningRate, schedule: .constant,
            frozenLayers: frozenLayers, plan: Toy.plan(threads: threads))
    }

    private func train(
        _ trainer: DPOTrainer, policy: LanguageModel = .toy(), reference: LanguageModel = .toy(),
        heldOut: [TokenizedPair] = []
    ) -> (TrainingOutcome, RunRecord, LanguageModel) {
        let record = RunRecord()
        let outcome = trainer.train(
            policy, reference: reference, on: Toy.pairs(prompts: 6), heldOut: heldOut,
            report: record.report())
        return (outcome, record, policy)
    }

    @Test(
        "every loss starts at its known value and separates the pairs",
        arguments: PreferenceLossTests.all)
    func learns(loss: PreferenceLoss) throws {
        let (outcome, record, _) = train(DPOTrainer(options: options(40), loss: loss))
        #expect(outcome == .finished)
        let first = try #require(record.rows.first)
        let start = loss.valueAtReference(beta: 0.1)
        #expect(abs(try #require(first["loss"]) - start) < 1e-4 * start)
        #expect(first["rewards/margins"] == 0)
        #expect(first["rewards/accuracies"] == 0.5)
        #expect(try #require(record.rows.last?["rewards/accuracies"]) > 0.95)
        #expect(try #require(record.rows.last?["rewards/margins"]) > 0.1)
    }

    @Test("held-out pairs are measured, every figure is in the catalogue")
    func metrics() throws {
        let (_, record, _) = train(
            DPOTrainer(options: options(6), sftCoefficient: 0.5, evaluationInterval: 4),
            heldOut: Toy.pairs(prompts: 2))
        #expect(record.starts == [[0, 6]])
        for row in record.rows {
            for entry in row.entries {
                #expect(Metric.named(entry.key) != nil, "\(entry.key)")
                #expect(entry.value.isFinite)
            }
        }
        #expect(
            record.rows.map { $0["eval/accuracy"] != nil }
                == [false, false, false, true, false, true])
    }

    @Test("the supervised term keeps the chosen answers likely")
    func supervisedTerm() throws {
        func chosen(_ coefficient: Float) throws -> Double {
            let (_, record, _) = train(
                DPOTrainer(options: options(40), sftCoefficient: coefficient))
            return try #require(record.rows.last?["logps/chosen"])
        }
        #expect(try chosen(1) > chosen(0) + 1)
    }

    @Test("frozen layers keep every bit, and sharing them with the reference changes none")
    func frozen() throws {
        let start = LanguageModel.toy().parameters.flatValues
        let (outcome, record, policy) = train(
            DPOTrainer(options: options(5, frozenLayers: 1)), heldOut: Toy.pairs(prompts: 2))
        #expect(outcome == .finished)
        let first = policy.firstTrainable(frozenLayers: 1)
        #expect(policy.parameters.flatValues[..<first] == start[..<first])
        #expect(policy.parameters.flatValues[first...] != start[first...])
        // A reference that computes the same and yet is another model to look at.
        let other = LanguageModel.toy()
        let table = try #require(other.parameters["transformer.wpe.weight"])
        var values = other.parameters[table].array
        values[values.count - 1] += 1
        other.parameters.assign(values, to: table)
        let (_, apart, twin) = train(
            DPOTrainer(options: options(5, frozenLayers: 1)), reference: other,
            heldOut: Toy.pairs(prompts: 2))
        #expect(sameBits(record.rows, apart.rows))
        #expect(twin.parameters.flatValues == policy.parameters.flatValues)
    }

    @Test("a policy that starts elsewhere than its reference is fine, and has a margin")
    func otherReference() throws {
        let (outcome, record, _) = train(
            DPOTrainer(options: options(1)), reference: .toy(seed: 9))
        #expect(outcome == .finished)
        #expect(try #require(record.rows.first?["rewards/margins"]) != 0)
    }

    @Test("weights of pairs count like pairs that come more often")
    func weights() throws {
        func loss(_ pairs: [TokenizedPair]) throws -> Double {
            let record = RunRecord()
            var options = options(2)
            options.batchSize = pairs.count
            _ = DPOTrainer(options: options).train(
                .toy(), reference: .toy(), on: pairs, report: record.report())
            return try #require(record.rows.last?["loss"])
        }
        var weighted = Array(Toy.pairs(prompts: 1).prefix(2))
        let repeated = weighted + [weighted[0], weighted[0]]
        weighted[0].weight = 3
        #expect(abs(try loss(weighted) - loss(repeated)) < 1e-5)
    }

    @Test("one shard and eight lead to the same place")
    func accumulation() throws {
        func rows(_ shards: Int) -> [MetricRow] {
            var options = options(5)
            options.plan = Toy.plan(shards: shards)
            return train(DPOTrainer(options: options, sftCoefficient: 0.3)).1.rows
        }
        for (one, eight) in zip(rows(1), rows(8)) {
            for key in ["loss", "nll_loss", "grad_norm", "rewards/margins", "logps/chosen"] {
                let (found, expected) = (try #require(eight[key]), try #require(one[key]))
                #expect(abs(found - expected) < 1e-4 * max(1, abs(expected)), "\(key)")
            }
        }
    }

    @Test("a loss that overflows is reported as divergence, not a crash")
    func divergence() {
        let (outcome, record, policy) = train(
            DPOTrainer(options: options(20, learningRate: 1e30), loss: .ipo))
        guard case .diverged(let step, _) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(step == record.rows.count + 1)
        #expect(policy.parameters.flatValues.allSatisfy { $0.isFinite })
    }
}
