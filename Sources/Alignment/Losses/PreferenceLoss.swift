// Rafael Rafailov et al., "Direct Preference Optimization", 2023 (arXiv:2305.18290), and the losses
// that later papers put in the place of its logistic one. Names and formulas as in TRL.

public import Autograd
import Glibc

/// A loss on how much likelier the policy has made the chosen answer than the rejected one.
///
///     Δ_y = log π(y | x) − log π_ref(y | x)        sums over the tokens of an answer
///     Δ = Δ_chosen − Δ_rejected                    β Δ_y is the implicit reward of y
///
/// Every case is one formula in ``perPair(chosen:rejected:lengths:beta:)``.
public enum PreferenceLoss: Sendable, Equatable {
    /// DPO, equation 7: −log σ(β Δ).
    case sigmoid
    /// Conservative DPO (Mitchell 2023): −(1 − ε) log σ(β Δ) − ε log σ(−β Δ), where a share ε of the
    /// pairs is the wrong way round.
    case smoothed(noise: Float)
    /// Robust DPO (Chowdhury et al. 2024, arXiv:2403.00409, equation 12), unbiased under that noise:
    /// [−(1 − ε) log σ(β Δ) + ε log σ(−β Δ)] / (1 − 2 ε).
    case robust(noise: Float)
    /// IPO (Azar et al. 2023, arXiv:2310.12036, equation 17): (Δ̄ − 1 / (2 β))², with Δ̄ per token
    /// as its authors compute it.
    case ipo
    /// SLiC's hinge (Zhao et al. 2023, arXiv:2305.10425): max(0, 1 − β Δ).
    case hinge
    /// Length-normalised DPO (Lambert et al. 2024, arXiv:2411.15124): −log σ(β Δ̄), Δ̄ per token.
    case lengthNormalized
    /// APO-zero (D'Oosterlinck et al. 2024, arXiv:2408.06266, equation 7):
    /// 1 − σ(β Δ_chosen) + σ(β Δ_rejected); raises the chosen answer, lowers the other.
    case apoZero
    /// APO-down (equation 8): σ(β Δ_chosen) + 1 − σ(β Δ); lowers both, the rejected one more.
    case apoDown

    /// The loss of each pair, `[pairs]`.
    ///
    /// - Parameters:
    ///   - chosen: Δ of the chosen answers, `[pairs]`.
    ///   - rejected: Δ of the rejected answers, `[pairs]`.
    ///   - lengths: Tokens of each chosen and each rejected answer that were summed.
    ///   - beta: β.
    public func perPair(
        chosen: Tensor, rejected: Tensor, lengths: (chosen: [Int], rejected: [Int]), beta: Float
    ) -> Tensor {
        switch self {
        case .sigmoid:
            return -(beta * (chosen - rejected)).logSigmoid
        case .smoothed(let noise):
            let lead = beta * (chosen - rejected)
            return (noise - 1) * lead.logSigmoid - noise * (-lead).logSigmoid
        case .robust(let noise):
            let lead = beta * (chosen - rejected)
            let loss = (noise - 1) * lead.logSigmoid + noise * (-lead).logSigmoid
            return 1 / (1 - 2 * noise) * loss
        case .ipo:
            return
                (perToken(chosen, lengths.chosen) - perToken(rejected, lengths.rejected)
                + -1 / (2 * beta)).squared
        case .hinge:
            let gap = -beta * (chosen - rejected) + 1
            return gap.maximum(Tensor(zeros: gap.shape))
        case .lengthNormalized:
            let lead = perToken(chosen, lengths.chosen) - perToken(rejected, lengths.rejected)
            return -(beta * lead).logSigmoid
        case .apoZero:
            // 1 − σ(x) = σ(−x)
            return logistic(-beta * chosen) + logistic(beta * rejected)
        case .apoDown:
            return logistic(beta * chosen) + logistic(-beta * (chosen - rejected))
        }
    }

    /// The loss while the policy is the reference: Δ = 0 for every answer.
    public func valueAtReference(beta: Double) -> Double {
        switch self {
        case .sigmoid, .smoothed, .robust, .lengthNormalized: log(2)
        case .ipo: 1 / (4 * beta * beta)
        case .hinge, .apoZero, .apoDown: 1
        }
    }
}

private func perToken(_ sums: Tensor, _ lengths: [Int]) -> Tensor {
    sums * Tensor(lengths.map { 1 / Float(max(1, $0)) })
}

/// σ(x), without overflow.
func logistic(_ x: Tensor) -> Tensor { x.logSigmoid.exponential }
