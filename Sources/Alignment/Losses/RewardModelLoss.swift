public import Autograd

/// The Bradley-Terry loss of a reward model (Bradley and Terry 1952; Stiennon et al. 2020,
/// arXiv:2009.01325, equation 1), with an optional margin (Llama 2, arXiv:2307.09288), an optional
/// probability p that the pair is the right way round, and an optional term that keeps scores near 0
/// (Eisenstein et al. 2023, arXiv:2312.09244).
///
///     d = r_chosen − r_rejected − margin
///     loss = Σ weight · [−p log σ(d) − (1 − p) log σ(−d) + c · (r_chosen + r_rejected)²]
///
/// It is least where σ(d) = p, so a pair that people were unsure of does not drive its scores apart.
///
/// - Parameters:
///   - chosen: Scores of the preferred completions, `[pairs]`.
///   - rejected: Scores of the other completions, `[pairs]`.
///   - margins: By how much each chosen score should lead, `[pairs]`; 0 for none.
///   - weights: What each pair counts, for a mean 1 / (pairs of the whole batch).
///   - confidences: p, `[pairs]`; empty where all are 1.
///   - centeringCoefficient: c, 0 for none; 0.01 is usual.
/// - Returns: A scalar.
public func bradleyTerryLoss(
    chosen: Tensor, rejected: Tensor, margins: [Float], weights: [Float],
    confidences: [Float] = [], centeringCoefficient: Float = 0
) -> Tensor {
    let lead = chosen - rejected - Tensor(margins)
    let preference: Tensor
    if confidences.allSatisfy({ $0 == 1 }) {
        preference = (-lead.logSigmoid).sum(weights: weights)
    } else {
        preference =
            (-lead.logSigmoid).sum(weights: zip(weights, confidences).map { $0 * $1 })
            + (-(-lead).logSigmoid).sum(weights: zip(weights, confidences).map { $0 * (1 - $1) })
    }
    if centeringCoefficient == 0 { return preference }
    let centering = (chosen + rejected).squared.sum(weights: weights)
    return preference + centeringCoefficient * centering
}
