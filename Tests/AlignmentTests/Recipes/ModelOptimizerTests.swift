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

    @Test("a checkpoint puts everything back, and fits only a model of its sizes")
    func checkpoint() {
        let optimizer = ModelOptimizer(.toy(), name: "m", options: options, usesTokenHead: true)
        _ = optimizer.step(gradients(optimizer, factor: 1), learningRate: 0.1, maximumNorm: nil)
        var checkpoint = TrainingCheckpoint(step: 1)
        optimizer.add(to: &checkpoint)

        let other = ModelOptimizer(.toy(seed: 5), name: "m", options: options, usesTokenHead: true)
        #expect(other.fits(checkpoint))
        other.restore(checkpoint)
        var again = TrainingCheckpoint(step: 1)
        other.add(to: &again)
        #expect(again == checkpoint)
        #expect(checkpoint[number: "m.optimizer_steps"] == 1)

        #expect(
            !ModelOptimizer(.toy(layers: 1), name: "m", options: options, usesTokenHead: true).fits(
                checkpoint))
        #expect(
            !ModelOptimizer(.toy(), name: "n", options: options, usesTokenHead: true).fits(
                checkpoint))
        var unfrozen = options
        unfrozen.frozenLayers = 0
        #expect(
            !ModelOptimizer(.toy(), name: "m", options: unfrozen, usesTokenHead: true).fits(
                checkpoint))
    }
}
