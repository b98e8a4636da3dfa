import Autograd
import LanguageModels

/// Log-probabilities of answers under the frozen reference, each computed once: when it is first asked
/// for, so that a run starts at once and a resumed one computes what it still needs.
///
/// Where the policy's frozen layers have the reference's values, both go on from one computation of
/// them.
final class ReferenceLogProbabilities {
    private let reference: LanguageModel
    private let options: TrainingOptions
    /// The policy's frozen layers where they are the reference's too.
    private let trunk: FrozenTrunk?
    private var known: [Int: Float] = [:]

    /// - Parameter trunk: The policy's frozen layers.
    init(
        _ reference: LanguageModel, policy: LanguageModel, trunk: FrozenTrunk,
        options: TrainingOptions
    ) {
        self.reference = reference
        self.options = options
        let shares =
            options.frozenLayers > 0
            && policy.sharesTrunk(with: reference, layers: options.frozenLayers)
        self.trunk = shares ? trunk : nil
    }

    /// Σ log π_ref over the completion tokens of each example.
    ///
    /// - Parameter keys: A number for each example by which it is known again, the trunk's too.
    func sums(of examples: [TokenizedExample], keys: [Int]) -> [Float] {
        let missing = keys.indices.filter { known[keys[$0]] == nil }
        let weights = Weights(reference.parameters, precision: options.precision)
        let computed = options.plan.mapRows(of: missing.map { examples[$0].inputTokens }) {
            part in
            let rows = part.map { missing[$0] }
            let batch = PackedCompletions(rows.map { examples[$0] })
            return reference.logProbabilities(
                of: batch, weights: weights,
                from: trunk?.stream(of: batch.sequences, keys: rows.map { keys[$0] })
            ).logProbabilities.sums(ofSegments: batch.counts).array
        }
        for (place, sum) in zip(missing, computed) { known[keys[place]] = sum }
        return keys.map { known[$0] ?? 0 }
    }
}
