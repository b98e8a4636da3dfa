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
    private let shards: [Shard]
    /// Σ g² of each chunk of the summed gradients, one list a model.
    private var squares: [[Double]]

    /// What a shard uses again in every step. One thread at a time works on it.
    private final class Shard {
        let tape = Tape()
        let buffers: [GradientBuffer]
        let weights: [Weights]
        var hasGradients = false

        init(_ buffers: [GradientBuffer], weights: (Tape) -> [Weights]) {
            self.buffers = buffers
            self.weights = weights(tape)
        }

        /// Computes the shard's gradients; none without a loss that was recorded.
        func run<Result>(
            _ body: (_ weights: [Weights]) -> (loss: Tensor?, result: Result)
        ) -> Result {
            let (loss, result) = body(weights)
            hasGradients = loss?.node != nil
            if let loss, hasGradients {
                tape.backward(from: loss)
                for each in weights { each.clearUntouchedGradients() }
            }
            tape.reset()
            for each in weights { each.forgetWatched() }
            return result
        }
    }

    /// - Parameters:
    ///   - parameterSets: The models that are trained together.
    ///   - firstTrainable: For each of them the flat offset below which parameters are frozen.
    ///   - packed: For each of them panels of its weights, filled anew before every step.
    public init(
        _ parameterSets: [ParameterSet], firstTrainable: [Int]? = nil,
        packed: [PackedWeights?]? = nil, plan: ParallelPlan
    ) {
        let packed = packed ?? parameterSets.map { _ in nil }
        let firstTrainable = firstTrainable ?? parameterSets.map(\.firstOwn)
        self.plan = plan
        self.packed = packed
        self.parameterSets = parameterSets
        self.firstTrainable = firstTrainable
        shards = (0..<plan.shards).map { shard in
            let buffers = zip(parameterSets, firstTrainable).map {
                GradientBuffer(for: $0, from: $1)
            }
            return Shard(buffers) { tape in
                parameterSets.indices.map { model in
                    Weights(
                        parameterSets[model], tape: tape, gradients: buffers[model],
                        firstTrainable: firstTrainable[model], packed: packed[model], shard: shard)
                }
            }
        }
        squares = []
        squares = parameterSets.indices.map { [Double](repeating: 0, count: chunkCount(of: $0)) }
    }

    /// The summed gradients of one of the models, valid after ``accumulate(_:)``.
    public func total(_ index: Int = 0) -> GradientBuffer { shards[0].buffers[index] }

    /// Runs `body` for every shard and sums the gradients of the losses it returns.
    ///
    /// - Parameter body: Gets the shard's number and the weights of each model, recorded on the
    ///   shard's tape; returns the shard's part of the loss (nil when the shard is empty) and
    ///   anything else to be collected, but for tensors on the tape, which is used again.
    /// - Returns: What the shards returned, in shard order.
    public func accumulate<Result>(
        _ body: (_ shard: Int, _ weights: [Weights]) -> (loss: Tensor?, result: Result)
    ) -> [Result] {
        for panels in packed { panels?.refresh(plan) }
        let results = plan.map(shards.count) { shard in shards[shard].run { body(shard, $0) } }
        for model in parameterSets.indices { combine(model) }
        return results
    }

    /// Sums the gradients of the losses of all shards. Once a step of the shape was made, nothing here
    /// asks for memory; ``accumulate(_:)`` does for the list of results.
    ///
    /// - Parameter loss: Gets the shard's number and the weights of each model, recorded on the
    ///   shard's tape; returns the shard's part of the loss, nil when the shard is empty.
    public func accumulate(
        losses loss: @escaping (_ shard: Int, _ weights: [Weights]) -> Tensor?
    ) {
        for panels in packed { panels?.refresh(plan) }
        plan.run(shards.count, ShardRuns(shards: shards, loss: loss))
        for model in parameterSets.indices { combine(model) }
    }

    private struct ShardRuns: SharedWork {
        let shards: [Shard]
        let loss: (_ shard: Int, _ weights: [Weights]) -> Tensor?

        func run(_ shard: Int) { shards[shard].run { (loss(shard, $0), ()) } }
    }

    /// Sums the shards' gradients in shard order, and their squares while they are in the cache.
    private func combine(_ model: Int) {
        plan.fill(&squares[model], with: Summation(gradients: self, model: model))
    }

    /// The sum over the shards, a chunk a piece, whose value is its Σ g².
    private struct Summation: SharedMap {
        let gradients: ShardedGradients
        let model: Int

        func value(_ chunk: Int) -> Double {
            let shards = gradients.shards
            let (start, length) = gradients.bounds(of: chunk, model)
            let sum = unsafe gradients.total(model).pointer(at: start)
            unsafe addUp(shards.count, into: sum, length) { shard in
                unsafe shards[shard].hasGradients
                    ? shards[shard].buffers[model].pointer(at: start) : nil
            }
            return unsafe sumOfSquares(sum, length)
        }
    }

    /// The Euclidean norm over the summed gradients of one of the models.
    public func globalNorm(of model: Int = 0) -> Float {
        Float(squareSum(of: model).squareRoot())
    }

    /// The Euclidean norm over the summed gradients of several models.
    public func globalNorm(of models: [Int]) -> Float {
        Float(models.reduce(0.0) { $0 + squareSum(of: $1) }.squareRoot())
    }

    private func squareSum(of model: Int) -> Double { squares[model].reduce(0, +) }

    private func chunkCount(of model: Int) -> Int {
        (parameterSets[model].flatCount - firstTrainable[model] + Self.chunk - 1) / Self.chunk
    }

    private func bounds(of index: Int, _ model: Int) -> (start: Int, length: Int) {
        let start = firstTrainable[model] + index * Self.chunk
        return (start, min(Self.chunk, parameterSets[model].flatCount - start))
    }
}
