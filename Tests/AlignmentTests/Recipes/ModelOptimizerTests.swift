import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("Model optimizer")
struct ModelOptimizerTests {
    private let options = TrainingOptions(
        length: .steps(1), batchSize: 1, learningRate: 0.1, frozenLayers: 1,
        plan: Toy.plan(shards: 1))

    /// Summed gradients of factor · Σ of one parameter.
    private func gradients(_ optimizer: ModelOptimizer, factor: Float) -> ShardedGradients {
        let parameters = optimizer.model.parameters
        let gradients = ShardedGradients(
            [parameters], firstTrainable: [optimizer.firstTrainable], plan: options.plan)
        let last = parameters.parameters[parameters.parameters.count - 1]
        _ = gradients.accumulate { _, weights -> (loss: Tensor?, result: Void) in
            (factor * weights[0][last].sum, ())
        }
        return gradients
    }

    @Test("the norm before clipping is returned, and the step does not depend on the factor")
    func clips() {
        func step(factor: Float) -> (Float, [Float]) {
            let optimizer = ModelOptimizer(.toy(), name: "m", options: options, usesTokenHead: true)
            let norm = optimizer.step(
                gradients(optimizer, factor: factor), learningRate: 0.1, maximumNorm: 1)
            return (norm, optimizer.model.parameters.flatValues)
        }
        let (norm, moved) = step(factor: 100)
        // Sixteen elements of 100 each.
        #expect(abs(norm - 400) < 1e-3)
        let (_, same) = step(factor: 1000)
        expectClose(same, moved, within: 1e-6)
    }

    @Test("gradients that are not finite move nothing")
    func notFinite() {
        let optimizer = ModelOptimizer(.toy(), name: "m", options: options, usesTokenHead: true)
        let before = optimizer.model.parameters.flatValues
        for factor in [Float.nan, .infinity] {
            let norm = optimizer.step(
                gradients(optimizer, factor: factor), learningRate: 0.1, maximumNorm: 1)
            #expect(!norm.isFinite)
        }
        #expect(optimizer.model.parameters.flatValues == before)
    }

    @Test("the remembered parameters come back")
    func goBack() {
        let optimizer = ModelOptimizer(.toy(), name: "m", options: options, usesTokenHead: true)
        func step() {
            _ = optimizer.step(gradients(optimizer, factor: 1), learningRate: 0.1, maximumNorm: nil)
        }
        step()
        let before = optimizer.model.parameters.flatValues
        optimizer.remember()
        step()
        #expect(optimizer.model.parameters.flatValues != before)
        optimizer.goBack()
        #expect(optimizer.model.parameters.flatValues == before)
    }

    @Test("a checkpoint puts everything back")
    func checkpoint() throws {
        let optimizer = ModelOptimizer(.toy(), name: "m", options: options, usesTokenHead: true)
        _ = optimizer.step(gradients(optimizer, factor: 1), learningRate: 0.1, maximumNorm: nil)
        var checkpoint = TrainingCheckpoint(step: 1)
        optimizer.add(to: &checkpoint)

        let other = ModelOptimizer(.toy(seed: 5), name: "m", options: options, usesTokenHead: true)
        try other.restore(nil)
        #expect(other.model.parameters.flatValues != optimizer.model.parameters.flatValues)
        try other.restore(checkpoint)
        var again = TrainingCheckpoint(step: 1)
        other.add(to: &again)
        #expect(again == checkpoint)
        #expect(checkpoint[number: "m.optimizer_steps"] == 1)
    }

    /// Somebody who tries to go on from the checkpoint of `toy()` with one layer frozen.
    private static func strangers() -> [(ModelOptimizer, expected: String, found: String)] {
        let options = ModelOptimizerTests().options
        var unfrozen = options
        unfrozen.frozenLayers = 0
        func optimizer(
            _ model: LanguageModel, name: String = "m", _ options: TrainingOptions
        ) -> ModelOptimizer {
            ModelOptimizer(model, name: name, options: options, usesTokenHead: true)
        }
        let adapted = LanguageModel(
            adapting: .toy(), with: LoRAConfiguration(rank: 2, targets: ["c_fc"]), seed: 1)
        return [
            (optimizer(.toy(layers: 1), options), "1 layer", "2 layers"),
            (optimizer(.toy(heads: [.value]), options), "a value head", "no scalar head"),
            (optimizer(.toy(), unfrozen), "no layer frozen", "1 layer frozen"),
            (
                optimizer(adapted, options),
                "LoRA of rank 2, α 4 on c_fc; base weights "
                    + String(LanguageModel.toy().parameters.fingerprint, radix: 16), "no adapter"
            ),
        ]
    }

    @Test("a checkpoint of another model is refused by what differs, and changes nothing")
    func mismatch() throws {
        let optimizer = ModelOptimizer(.toy(), name: "m", options: options, usesTokenHead: true)
        var checkpoint = TrainingCheckpoint(step: 1)
        optimizer.add(to: &checkpoint)
        for (stranger, expected, found) in Self.strangers() {
            let before = stranger.model.parameters.flatValues
            #expect(
                throws: CheckpointMismatch(part: "m", expected: expected, found: found)
            ) { try stranger.restore(checkpoint) }
            #expect(stranger.model.parameters.flatValues == before)
        }
        let other = ModelOptimizer(.toy(), name: "n", options: options, usesTokenHead: true)
        #expect(throws: CheckpointMismatch.self) { try other.restore(checkpoint) }
    }

    @Test("adapters that differ in anything are told apart, and so are their bases")
    func adapters() throws {
        func adapted(
            _ adapter: LoRAConfiguration, over base: LanguageModel = .toy()
        ) -> ModelOptimizer {
            ModelOptimizer(
                LanguageModel(adapting: base, with: adapter, seed: 1), name: "m",
                options: TrainingOptions(
                    length: .steps(1), batchSize: 1, learningRate: 0.1, plan: options.plan),
                usesTokenHead: true)
        }
        let form = LoRAConfiguration(rank: 2, alpha: 4)
        var checkpoint = TrainingCheckpoint(step: 1)
        adapted(form).add(to: &checkpoint)
        try adapted(form).restore(checkpoint)
        for other in [
            LoRAConfiguration(rank: 4, alpha: 4), LoRAConfiguration(rank: 2, alpha: 8),
            LoRAConfiguration(rank: 2, alpha: 4, dropout: 0.1),
            LoRAConfiguration(rank: 2, alpha: 4, isRankStabilized: true),
            LoRAConfiguration(rank: 2, alpha: 4, targets: ["c_attn"]),
        ] {
            #expect(throws: CheckpointMismatch.self) { try adapted(other).restore(checkpoint) }
        }
        #expect(throws: CheckpointMismatch.self) {
            try adapted(form, over: .toy(seed: 2)).restore(checkpoint)
        }
    }

    @Test("a checkpoint of an older program, which has no words, is refused by its sizes")
    func olderCheckpoint() throws {
        let optimizer = ModelOptimizer(.toy(), name: "m", options: options, usesTokenHead: true)
        var checkpoint = TrainingCheckpoint(step: 1)
        optimizer.add(to: &checkpoint)
        checkpoint.texts = []
        try optimizer.restore(checkpoint)
        for (stranger, _, _) in Self.strangers() {
            #expect(throws: CheckpointMismatch.self) { try stranger.restore(checkpoint) }
        }
    }
}
