import Foundation
import Testing

@testable import Autograd

@Suite("AdamW")
struct AdamWTests {
    private let plan = ParallelPlan(shards: 2, threads: 1)

    /// Puts these values into the summed gradients: the slope of Σ g · w is g.
    private func set(
        _ gradients: ShardedGradients, _ parameters: ParameterSet, to values: [[Float]]
    ) {
        _ = gradients.accumulate { shard, weights -> (loss: Tensor?, result: Void) in
            if shard > 0 { return (nil, ()) }
            var loss = Tensor([0], shape: [])
            for (parameter, gradient) in zip(parameters.parameters, values) {
                loss = loss + weights[0][parameter].sum(weights: gradient)
            }
            return (loss, ())
        }
    }

    /// Kingma and Ba 2015 (arXiv:1412.6980), the order of computation at the end of section 2.
    @Test("TensorFlow's form has ε beside the uncorrected root, so that first steps are smaller")
    func tensorflow() throws {
        let (rate, beta1, beta2, epsilon) = (0.1, 0.9, 0.999, 1e-3)
        func run(_ form: AdamW.Form) throws -> [Float] {
            let parameters = ParameterSet([("w", [1])])
            let parameter = try #require(parameters["w"])
            let optimizer = AdamW(
                parameters,
                configuration: AdamW.Configuration(
                    beta1: beta1, beta2: beta2, epsilon: Float(epsilon), form: form))
            let gradients = ShardedGradients([parameters], plan: plan)
            return Self.slopes.map { slope in
                set(gradients, parameters, to: [[Float(slope)]])
                optimizer.step(
                    gradients: gradients.total(), learningRate: Float(rate), plan: plan)
                return parameters[parameter].array[0]
            }
        }
        var (value, first, second) = (0.0, 0.0, 0.0)
        let found = try run(.tensorflow)
        for (index, slope) in Self.slopes.enumerated() {
            first = beta1 * first + (1 - beta1) * slope
            second = beta2 * second + (1 - beta2) * slope * slope
            let t = Double(index + 1)
            let step = rate * (1 - pow(beta2, t)).squareRoot() / (1 - pow(beta1, t))
            value -= step * first / (second.squareRoot() + epsilon)
            #expect(abs(Double(found[index]) - value) < 1e-6)
        }
        #expect(try abs(found[0]) < 0.6 * abs(run(.pytorch)[0]))
    }

    private static let slopes = [0.02, -0.01, 0.03, 0.005]

