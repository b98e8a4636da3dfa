import Autograd
import LanguageModels
import Testing

@testable import Alignment

/// A GPT-2 of odd sizes and its reward model: forward, backward and fifty steps of training.
@Suite("Whole models against PyTorch")
struct WholeModelTests {
    // PyTorch's own float32 strays 3e-6 in these runs.
    private let tolerance = 1e-4

    @Test(
        "every logit of sequences of uneven lengths",
        arguments: ["row 0", "row 2", "row 3", "row 4"])
    func everyLogit(name: String) throws {
        let fixture = try WholeModelFixture.load()
        let model = fixture.languageModel()
        let row = try #require(Int(name.dropFirst(4)))
        // In company, packed, as training has it.
        let batch = PackedSequences(fixture.examples.map { $0.prompt + $0.completion })
        let hidden = rows(
            of: model.hidden(batch),
            at: (0..<batch.lengths[row]).map { batch.starts[row] + $0 })
        let found = logits(hidden, table: model.tokenTable())
        let expected = try WholeModelFixture.tensors("logits.safetensors").tensor(name)
        #expect(found.shape == Shape(expected.shape))
        expectClose(found.array, expected.values, within: 1e-5)
    }

    @Test("scores of a reward model")
    func scores() throws {
        let fixture = try WholeModelFixture.load()
        let found = fixture.rewardModel().scores(
            of: PackedSequences(fixture.pairs.map(\.chosen)))
        expectClose(found.array, fixture.reward.chosenScores, within: 1e-5)
    }

    @Test(
        "loss and every gradient tensor of a language model, on micro-batches",
        arguments: [1, 4, 8])
    func languageModelGradients(shards: Int) throws {
        let fixture = try WholeModelFixture.load()
        let model = fixture.languageModel()
        let batch = Array(fixture.examples.prefix(fixture.batchSize))
        let counted = batch.reduce(0) { $0 + $1.predictedCount }
        let plan = ParallelPlan(shards: shards, threads: 2)
        let gradients = ShardedGradients([model.parameters], plan: plan)
        let loss = gradients.accumulate { shard, weights -> (loss: Tensor?, result: Double) in
            let part = Array(batch[plan.range(of: shard, in: batch.count)])
            let loss = model.crossEntropy(
                of: PackedCompletions(part), tokenWeight: 1 / Float(counted), weights: weights[0]
            ).loss
            return (loss, Double(loss.scalar))
        }.reduce(0, +)
        #expect(abs(loss / Double(fixture.supervised.loss) - 1) < 1e-5)
        try expectGradients(gradients.total(), "gradients.safetensors")
    }

    @Test(
        "loss and every gradient tensor of a reward model, on micro-batches", arguments: [1, 4, 8])
    func rewardModelGradients(shards: Int) throws {
        let fixture = try WholeModelFixture.load()
        let model = fixture.rewardModel()
        let batch = Array(fixture.pairs.prefix(fixture.batchSize))
        let total = batch.reduce(0) { $0 + $1.weight }
        let plan = ParallelPlan(shards: shards, threads: 2)
        let gradients = ShardedGradients([model.parameters], plan: plan)
        let loss = gradients.accumulate { shard, weights -> (loss: Tensor?, result: Double) in
            let part = batch[plan.range(of: shard, in: batch.count)]
            let all = model.scores(
                of: PackedSequences(part.map(\.chosen) + part.map(\.rejected)),
                weights: weights[0])
            let loss = bradleyTerryLoss(
                chosen: all.elements(at: Array(0..<part.count)),
                rejected: all.elements(at: Array(part.count..<(2 * part.count))),
                margins: part.map(\.margin), weights: part.map { $0.weight / total },
                centeringCoefficient: fixture.reward.centeringCoefficient)
            return (loss, Double(loss.scalar))
        }.reduce(0, +)
        #expect(abs(loss / Double(fixture.reward.loss) - 1) < 1e-5)
        try expectGradients(gradients.total(), "reward-gradients.safetensors")
    }

    @Test(
        "fifty supervised steps: AdamW, clipping, warm-up and schedule, accumulation",
        arguments: ["cosine", "linear"])
    func supervisedTraining(schedule: String) throws {
        let fixture = try WholeModelFixture.load()
        let run = try #require(fixture.supervised.runs.first { $0.schedule == schedule })
        let model = fixture.languageModel()
        let record = RunRecord()
        let outcome = SupervisedTrainer(options: try fixture.options(of: run)).train(
            model, on: fixture.examples, report: record.report())
        #expect(outcome == .finished)
        try expect(record, model, have: run)
    }

