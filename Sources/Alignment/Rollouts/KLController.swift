// Daniel Ziegler et al., "Fine-Tuning Language Models from Human Preferences", 2019
// (arXiv:1909.08593), section 2.2.

/// The coefficient β of the KL penalty: held, or steered towards a wanted divergence.
///
///     e = clip(KL / target − 1, −0.2, 0.2)
///     β ← β · (1 + e · n / horizon)
///
/// KL is the mean over completions of the summed per-token k1 (`objective/kl`), n the number of
/// completions seen since the last update. The coefficient is all the state there is: a checkpoint
/// keeps `coefficient`, and `init(coefficient:rule:)` continues from it.
public struct KLController: Equatable, Sendable {
    /// How the coefficient moves.
    public enum Rule: Equatable, Sendable {
        /// It does not.
        case fixed
        /// Towards `target` nats a completion; a larger `horizon` (in completions) moves slower.
        case adaptive(target: Float, horizon: Int)
    }

    /// How the coefficient moves.
    public let rule: Rule
    /// β, to be used for the next batch of rollouts.
    public private(set) var coefficient: Float

    /// A controller that starts, or goes on, from a coefficient.
    ///
    /// - Precondition: An adaptive rule has a positive target and a positive horizon.
    public init(coefficient: Float, rule: Rule = .fixed) {
        if case .adaptive(let target, let horizon) = rule {
            precondition(
                target > 0 && horizon > 0,
                "KL controller: target \(target) and horizon \(horizon) must be positive")
        }
        self.coefficient = coefficient
        self.rule = rule
    }

    /// Moves the coefficient after a batch of rollouts.
    ///
    /// A divergence that is not a number moves nothing: the health checks stop such a run.
    ///
    /// - Parameters:
    ///   - kl: Mean KL of a completion in the batch, in nats.
    ///   - completionCount: n, completions in the batch.
    public mutating func update(kl: Float, completionCount: Int) {
        guard case .adaptive(let target, let horizon) = rule, !kl.isNaN else { return }
        let error = min(max(Double(kl) / Double(target) - 1, -0.2), 0.2)
        let factor = 1 + error * Double(completionCount) / Double(horizon)
        coefficient = Float(Double(coefficient) * factor)
    }
}
