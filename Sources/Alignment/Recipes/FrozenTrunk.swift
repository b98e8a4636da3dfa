import Autograd
import LanguageModels
import Synchronization

/// The frozen lowest layers of a model in a run: their outputs are computed once a row and kept.
///
/// What these layers give for a row depends on its tokens alone, not on the rows it is computed with,
/// so it makes no difference to a result whether a row's output was kept or is computed again.
final class FrozenTrunk {
    /// Floats that are kept at most: 512 MB. Rows beyond them are computed in every step.
    static let capacity = 1 << 27

    private let model: LanguageModel
    private let weights: Weights
    private let layers: Int
    private let capacity: Int
    private let kept = Mutex(Kept())

    private struct Kept {
        /// The residual stream by the row's key, `[tokens · width]`.
        var outputs: [Int: [Float]] = [:]
        var count = 0
    }

    /// - Parameters:
    ///   - layers: Frozen layers; with 0 the embeddings are trained too and nothing can be kept.
    ///   - capacity: Floats to keep; 0 where no row comes twice.
    init(_ model: LanguageModel, layers: Int, capacity: Int = FrozenTrunk.capacity) {
        self.model = model
        weights = Weights(model.parameters)
        self.layers = min(layers, model.configuration.layerCount)
        self.capacity = capacity
    }

    /// Floats that are kept now.
    var keptCount: Int { kept.withLock { $0.count } }

    /// The residual stream of the rows of packed sequences; nil without frozen layers.
    ///
    /// Shards may ask at the same time.
    ///
    /// - Parameter keys: A number for each sequence by which it is known again.
    func stream(of batch: PackedSequences, keys: [Int]) -> ResidualStream? {
        guard layers > 0 else { return nil }
        var outputs = kept.withLock { kept in keys.map { kept.outputs[$0] } }
        let missing = outputs.indices.filter { outputs[$0] == nil && batch.count(of: $0) > 0 }
        let width = model.configuration.width
        if !missing.isEmpty {
            let isWhole = missing.count == keys.count
            let part = isWhole ? batch : PackedSequences(missing.map { batch.sequence($0) })
            let computed = model.trunk(of: part, layers: layers, weights: weights)
            if capacity == 0 { return computed }
            let values = computed.values.array
            for (index, place) in missing.enumerated() {
                var output: [Float] = []
                output.reserveCapacity(part.count(of: index) * width)
                for row in part.rows(of: index) {
                    output += values[(row * width)..<((row + 1) * width)]
                }
                outputs[place] = output
                keep(output, key: keys[place])
            }
            if isWhole { return computed }
        }
        var values: [Float] = []
        values.reserveCapacity(batch.tokens.count * width)
        for (output, beginning) in zip(outputs, batch.beginnings) {
            values += (output ?? []).dropFirst(beginning.count * width)
        }
        return ResidualStream(
            values: Tensor(values, shape: [batch.tokens.count, width]), layers: layers)
    }

    private func keep(_ output: [Float], key: Int) {
        kept.withLock { kept in
            guard kept.outputs[key] == nil, kept.count + output.count <= capacity else { return }
            kept.outputs[key] = output
            kept.count += output.count
        }
    }

    /// Forgets all rows, so that their keys can stand for others.
    func removeAll() { kept.withLock { $0 = Kept() } }
}
