public import Autograd

/// The clipped surrogate of PPO (Schulman et al. 2017, arXiv:1707.06347, equation 7), negated.
///
///     ρ = exp(log π_new − log π_old)
///     loss = Σ weight · max(−A ρ, −A clip(ρ, 1 − ε, 1 + ε_high))
///
/// - Parameters:
///   - new: log π of the policy being trained, `[tokens]`; RLOO has one for each sequence.
///   - old: log π of the policy that sampled the tokens, `[tokens]`.
///   - advantages: A, usually whitened, `[tokens]`.
///   - clipRange: ε.
///   - upperClipRange: ε_high, DAPO's clip-higher (Yu et al. 2025, arXiv:2503.14476); ε where nil.
///   - weights: What each token counts, for a mean 1 / (tokens of the minibatch).
/// - Returns: A scalar.
public func clippedPolicyLoss(
    new: Tensor, old: [Float], advantages: [Float], clipRange: Float,
    upperClipRange: Float? = nil, weights: [Float]
) -> Tensor {
    let ratio = (new - Tensor(old)).exponential
    let negated = Tensor(advantages.map { -$0 })
    let unclipped = negated * ratio
    let clipped = negated * ratio.clipped(to: (1 - clipRange)...(1 + (upperClipRange ?? clipRange)))
    return unclipped.maximum(clipped).sum(weights: weights)
}

/// The clipped value loss of PPO's reference implementation (OpenAI baselines; implementation detail
/// 19 of Huang et al. 2023).
///
///     loss = Σ weight · ½ max((V − R)², (clip(V, V_old ± ε) − R)²)
///
/// - Parameters:
///   - values: V of the value function being trained, `[tokens]`.
///   - old: V when the tokens were sampled, `[tokens]`.
///   - returns: R, advantages plus old values, `[tokens]`.
///   - clipRange: ε of the value function.
///   - weights: What each token counts, for a mean 1 / (tokens of the minibatch).
/// - Returns: A scalar.
public func clippedValueLoss(
    values: Tensor, old: [Float], returns: [Float], clipRange: Float, weights: [Float]
) -> Tensor {
    let targets = Tensor(returns)
    let clipped = values.clipped(around: Tensor(old), by: clipRange)
    let larger = (values - targets).squared.maximum((clipped - targets).squared)
    return 0.5 * larger.sum(weights: weights)
}