    @Test(
        "twelve steps agree with PyTorch: parameters, moments and norms",
        arguments: try OptimizerReference.load().runs)
    func agrees(_ run: OptimizerReference.Run) throws {
        let reference = try OptimizerReference.load()
        let names = reference.initial.keys.sorted()
        let parameters = ParameterSet(
            try names.map { ($0, try #require(reference.initial[$0]).shape) })
        for parameter in parameters.parameters {
            parameters.assign(
                try #require(reference.initial[parameter.name]).values, to: parameter)
        }
        let optimizer = AdamW(
            parameters,
            configuration: AdamW.Configuration(
                beta1: run.beta1, beta2: run.beta2, epsilon: run.epsilon,
                weightDecay: run.weightDecay))
        let gradients = ShardedGradients([parameters], plan: plan)
        for (index, step) in run.steps.enumerated() {
            set(
                gradients, parameters,
                to: try names.map { try #require(reference.gradients[index][$0]).values })
            let norm = gradients.globalNorm()
            #expect(abs(norm - step.norm) <= 1e-6 * max(1, step.norm))
            optimizer.step(
                gradients: gradients.total(), learningRate: step.learningRate,
                gradientScale: run.maximumNorm.map { clippingScale(norm: norm, maximum: $0) } ?? 1,
                plan: plan)
            for parameter in parameters.parameters {
                let range = parameter.offset..<(parameter.offset + parameter.count)
                let expected = try #require(step.parameters[parameter.name])
                expectClose(parameters[parameter].array, expected.values, within: 1e-6)
                let first = try #require(step.firstMoments[parameter.name])
                expectClose(Array(optimizer.state.firstMoments[range]), first.values)
                let second = try #require(step.secondMoments[parameter.name])
                expectClose(Array(optimizer.state.secondMoments[range]), second.values)
            }
        }
    }

    @Test("clipping scales as PyTorch does", arguments: try OptimizerReference.load().clipping)
    func clipping(_ reference: OptimizerReference.Clipping) {
        let parameters = ParameterSet([("a", [15]), ("b", [33])])
        let gradients = ShardedGradients([parameters], plan: plan)
        set(gradients, parameters, to: reference.gradients.map(\.values))
        let norm = gradients.globalNorm()
        #expect(abs(norm - reference.norm) <= 1e-6 * max(1, reference.norm))
        let scale = clippingScale(norm: norm, maximum: reference.maximumNorm)
        for (before, after) in zip(reference.gradients, reference.clipped) {
            expectClose(before.values.map { $0 * scale }, after.values)
        }
    }

    @Test("a run that goes on from stored moments has the bits of one that never stopped")
    func resumes() {
        func parameters() -> TrainingStepExample {
            TrainingStepExample(plan: ParallelPlan(shards: 3, threads: 1))
        }
        let whole = parameters()
        for _ in 0..<6 { whole.run() }
        let first = parameters()
        for _ in 0..<2 { first.run() }
        let second = parameters()
        second.parameters.flatValues = first.parameters.flatValues
        second.optimizer.state = first.optimizer.state
        for _ in 0..<4 { second.run() }
        #expect(second.parameters.flatValues == whole.parameters.flatValues)
        #expect(second.optimizer.state.stepCount == 6)
        #expect(second.optimizer.state.firstMoments == whole.optimizer.state.firstMoments)
        #expect(second.optimizer.state.secondMoments == whole.optimizer.state.secondMoments)
    }

    @Test("parameters below the first trainable one keep every bit, decay or not")
    func frozen() {
        let example = TrainingStepExample(plan: plan, frozen: 4)
        let before = example.parameters.parameters.map { example.parameters[$0].array }
        for _ in 0..<3 { example.run() }
        let after = example.parameters.parameters.map { example.parameters[$0].array }
        #expect(after[..<4] == before[..<4])
        for i in 4..<after.count { #expect(after[i] != before[i]) }
    }

    @Test("the gaps between parameters stay 0")
    func gaps() {
        let example = TrainingStepExample(plan: plan)
        for _ in 0..<3 { example.run() }
        let values = example.parameters.flatValues
        var end = 0
        for parameter in example.parameters.parameters {
            #expect(values[end..<parameter.offset].allSatisfy { $0 == 0 })
            end = parameter.offset + parameter.count
        }
        #expect(values[end...].allSatisfy { $0 == 0 })
    }

    @Test("more parameters than a chunk move alike on any number of threads")
    func chunks() {
        let count = (1 << 15) * 2 + 17
        func run(threads: Int) -> [Float] {
            let plan = ParallelPlan(shards: 2, threads: threads)
            let parameters = ParameterSet([("w", [count])])
            let gradients = ShardedGradients([parameters], plan: plan)
            let optimizer = AdamW(parameters)
            set(gradients, parameters, to: [normals(count, "g")])
            optimizer.step(gradients: gradients.total(), learningRate: 0.5, plan: plan)
            return parameters[parameters.parameters[0]].array
        }
        let one = run(threads: 1)
        #expect(one == run(threads: 3))
        // The first step has the size of the learning rate, against the sign of the gradient.
        let expected = normals(count, "g").map { $0 > 0 ? Float(-0.5) : 0.5 }
        expectClose(one, expected, within: 1e-3)
    }

    @Test("moments of another model are refused")
    func otherModel() async {
        await #expect(processExitsWith: .failure) {
            let optimizer = AdamW(ParameterSet([("w", [20])]))
            optimizer.state = AdamW.State(
                stepCount: 1, firstMoments: [0], secondMoments: [0])
        }
    }
}
