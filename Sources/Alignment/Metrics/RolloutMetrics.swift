/// The figures of one batch of rollouts that need no gradient: `objective/*`, `val/*eos*`,
/// `completions/*`.
///
/// Sums over an answer's tokens, then the mean over answers; formulas in `Metric`.
///
/// - Parameters:
///   - rollouts: At least one.
///   - klCoefficient: β of this batch.
///   - estimator: The KL estimator in the reward.
/// - Returns: Keys and values, in a fixed order.
public func rolloutMetrics(
    _ rollouts: [Rollout], klCoefficient: Float, estimator: KLEstimator = .k1
) -> [(key: String, value: Double)] {
    precondition(!rollouts.isEmpty, "metrics: a batch has at least one rollout")
    let count = Double(rollouts.count)
    func mean(_ value: (Rollout) -> Double) -> Double {
        rollouts.reduce(0) { $0 + value($1) } / count
    }
    let scores = mean { Double($0.score) }
    let penalty = mean { -Double(klCoefficient) * total($0.kl(estimator)) }
    let ended = rollouts.count { $0.endedWithEndOfText }
    return [
        ("objective/kl", mean { total($0.kl(.k1)) }),
        ("objective/kl_k3", mean { total($0.kl(.k3)) }),
        ("objective/kl_coefficient", Double(klCoefficient)),
        ("objective/entropy", mean { -total($0.logProbabilities) }),
        ("objective/non_score_reward", penalty),
        ("objective/rlhf_reward", scores + penalty),
        ("objective/scores", scores),
        ("val/eos_rate", Double(ended) / count),
        ("val/num_eos_tokens", Double(ended)),
        ("completions/mean_length", mean { Double($0.completionTokens.count) }),
        ("completions/distinct", distinctShare(rollouts.map(\.completionTokens))),
    ]
}

/// The share of the returns' variance that the value function foresaw: `val/var_explained`.
///
///     1 − Var(R − V) / Var(R)
///
/// Over all tokens of the batch; 1 is perfect, 0 as good as a constant, negative worse than one.
///
/// - Parameters:
///   - returns: R, ragged, one array a completion.
///   - values: V as predicted before the update, of the same shape.
/// - Returns: 0 where the returns do not vary.
public func varianceExplained(returns: [[Float]], values: [[Float]]) -> Double {
    precondition(
        returns.map(\.count) == values.map(\.count), "var_explained: the shapes differ")
    let all = returns.joined().map(Double.init)
    let errors = zip(all, values.joined()).map { $0 - Double($1) }
    let spread = squaredDeviations(all)
    return spread > 0 ? 1 - squaredDeviations(errors) / spread : 0
}

private func total(_ values: [Float]) -> Double {
    values.reduce(0) { $0 + Double($1) }
}

private func squaredDeviations(_ values: [Double]) -> Double {
    guard !values.isEmpty else { return 0 }
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
}
