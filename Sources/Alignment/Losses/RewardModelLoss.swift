public import Autograd

/// The Bradley-Terry loss of a reward model (Bradley and Terry 1952; Stiennon et al. 2020,
/// arXiv:2009.01325, equation 1), with an optional margin (Llama 2, arXiv:2307.09288) and an optional
/// term that keeps scores near 0 (Eisenstein et al. 2023, arXiv:2312.09244).
///
///     loss = Σ weight · [−log σ(r_chosen − r_rejected − margin) + c · (r_chosen + r_rejected)²]
///
/// - Parameters:
///   - chosen: Scores of the preferred completions, `[pairs]`.
///   - rejected: Scores of the other completions, `[pairs]`.
///   - margins: By how much each chosen score should lead, `[pairs]`; 0 for none.
///   - weights: What each pair counts, for a mean 1 / (pairs of the whole batch).
///   - centeringCoefficient: c, 0 for none; 0.01 is usual.
/// - Returns: A scalar.
public func bradleyTerryLoss(
    chosen: Tensor, rejected: Tensor, margins: [Float], weights: [Float],
    centeringCoefficient: Float = 0
) -> Tensor {
    let lead = chosen - rejected - Tensor(margins)
    let preference = (-lead.logSigmoid).sum(weights: weights)
    if centeringCoefficient == 0 { return preference }
    let centering = (chosen + rejected).squared.sum(weights: weights)
    return preference + centeringCoefficient * centering
}
