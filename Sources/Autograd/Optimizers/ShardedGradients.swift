/// Gradients of one batch, computed shard by shard and added in shard order.
///
/// Each shard has its own tape and buffers, so shards run on any number of threads without meeting;
/// the sum is taken element by element in shard order, so it has the same bits every time.
public final class ShardedGradients {
    private static let chunk = 1 << 15

    private let plan: ParallelPlan
    private let parameterSets: [ParameterSet]
    private let firstTrainable: [Int]
    private let packed: [PackedWeights?]
    private let buffers: [[GradientBuffer]]
    /// Σ g² of each chunk of the summed gradients, one list a model.
    private var squares: [[Double]]

    /// - Parameters:
    ///   - parameterSets: The models that are trained together.
    ///   - firstTrainable: For each of them the flat offset below which parameters are frozen.
    ///   - packed: For each of them panels of its weights, filled anew before every step.
    public init(
        _ parameterSets: [ParameterSet], firstTrainable: [Int]? = nil,
        packed: [PackedWeights?]? = nil, plan: ParallelPlan
    ) {
        self.plan = plan
        self.packed = packed ?? parameterSets.map { _ in nil }
        self.parameterSets = parameterSets
        let firstTrainable = firstTrainable ?? parameterSets.map(\.firstOwn)
        self.firstTrainable = firstTrainable
        buffers = (0..<plan.shards).map { _ in
            zip(parameterSets, firstTrainable).map { GradientBuffer(for: $0, from: $1) }
        }
        squares = parameterSets.map { _ in [] }
    }

    /// The summed gradients of one of the models, valid after ``accumulate(_:)``.
    public func total(_ index: Int = 0) -> GradientBuffer { buffers[0][index] }

    /// Runs `body` for every shard and sums the gradients of the losses it returns.
    ///
    /// - Parameter body: Gets the shard's number and the weights of each model, recorded on the
    ///   shard's tape; returns the shard's part of the loss (nil when the shard is empty) and
    ///   anything else to be collected.
    /// - Returns: What the shards returned, in shard order.
    public func accumulate<Result>(
        _ body: (_ shard: Int, _ weights: [Weights]) -> (loss: Tensor?, result: Result)
    ) -> [Result] {
        for panels in packed { panels?.refresh(plan) }
        let results = plan.map(plan.shards) { shard -> (result: Result, hasGradients: Bool) in
            let tape = Tape()
            let weights = parameterSets.indices.map { model in
                Weights(
                    parameterSets[model], tape: tape, gradients: buffers[shard][model],
                    firstTrainable: firstTrainable[model], packed: packed[model], shard: shard)
            }
            let (loss, result) = body(shard, weights)
            guard let loss, loss.node != nil else { return (result, false) }
            tape.backward(from: loss)
            for each in weights { each.clearUntouchedGradients() }
            return (result, true)
        }
        let shards = results.indices.filter { results[$0].hasGradients }
        for model in parameterSets.indices { combine(model, shards) }
        return results.map(\.result)
    }

    /// Sums the shards' gradients in shard order, and their squares while they are in the cache.
    private func combine(_ model: Int, _ shards: [Int]) {
        squares[model] = plan.map(chunkCount(of: model)) { index -> Double in
            let (start, length) = bounds(of: index, model)
            let total = unsafe buffers[0][model].pointer(at: start)
            let parts = unsafe shards.map { unsafe buffers[$0][model].pointer(at: start) }
            unsafe addUp(parts, into: total, length)
            return unsafe sumOfSquares(total, length)
        }
    }

    /// The Euclidean norm over the summed gradients of these models.
    public func globalNorm(of models: [Int] = [0]) -> Float {
        Float(models.reduce(0.0) { $0 + squares[$1].reduce(0, +) }.squareRoot())
    }

    private func chunkCount(of model: Int) -> Int {
        (parameterSets[model].flatCount - firstTrainable[model] + Self.chunk - 1) / Self.chunk
    }

    private func bounds(of index: Int, _ model: Int) -> (start: Int, length: Int) {
        let start = firstTrainable[model] + index * Self.chunk
        return (start, min(Self.chunk, parameterSets[model].flatCount - start))
    }
}
