// Jiwoo Hong et al., "ORPO: Monolithic Preference Optimization without Reference Model", 2024
// (arXiv:2403.07691).

public import Autograd

/// How much likelier, by the odds, a model finds the chosen answer of a pair than the rejected one.
public struct OddsRatio {
    /// log odds(chosen) − log odds(rejected), `[pairs]`.
    public let logRatio: Tensor
    /// The loss of each pair, `[pairs]`.
    public let loss: Tensor

    /// The odds-ratio term of ORPO, equation 7.
    ///
    ///     p_y = exp(mean over the tokens of y of log π)       odds(y) = p_y / (1 − p_y)
    ///     loss = −log σ(log odds(chosen) − log odds(rejected))
    ///
    /// Means above −1e-6 count as that, so that the odds of a certain answer stay finite.
    ///
    /// - Parameters:
    ///   - chosen: Mean log π over the tokens of the chosen answers, `[pairs]`.
    ///   - rejected: The same of the rejected answers, `[pairs]`.
    public init(chosen: Tensor, rejected: Tensor) {
        func odds(_ means: Tensor) -> Tensor {
            means.minimum(Tensor([Float](repeating: -1e-6, count: means.count))).logOdds
        }
        logRatio = odds(chosen) - odds(rejected)
        loss = -logRatio.logSigmoid
    }
}
