/// What happens to the score of a completion that was cut off before its end-of-text token.
///
/// Without it a policy learns to ramble past the limit, where nothing it does is judged.
public enum MissingEndPenalty: Equatable, Sendable {
    /// The score becomes this number, whatever the scorer said (Ziegler et al. 2019 use −1).
    case replacingScore(Float)
    /// This number is taken off the score (TRL's `missing_eos_penalty`).
    case subtracting(Float)

    /// The score after the penalty; unchanged where the end-of-text token came.
    public func applied(to score: Float, endedWithEndOfText: Bool) -> Float {
        if endedWithEndOfText { return score }
        switch self {
        case .replacingScore(let replacement): return replacement
        case .subtracting(let penalty): return score - penalty
        }
    }
}

/// Rewards for every completion token: the KL penalty, the score at the last token, and what scorers of
/// single tokens gave.
///
///     r[t] = −β · kl[t] + s[t]  (+ score − Σ s where t = T−1)
///
/// Ziegler et al. 2019 (arXiv:1909.08593), equation 2. The score stands at the completion's own
/// last token; TRL puts it one position later, in the padding.
///
/// - Parameters:
///   - score: The scorer's number for the whole completion, after any `MissingEndPenalty`.
///   - kl: Per-token KL estimates, `[T]` with T ≥ 1.
///   - klCoefficient: β.
///   - tokenScores: s, the part of the score that stands at its own tokens, `[T]`; empty for none.
/// - Returns: Per-token rewards, `[T]`.
public func tokenRewards(
    score: Float, kl: [Float], klCoefficient: Float, tokenScores: [Float] = []
) -> [Float] {
    precondition(!kl.isEmpty, "rewards: a completion has at least one token")
    var rewards = kl.map { -klCoefficient * $0 }
    for (token, own) in tokenScores.enumerated() { rewards[token] += own }
    rewards[rewards.count - 1] += tokenScores.reduce(score, -)
    return rewards
}
