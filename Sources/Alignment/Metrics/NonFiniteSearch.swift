import Autograd
import LanguageModels

/// Finds the tensor in which a number first stopped being finite.
///
/// In the order in which a step computes: the parameters it started from, the outputs of the layers
/// from the bottom up, and the gradients from the top down, because that is where they come from.
enum NonFiniteSearch {
    /// The tensor's name for people; nil where all are finite, as when the loss itself overflowed.
    ///
    /// - Parameters:
    ///   - model: With the parameters that the step used.
    ///   - sequences: What it read.
    ///   - gradients: Of the step, where they were computed.
    static func firstTensor(
        in model: LanguageModel, reading sequences: [[Int]], gradients: GradientBuffer? = nil
    ) -> String? {
        let parameters = model.parameters.parameters
        if let broken = parameters.first(where: { !isFinite(model.parameters[$0]) }) {
            return broken.name
        }
        let batch = PackedSequences(sequences.filter { !$0.isEmpty })
        if !batch.tokens.isEmpty {
            for layer in 0...model.configuration.layerCount
            where !isFinite(model.trunk(of: batch, layers: layer).values) {
                return layer == 0 ? "the embeddings' output" : "the output of layer \(layer)"
            }
        }
        guard let gradients else { return nil }
        return parameters.last { !isFinite(gradients[$0]) }.map { "the gradient of \($0.name)" }
    }

    private static func isFinite(_ tensor: Tensor) -> Bool {
        tensor.array.allSatisfy(\.isFinite)
    }
}

extension HealthWarning {
    /// A number that stopped being finite, with the tensor that had it first.
    static func nonFinite(
        step: Int, metric: String, in model: LanguageModel, reading examples: [TokenizedExample],
        gradients: GradientBuffer? = nil
    ) -> HealthWarning {
        HealthWarning(
            cause: .nonFinite, step: step,
            evidence: [.init(metric: metric, value: .nan, reference: nil)],
            tensor: NonFiniteSearch.firstTensor(
                in: model, reading: examples.map(\.inputTokens), gradients: gradients))
    }
}
