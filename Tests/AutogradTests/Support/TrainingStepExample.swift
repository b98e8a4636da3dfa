@testable import Autograd

/// A small network with every kind of operation, trained on shards of one batch.
final class TrainingStepExample {
    static let vocabulary = 33
    static let width = 15
    static let lengths = [3, 17, 1, 9, 5]

    let parameters: ParameterSet
    let plan: ParallelPlan
    let gradients: ShardedGradients
    let optimizer: AdamW
    private let firstTrainable: Int

    /// - Parameter frozen: Leading parameters that stay as they are.
    init(plan: ParallelPlan, frozen: Int = 0) {
        let (v, c) = (Self.vocabulary, Self.width)
        parameters = ParameterSet([
            ("tokens", [v, c]), ("positions", [17, c]), ("scale", [c]), ("shift", [c]),
            ("attention", [c, 3 * c]), ("attention.bias", [3 * c]), ("out", [c, c]),
            ("out.bias", [c]),
        ])
        for parameter in parameters.parameters {
            let values = normals(parameter.count, parameter.name, deviation: 0.3)
            parameters.assign(values, to: parameter)
        }
        firstTrainable = parameters.parameters[frozen].offset
        self.plan = plan
        gradients = ShardedGradients([parameters], firstTrainable: [firstTrainable], plan: plan)
        optimizer = AdamW(
            parameters, configuration: AdamW.Configuration(weightDecay: 0.1),
            firstTrainable: firstTrainable)
    }

    /// The loss of these sequences.
    private func loss(of sequences: Range<Int>, _ weights: Weights) -> Tensor {
        let p = parameters.parameters
        let lengths = Array(Self.lengths[sequences])
        let tokens = sequences.flatMap { s in
            (0..<Self.lengths[s]).map { ($0 * 7 + s) % Self.vocabulary }
        }
        let x = embedding(
            tokens: tokens, positions: lengths.flatMap { Array(0..<$0) }, tokenTable: weights[p[0]],
            positionTable: weights[p[1]])
        let qkv = linear(
            layerNorm(x, scale: weights[p[2]], shift: weights[p[3]]), weight: weights[p[4]],
            bias: weights[p[5]])
        let y = linear(
            causalAttention(qkv, lengths: lengths, heads: 3), weight: weights[p[6]],
            bias: weights[p[7]], residual: x)
        return crossEntropy(
            y, table: weights[p[0]], targets: tokens.map { ($0 + 1) % Self.vocabulary },
            weights: [Float](repeating: 1 / 35, count: tokens.count)
        ).loss
    }

    /// The loss of the batch; gradients are in `gradients.total()`.
    @discardableResult
    func computeGradients() -> Double {
        gradients.accumulate { shard, weights -> (loss: Tensor?, result: Double) in
            let part = plan.range(of: shard, in: Self.lengths.count)
            if part.isEmpty { return (nil, 0) }
            let value = loss(of: part, weights[0])
            return (value, Double(value.scalar))
        }.reduce(0, +)
    }

    @discardableResult
    func run() -> Double {
        let loss = computeGradients()
        optimizer.step(
            gradients: gradients.total(), learningRate: 0.01,
            gradientScale: clippingScale(norm: gradients.globalNorm(), maximum: 1), plan: plan)
        return loss
    }

    /// All summed gradients, in the parameters' order.
    var gradientValues: [[Float]] {
        parameters.parameters.map { gradients.total()[$0].array }
    }
}
