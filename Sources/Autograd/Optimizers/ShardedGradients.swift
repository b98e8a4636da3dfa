/// Gradients of one batch, computed shard by shard and added in shard order.
///
/// Each shard has its own tape and buffers, so shards run on any number of threads without meeting;
/// the sum is taken element by element in shard order, so it has the same bits every time.
public final class ShardedGradients {
    private static let chunk = 1 << 15

    private let plan: ParallelPlan
    private let parameterSets: [ParameterSet]
    private let firstTrainable: [Int]
    private let buffers: [[GradientBuffer]]

    /// - Parameters:
    ///   - parameterSets: The models that are trained together.
    ///   - firstTrainable: For each of them the flat offset below which parameters are frozen.
    public init(_ parameterSets: [ParameterSet], firstTrainable: [Int]? = nil, plan: ParallelPlan) {
        self.plan = plan
        self.parameterSets = parameterSets
        self.firstTrainable = firstTrainable ?? parameterSets.map { _ in 0 }
        buffers = (0..<plan.shards).map { _ in parameterSets.map { GradientBuffer(for: $0) } }
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
        let results = plan.map(plan.shards) { shard -> Result in
            let tape = Tape()
            let weights = parameterSets.indices.map { model -> Weights in
                let buffer = buffers[shard][model]
                let first = firstTrainable[model]
                unsafe (buffer.storage.pointer + first).update(
                    repeating: 0, count: parameterSets[model].flatCount - first)
                return Weights(
                    parameterSets[model], tape: tape, gradients: buffer, firstTrainable: first)
            }
            let (loss, result) = body(shard, weights)
            if let loss, loss.node != nil { tape.backward(from: loss) }
            return result
        }
        for model in parameterSets.indices { combine(model) }
        return results
    }

    private func combine(_ model: Int) {
        forEachChunk(of: model) { start, length in
            let total = unsafe buffers[0][model].storage.pointer + start
            for shard in 1..<max(1, plan.shards) {
                unsafe addProduct(total, 1, buffers[shard][model].storage.pointer + start, length)
            }
        }
    }

    /// The Euclidean norm over the summed gradients of these models.
    public func globalNorm(of models: [Int] = [0]) -> Float {
        var total = 0.0
        for model in models {
            let chunks = chunkCount(of: model)
            total += plan.map(chunks) { index -> Double in
                let (start, length) = bounds(of: index, model)
                return unsafe sumOfSquares(buffers[0][model].storage.pointer + start, length)
            }.reduce(0, +)
        }
        return Float(total.squareRoot())
    }

    private func chunkCount(of model: Int) -> Int {
        (parameterSets[model].flatCount - firstTrainable[model] + Self.chunk - 1) / Self.chunk
    }

    private func bounds(of index: Int, _ model: Int) -> (start: Int, length: Int) {
        let start = firstTrainable[model] + index * Self.chunk
        return (start, min(Self.chunk, parameterSets[model].flatCount - start))
    }

    private func forEachChunk(of model: Int, _ body: (_ start: Int, _ length: Int) -> Void) {
        plan.forEach(chunkCount(of: model)) { index in
            let (start, length) = bounds(of: index, model)
            body(start, length)
        }
    }
}
