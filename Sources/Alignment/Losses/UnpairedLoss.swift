// Kawin Ethayarajh et al., "KTO: Model Alignment as Prospect Theoretic Optimization", 2024
// (arXiv:2402.01306), and the unpaired form of APO (D'Oosterlinck et al. 2024, arXiv:2408.06266).

public import Autograd

/// A loss on single answers that were found good or bad by themselves.
///
///     Δ = log π(y | x) − log π_ref(y | x)       a sum over the tokens of the answer
///     good:  1 − σ(β (Δ − z))                   bad:  1 − σ(β (z − Δ))
///
/// z, the reference point, is how much likelier the policy has made answers in general; it has no
/// gradient.
public enum UnpairedLoss: String, CaseIterable, Sendable {
    /// KTO, equation 8: z is the KL to the reference, estimated from answers to other prompts.
    case kto
    /// APO-zero for single answers: z is 0; raises good answers, lowers bad ones.
    case apoZero = "apo-zero"

    /// Whether z has to be estimated.
    public var hasReferencePoint: Bool { self == .kto }

    /// The loss of each answer, `[answers]`; ½ while the policy is the reference.
    ///
    /// - Parameters:
    ///   - ratios: Δ, `[answers]`.
    ///   - isGood: The verdict on each.
    ///   - referencePoint: z of KTO.
    ///   - beta: β.
    public func perAnswer(
        ratios: Tensor, isGood: [Bool], referencePoint: Float, beta: Float
    ) -> Tensor {
        let z = hasReferencePoint ? referencePoint : 0
        // 1 − σ(x) = σ(−x)
        return logistic(Tensor(isGood.map { $0 ? -beta : beta }) * (ratios + -z))
    }
}

/// KTO's reference point: the mean ratio of answers paired with other prompts, and at least 0.
///
/// - Parameters:
///   - policy: Σ log π of each such answer.
///   - reference: Σ log π_ref.
func referencePoint(policy: [Float], reference: [Float]) -> Float {
    if policy.isEmpty { return 0 }
    let sum = zip(policy, reference).reduce(0.0) { $0 + Double($1.0) - Double($1.1) }
    return Float(max(0, sum / Double(policy.count)))
}