    @Test(
        "fifty reward model steps: margins, weights, centering and all of the above",
        arguments: ["cosine", "linear"])
    func rewardTraining(schedule: String) throws {
        let fixture = try WholeModelFixture.load()
        let run = try #require(fixture.reward.runs.first { $0.schedule == schedule })
        let model = fixture.rewardModel()
        let record = RunRecord()
        let outcome = RewardTrainer(
            options: try fixture.options(of: run),
            centeringCoefficient: fixture.reward.centeringCoefficient
        ).train(model, on: fixture.tokenizedPairs, report: record.report())
        #expect(outcome == .finished)
        try expect(record, model, have: run)
    }

    @Test("one micro-batch and eight lead to the same place")
    func accumulation() throws {
        let fixture = try WholeModelFixture.load()
        let run = fixture.supervised.runs[0]
        let runs = try [1, 8].map { shards -> (LanguageModel, RunRecord) in
            let model = fixture.languageModel()
            let record = RunRecord()
            let options = try fixture.options(of: run, shards: shards)
            _ = SupervisedTrainer(options: options).train(
                model, on: fixture.examples, report: record.report())
            return (model, record)
        }
        for key in ["loss", "grad_norm"] {
            for (one, eight) in zip(runs[0].1.values(key), runs[1].1.values(key)) {
                #expect(abs(eight / one - 1) < 1e-5, "\(key)")
            }
        }
        for parameter in runs[0].0.parameters.parameters where !parameter.name.hasSuffix(keysName) {
            let found = runs[1].0.parameters[parameter].array
            expectClose(found, runs[0].0.parameters[parameter].array, within: 1e-5)
        }
    }

    // MARK: - Comparing

    /// A constant added to all keys changes no attention: their biases' gradient is 0 but for rounding,
    /// and Adam makes steps of that.
    private let keysName = "attn.c_attn.bias"

    private func expectGradients(_ gradients: GradientBuffer, _ file: String) throws {
        let expected = try WholeModelFixture.tensors(file)
        let parameters = gradients.parameters.parameters
        #expect(expected.names.sorted() == parameters.map(\.name).sorted())
        for parameter in parameters {
            let values = try expected.tensor(parameter.name).values
            let largest = values.reduce(0) { max($0, abs($1)) }
            let error = zip(gradients[parameter].array, values).reduce(0) {
                max($0, abs($1.0 - $1.1))
            }
            #expect(error <= 1e-5 * largest, "\(parameter.name): \(error) of \(largest)")
        }
    }

    private func expect(
        _ record: RunRecord, _ model: LanguageModel, have run: WholeModelFixture.Run
    ) throws {
        #expect(record.rows.count == run.steps.count && run.steps.count == 50)
        // Clipping is at work in some steps and not in others.
        let clipped = run.steps.count { $0.gradientNorm > Double(run.maximumNorm) }
        #expect(clipped > 5 && clipped < 45)
        for (row, step) in zip(record.rows, run.steps) {
            for (key, value) in [
                ("loss", step.loss), ("grad_norm", step.gradientNorm),
                ("learning_rate", step.learningRate),
            ] {
                let found = try #require(row[key])
                let isClose = abs(found - value) <= tolerance * abs(value)
                #expect(isClose, "step \(row.step), \(key): \(found), not \(value)")
            }
        }
        #expect(run.parameters.map(\.name) == model.parameters.parameters.map(\.name))
        for (parameter, kept) in zip(model.parameters.parameters, run.parameters) {
            let found = model.parameters[parameter].array
            let keys =
                parameter.name.hasSuffix(keysName) ? found.count / 3..<found.count * 2 / 3 : 0..<0
            if keys.isEmpty {
                let norm = found.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
                #expect(abs(norm / kept.norm - 1) <= tolerance, "\(kept.name)")
            }
            for (place, value) in zip(kept.places, kept.values) where !keys.contains(place) {
                let error = abs(Double(found[place]) - Double(value)) / kept.largest
                #expect(error <= tolerance, "\(kept.name)[\(place)]: \(error)")
            }
        }
    }
}
