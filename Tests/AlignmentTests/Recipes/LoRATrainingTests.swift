import Autograd
import Foundation
import LanguageModels
import Testing

@testable import Alignment

@Suite("Training adapters")
struct LoRATrainingTests {
    /// PEFT's run: `Fixtures/lora`, written by `References/peft_lora.py`.
    private struct Reference: Decodable {
        struct Step: Decodable { let loss, gradientNorm: Double }
        struct Matrix: Decodable {
            let norm: Double
            let first: [Float]
        }
        struct Language: Decodable {
            let loss: Double
            let steps: [Step]
            let after: [String: Matrix]
        }
        let batchSize: Int
        let learningRate, maximumNorm: Float
        let language: Language

        static let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/lora").path

        static func load() throws -> Reference {
            try JSONDecoder().decode(
                Reference.self, from: Data(contentsOf: URL(filePath: folder + "/expected.json")))
        }
    }

    private func peft() throws -> LanguageModel {
        try AdapterFolder(path: Reference.folder + "/language")
            .model(over: TrainingFixture.model("tiny"), namedAs: nil)
    }

    /// PEFT stores A as [r, inputs] and B as [outputs, r].
    private func turned(_ tensor: Tensor) -> [Float] {
        let values = tensor.array
        return (0..<tensor.columns).flatMap { column in
            (0..<tensor.rows).map { values[$0 * tensor.columns + column] }
        }
    }

