// John Schulman et al., "High-Dimensional Continuous Control Using Generalized Advantage
// Estimation", 2016 (arXiv:1506.02438).

/// What each token of one completion was worth: the targets of the policy and of the value
/// function.
public struct TokenAdvantages: Equatable, Sendable {
    /// A[t], `[T]`, *not* whitened.
    public let advantages: [Float]
    /// R[t] = A[t] + V[t], `[T]`, the value function's target.
    public let returns: [Float]
}

/// Generalized advantage estimates for every token of one completion.
///
///     δ[t] = r[t] + γ · V[t+1] − V[t]
///     A[t] = δ[t] + γ · λ · A[t+1]
///     R[t] = A[t] + V[t]
///
/// The value after the last token is 0: a completion is over there, also where it ended at the
/// length limit (the missing-end penalty speaks for that case).
///
/// - Parameters:
///   - rewards: Per-token rewards, `[T]`.
///   - values: V before each token, `[T]`.
///   - discount: γ; 1 is usual for language models.
///   - gaeLambda: λ; 0 gives the one-step error, 1 the return minus the value.
/// - Returns: Advantages and returns, `[T]` each. Advantages are *not* normalized.
public func advantages(
    rewards: [Float], values: [Float], discount: Float, gaeLambda: Float
) -> TokenAdvantages {
    precondition(
        rewards.count == values.count,
        "advantages: \(rewards.count) rewards against \(values.count) values")
    var advantages = [Float](repeating: 0, count: rewards.count)
    var nextValue: Float = 0
    var nextAdvantage: Float = 0
    for t in rewards.indices.reversed() {
        let delta = rewards[t] + discount * nextValue - values[t]
        nextAdvantage = delta + discount * gaeLambda * nextAdvantage
        nextValue = values[t]
        advantages[t] = nextAdvantage
    }
    return TokenAdvantages(
        advantages: advantages, returns: zip(advantages, values).map { $0 + $1 })
}
