import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("KTO")
struct KTOTrainerTests {
    @Test("ten steps follow TRL's KTOTrainer on the same checkpoint and rows", arguments: [1, 4])
    func trl(shards: Int) throws {
        let fixture = try UnpairedReference.load()
        #expect(fixture.runs.count == 3)
        for run in fixture.runs {
            let weights = try #require(fixture.weights[run.name])
            let record = RunRecord()
            let outcome = KTOTrainer(
                options: TrainingOptions(
                    length: .steps(run.steps.count), batchSize: fixture.batchSize,
                    learningRate: fixture.learningRate, shuffles: false,
                    plan: ParallelPlan(shards: shards, threads: 2)),
                loss: UnpairedReference.loss(run.name), beta: fixture.beta,
                desirableWeight: weights[0], undesirableWeight: weights[1]
            ).train(
                try TrainingFixture.model("tiny"), reference: try TrainingFixture.model("tiny"),
                on: fixture.examples, report: record.report())
            #expect(outcome == .finished)
            #expect(record.rows.count == 10 && run.steps.count == 10)
            for (row, step) in zip(record.rows, run.steps) {
                for (key, expected) in [
                    ("loss", step.loss), ("grad_norm", step.gradientNorm),
                    ("kto/kl", step.referencePoint), ("rewards/chosen", step.goodReward),
                    ("rewards/rejected", step.badReward),
                    ("logps/chosen", step.goodLogProbability),
                    ("logps/rejected", step.badLogProbability),
                ] {
                    guard let expected else {
                        #expect(row[key] == nil, "\(run.name), step \(row.step), \(key)")
                        continue
                    }
                    let found = try #require(row[key])
                    #expect(
                        abs(found - expected) <= 1e-3 * max(1, abs(expected)),
                        "\(run.name), step \(row.step), \(key): \(found), not \(expected)")
                }
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
        _ trainer: KTOTrainer, policy: LanguageModel = .toy(), reference: LanguageModel = .toy(),
        rows: [LabelledExample] = Toy.labelled(prompts: 6), heldOut: [LabelledExample] = []
    ) -> (TrainingOutcome, RunRecord) {
        let record = RunRecord()
        let outcome = trainer.train(
            policy, reference: reference, on: rows, heldOut: heldOut, report: record.report())
        return (outcome, record)
    }

    @Test(
        "it starts at a half and tells good answers from bad ones", arguments: UnpairedLoss.allCases
    )
    func learns(loss: UnpairedLoss) throws {
        let (outcome, record) = train(KTOTrainer(options: options(60), loss: loss))
        #expect(outcome == .finished)
        let first = try #require(record.rows.first)
        #expect(abs(try #require(first["loss"]) - 0.5) < 1e-6)
        #expect(first["kto/kl"] == 0)
        let margins = record.values("rewards/margins")
        #expect(margins.first == 0)
        #expect(try #require(margins.last) > 0.3)
        #expect(record.values("rewards/accuracies").suffix(5).allSatisfy { $0 > 0.8 })
    }

    @Test("held-out answers are measured, every figure is in the catalogue")
    func metrics() {
        let (_, record) = train(
            KTOTrainer(options: options(6), evaluationInterval: 4),
            heldOut: Toy.labelled(prompts: 2))
        #expect(record.starts == [[0, 6]])
        for entry in record.rows.flatMap(\.entries) {
            #expect(Metric.named(entry.key) != nil, "\(entry.key)")
            #expect(entry.value.isFinite)
        }
        #expect(
            record.rows.map { $0["eval/accuracy"] != nil }
                == [false, false, false, true, false, true])
    }

    @Test("good answers alone are learned from as well, without a margin to report")
    func goodOnly() {
        let rows = Toy.labelled(prompts: 6).filter(\.isGood)
        let (outcome, record) = train(KTOTrainer(options: options(5)), rows: rows)
        #expect(outcome == .finished)
        #expect(record.rows.allSatisfy { $0["rewards/margins"] == nil && $0["loss"] != nil })
    }

    @Test("a row alone in its batch has the reference point 0")
    func singleRow() {
        let rows = Array(Toy.labelled(prompts: 3).prefix(7))
        let (outcome, record) = train(KTOTrainer(options: options(4)), rows: rows)
        #expect(outcome == .finished)
        #expect(record.values("kto/kl")[1] == 0 && record.values("kto/kl")[3] == 0)
        #expect(record.values("kto/kl").count == 4)
    }

    @Test("the reference point is that of each prompt with the answer before it")
    func mismatched() {
        let rows = [([1, 2], [3, 0]), ([4], [5, 6, 0]), ([7, 8, 9], [0])].map {
            TokenizedExample(prompt: $0, completion: $1)
        }
        let found = KTORun.mismatched(rows, context: 4)
        #expect(found.map(\.prompt) == rows.map(\.prompt))
        // The third is cut where the context ends.
        #expect(found.map(\.completion) == [[0], [3, 0], [5]])
    }

    @Test("weights move the loss and the balance")
    func weights() throws {
        let (_, record) = train(
            KTOTrainer(options: options(1), desirableWeight: 2, undesirableWeight: 0))
        let loss = try #require(record.rows.first?["loss"])
        // Twice a half for every good answer among the six of the batch.
        #expect(abs((loss * 6).rounded() - loss * 6) < 1e-5 && loss <= 1)
    }

    @Test("frozen layers keep every bit, and sharing them with the reference changes none")
    func frozen() throws {
        let policy = LanguageModel.toy()
        let start = policy.parameters.flatValues
        let heldOut = Toy.labelled(prompts: 2)
        let (outcome, record) = train(
            KTOTrainer(options: options(5, frozenLayers: 1)), policy: policy, heldOut: heldOut)
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
        let (_, apart) = train(
            KTOTrainer(options: options(5, frozenLayers: 1)), reference: other, heldOut: heldOut)
        #expect(sameBits(record.rows, apart.rows))
    }

    @Test("accuracy counts pairs of a good and a bad answer, ties as half")
    func accuracy() {
        func accuracy(_ good: [Float], _ bad: [Float]) -> Double? {
            var result = UnpairedResult()
            result.answers =
                good.map { .init(isGood: true, policy: $0, reference: 0) }
                + bad.map { .init(isGood: false, policy: $0, reference: 0) }
            return result.accuracy
        }
        #expect(accuracy([1, 2], [0, 1]) == 3.5 / 4)
        #expect(accuracy([1, 1], [1, 1, 1]) == 0.5)
        #expect(accuracy([3], [1, 2, 2, 5]) == 0.75)
        #expect(accuracy([], [1]) == nil)
    }

    @Test("a loss that is no number is reported as divergence")
    func divergence() {
        let (outcome, _) = train(KTOTrainer(options: options(20, learningRate: 1e30)))
        guard case .diverged = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }
}