    @Test("gradients of A and B are PEFT's")
    func gradients() throws {
        let model = try peft()
        let reference = try Reference.load()
        let file = try SafetensorsFile(path: Reference.folder + "/gradients.safetensors")
        let batch = PackedCompletions(
            Array(try TrainingFixture.examples().prefix(reference.batchSize)))
        let gradients = ShardedGradients(
            [model.parameters], plan: ParallelPlan(shards: 1, threads: 1))
        let losses = gradients.accumulate { _, weights -> (Tensor?, Float) in
            let loss = model.crossEntropy(
                of: batch, tokenWeight: 1 / Float(batch.targets.count), weights: weights[0]
            ).loss
            return (loss, loss.scalar)
        }
        #expect(abs(Double(losses[0]) - reference.language.loss) < 1e-5)
        #expect(file.names.count == model.parameters.own.count)
        for parameter in model.parameters.own {
            let expected = try file.tensor("base_model.model." + parameter.name).values
            let found = turned(gradients.total()[parameter])
            let largest = expected.reduce(1) { max($0, abs($1)) }
            for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-5 * largest) }
        }
    }

    @Test("ten steps follow PEFT's on the same adapter and data", arguments: [1, 4])
    func steps(shards: Int) throws {
        let reference = try Reference.load()
        let base = try TrainingFixture.model("tiny")
        let before = base.parameters.flatValues
        let model = try AdapterFolder(path: Reference.folder + "/language")
            .model(over: base, namedAs: nil)
        let record = RunRecord()
        let options = TrainingOptions(
            length: .steps(reference.language.steps.count), batchSize: reference.batchSize,
            learningRate: reference.learningRate, shuffles: false,
            plan: ParallelPlan(shards: shards, threads: 2))
        let outcome = SupervisedTrainer(options: options).train(
            model, on: try TrainingFixture.examples(), report: record.report())
        #expect(outcome == .finished)
        for (row, step) in zip(record.rows, reference.language.steps) {
            #expect(abs(row["loss"]! - step.loss) < 1e-4)
            #expect(abs(row["grad_norm"]! - step.gradientNorm) < 1e-3 * step.gradientNorm)
        }
        for parameter in model.parameters.own {
            let expected = try #require(
                reference.language.after["base_model.model." + parameter.name])
            let values = turned(model.parameters[parameter])
            let norm = values.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            #expect(abs(norm - expected.norm) < 1e-3 * expected.norm)
            for (a, b) in zip(values, expected.first) { #expect(abs(a - b) < 1e-3) }
        }
        #expect(base.parameters.flatValues == before, "the base stays as it is")
    }

    // MARK: - A toy

    private func adapter(
        dropout: Double = 0, layers: [Int]? = nil, heads: [ScalarHead] = [],
        over base: LanguageModel = .toy()
    ) -> LanguageModel {
        let model = LanguageModel(
            adapting: base, with: LoRAConfiguration(rank: 3, dropout: dropout, layers: layers),
            heads: heads, seed: 4)
        if heads.contains(.score) { model.initializeScoreHead(seed: 4) }
        return model
    }

    private func options(
        _ steps: Int, threads: Int = 1, frozenLayers: Int = 0, precision: Precision = .f32
    ) -> TrainingOptions {
        TrainingOptions(
            length: .steps(steps), batchSize: 6, learningRate: 0.02, schedule: .constant,
            frozenLayers: frozenLayers, plan: Toy.plan(threads: threads), precision: precision)
    }

    @Test(
        "a run that is stopped and resumed ends with the same bits, dropout included",
        arguments: [0, 0.3], [1, 3])
    func resumes(dropout: Double, threads: Int) throws {
        let examples = Toy.examples(30)
        func train(
            _ model: LanguageModel, stopAfter stop: Int? = nil, resume: TrainingCheckpoint? = nil,
            threads: Int
        ) -> RunRecord {
            let record = RunRecord()
            _ = SupervisedTrainer(options: options(8, threads: threads)).train(
                model, on: examples, resume: resume, report: record.report(stopAfter: stop))
            return record
        }
        let whole = adapter(dropout: dropout)
        let rows = train(whole, threads: 1).rows
        let half = train(adapter(dropout: dropout), stopAfter: 3, threads: threads)
        let checkpoint = try #require(half.checkpoints.last)
        // The base is no part of a checkpoint.
        #expect(checkpoint.tensors[0].values.count == whole.parameters.ownCount)
        #expect(checkpoint.tensors[1].values.count == whole.parameters.ownCount)
        let resumed = adapter(dropout: dropout)
        let rest = train(resumed, resume: checkpoint, threads: threads)
        #expect(resumed.parameters.flatValues == whole.parameters.flatValues)
        #expect(sameBits(half.rows + rest.rows, rows))
    }

    @Test("dropout changes training and nothing that is measured")
    func dropout() {
        let examples = Toy.examples(30)
        func losses(_ dropout: Double) -> [Double] {
            let record = RunRecord()
            _ = SupervisedTrainer(options: options(4)).train(
                adapter(dropout: dropout), on: examples, report: record.report())
            return record.values("loss")
        }
        // B is 0 before the first step, so that it makes no difference what A sees.
        #expect(losses(0)[0] == losses(0.5)[0])
        #expect(losses(0)[2] != losses(0.5)[2])
        let model = adapter(dropout: 0.5)
        _ = SupervisedTrainer(options: options(4)).train(model, on: examples) { _ in .continue }
        let plan = Toy.plan()
        #expect(
            meanLoss(of: model, on: examples, plan: plan).loss
                == meanLoss(of: model, on: examples, plan: plan).loss)
    }

    @Test("frozen layers are computed once a row, with the same bits")
    func frozenLayers() {
        let examples = Toy.examples(12)
        func train(_ model: LanguageModel, frozenLayers: Int) -> [Float] {
            _ = SupervisedTrainer(options: options(6, frozenLayers: frozenLayers)).train(
                model, on: examples
            ) { _ in .continue }
            return model.parameters.flatValues
        }
        let one = train(adapter(layers: [1]), frozenLayers: 1)
        let other = train(adapter(layers: [1]), frozenLayers: 0)
        #expect(one == other)
        #expect(one != adapter(layers: [1]).parameters.flatValues)
    }

    @Test(
        "DPO's reference is the model with the adapter off: ln 2 at first, then moved away from it")
    func preferences() {
        let base = LanguageModel.toy()
        let policy = adapter(over: base)
        let record = RunRecord()
        let outcome = DPOTrainer(options: options(12)).train(
            policy, reference: base, on: Toy.pairs(prompts: 4), report: record.report())
        #expect(outcome == .finished)
        let losses = record.values("loss")
        #expect(abs(losses[0] - 0.693147) < 1e-6)
        #expect(record.values("rewards/margins")[0] == 0)
        #expect(losses[11] < losses[0] - 0.01)
    }

    @Test("a reward model learns with an adapter, its head and its norm")
    func reward() {
        let model = adapter(heads: [.score])
        let pairs = Toy.pairs(prompts: 6)
        let record = RunRecord()
        _ = RewardTrainer(options: options(40)).train(model, on: pairs, report: record.report())
        let accuracy = PairScores(pairScores(of: model, on: pairs, plan: Toy.plan())).accuracy
        #expect(accuracy > 0.8)
        normalizeScores(of: model, on: pairs.map(\.chosen), plan: Toy.plan())
        let scores = sequenceScores(of: model, on: pairs.map(\.chosen), plan: Toy.plan())
        #expect(abs(Summary(scores).mean) < 1e-4)
    }

    @Test("PPO begins at the reference and keeps its invariants", arguments: [true, false])
    func ppo(sharesTrunk: Bool) {
        var toy = ToyPPO(updates: 6, critic: sharesTrunk ? .shared : .separate)
        let base = LanguageModel.toy()
        toy.models.policy = adapter(heads: sharesTrunk ? [.value] : [], over: base)
        toy.models.reference = base
        if !sharesTrunk {
            toy.models.critic = adapter(
                heads: [.value], over: .toy(heads: [.value], seed: 2))
        }
        let before = base.parameters.flatValues
        let record = RunRecord()
        #expect(toy.run(record) == .finished)
        #expect(record.values("objective/kl")[0] == 0)
        #expect(record.rows.count == 6)
        #expect(base.parameters.flatValues == before)
    }

    @Test("an adapter that was trained is not taken for its base")
    func sharedValues() {
        let base = LanguageModel.toy()
        let policy = adapter(over: base)
        #expect(policy.sharesValues(with: base))
        _ = SupervisedTrainer(options: options(1)).train(policy, on: Toy.examples(6)) { _ in
            .continue
        }
        #expect(!policy.sharesValues(with: base))
        #expect(!base.sharesValues(with: policy))
        #expect(LanguageModel(copying: policy).sharesValues(with: policy))
        #expect(LanguageModel(copying: policy, heads: [.value]).sharesValues(with: policy))
    }
}
