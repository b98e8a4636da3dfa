public import Autograd
public import LanguageModels

/// What a model makes of whole sequences: the last token's residual stream behind the last layer,
/// brought to mean 0 and deviation 1, `[sequences][width]`.
///
/// A reward model's scalar head reads the same place (with a gain and an offset of its own).
public func sequenceFeatures(
    of model: LanguageModel, on sequences: [[Int]], plan: ParallelPlan
) -> [[Float]] {
    let layers = model.configuration.layerCount
    return plan.mapRows(of: sequences) { part in
        let batch = PackedSequences(part.map { sequences[$0] })
        let stream = model.trunk(of: batch, layers: layers).values
        let (values, width) = (stream.array, stream.columns)
        return batch.lastRows.map { row in
            let hidden = values[(row * width)..<((row + 1) * width)]
            let mean = hidden.reduce(0, +) / Float(width)
            let variance = hidden.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(width)
            return hidden.map { ($0 - mean) / (variance + 1e-5).squareRoot() }
        }
    }
}
