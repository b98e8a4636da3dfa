/// When each cause counts as shown. Limits come from the runs in which PPO worked and collapsed.
///
/// A difference counts from twice the noise of a single update on: means over five updates differ
/// by less than that unless something has changed.
struct HealthRules {
    static let score = "objective/scores"
    /// Measures of true quality that never train the policy.
    static let witnesses = ["objective/gold", "eval/gold", "eval/win_rate"]
    /// All metrics that any rule reads.
    static let watched =
        [
            score, "objective/kl", "policy/entropy_avg", "policy/clipfrac_avg",
            "policy/approxkl_avg", "val/eos_rate", "val/var_explained", "completions/distinct",
            "completions/mean_length", "loss", "eval/loss", "eval/perplexity", "eval/accuracy",
            "logps/chosen", "frac_reward_zero_std",
        ] + witnesses
    /// Updates after which a policy should have begun to improve, and a critic to foresee.
    static let patience = 20

    let trends: [String: MetricTrend]
    let scoreAtPeak: [String: Double]
    let klBudget: Double

    /// The figures that show a cause; empty when it is not shown.
    func evidence(for cause: HealthCause) -> [HealthWarning.Evidence] {
        switch cause {
        case .nonFinite, .ratioOff: []  // Not a matter of trends; said where they are seen.
        case .rewardHacking: rewardHacking()
        case .runawayKL: runawayKL()
        case .negativeKL:
            when("objective/kl", against: { _ in 0 }) { $0.recent < -0.2 - 2 * $0.noise }
        case .entropyCollapse:
            when("policy/entropy_avg", against: \.start) { $0.recent < 0.25 * $0.start }
        case .identicalAnswers:
            when("completions/distinct", against: \.start) {
                $0.recent < max(0.7 * $0.start, 0.2)
            }
        case .vanishingEnd:
            when("val/eos_rate", against: \.start) { $0.recent < max($0.start - 0.15, 0.5) }
        case .lengthDrift:
            when("completions/mean_length", against: \.start) {
                $0.recent > 1.5 * $0.start || $0.recent < 0.5 * $0.start
            }
        case .forgetting:
            when("eval/perplexity", against: \.lowest) { $0.recent > 1.3 * $0.lowest }
        case .valueNotLearning:
            when("val/var_explained", against: { _ in 0 }) {
                $0.count >= Self.patience && $0.recent < 0
            }
        case .updatesTooLarge:
            when("policy/clipfrac_avg", against: { _ in 0.3 }) { $0.recent > 0.3 }
                + when("policy/approxkl_avg", against: { _ in 0.1 }) { $0.recent > 0.1 }
        case .flatReward: scoreWithoutGain { $0 < 0.5 }
        case .klWithoutReward: scoreWithoutGain { $0 > 0.5 * klBudget }
        case .rewardModelAtChance:
            when("eval/accuracy", against: { _ in 0.5 }) { $0.recent < 0.55 }
        case .overfitting: overfitting()
        case .noSignal:
            when("frac_reward_zero_std", against: { _ in 0.9 }) { $0.recent > 0.9 }
        case .likelihoodDisplacement:
            // Some of it is how DPO works: healthy runs lose half the log-probability again.
            when("logps/chosen", against: \.start) {
                $0.recent < $0.start - max(8, abs($0.start))
            }
        }
    }

    /// Evidence from one metric, once it has a full window.
    private func when(
        _ key: String, against reference: (MetricTrend) -> Double,
        _ isBad: (MetricTrend) -> Bool
    ) -> [HealthWarning.Evidence] {
        guard let trend = trends[key], trend.isReady, isBad(trend) else { return [] }
        return [.init(metric: key, value: trend.recent, reference: reference(trend))]
    }

    /// The score is above where it stood when the truth was highest, and the truth below.
    ///
    /// The fall must be beyond noise, and at least a fifth of what had been gained.
    private func rewardHacking() -> [HealthWarning.Evidence] {
        guard let score = trends[Self.score] else { return [] }
        for key in Self.witnesses {
            guard let truth = trends[key], truth.isReady, let before = scoreAtPeak[key] else {
                continue
            }
            let fall = truth.highest - truth.recent
            let gained = truth.highest - truth.start
            if fall > max(2 * truth.noise, 0.2 * gained), score.recent > before + score.noise {
                return [
                    .init(metric: key, value: truth.recent, reference: truth.highest),
                    .init(metric: Self.score, value: score.recent, reference: before),
                ]
            }
        }
        return []
    }

    /// Over the budget, or near it after doubling within a window; said against the one or against where
    /// it stood.
    private func runawayKL() -> [HealthWarning.Evidence] {
        let length = trends["completions/mean_length"]?.recent ?? 0
        let limit = max(klBudget, 0.3 * length)
        return when("objective/kl", against: { $0.recent > limit ? limit : $0.earlier ?? limit }) {
            kl in
            let doubles = kl.earlier.map { kl.recent > 2 * $0 } ?? false
            return kl.recent > limit || (kl.recent > 0.8 * limit && doubles)
        }
    }

    /// The score has not left the noise of its start although the run is well under way.
    private func scoreWithoutGain(
        _ isMeant: (_ kl: Double) -> Bool
    ) -> [HealthWarning.Evidence] {
        guard let score = trends[Self.score], score.count >= Self.patience,
            let kl = trends["objective/kl"], kl.isReady, isMeant(kl.recent),
            score.recent - score.start < score.noise
        else { return [] }
        return [
            .init(metric: Self.score, value: score.recent, reference: score.start),
            .init(metric: "objective/kl", value: kl.recent, reference: nil),
        ]
    }

    /// The held-out loss has turned upwards while the loss on the training rows has not.
    private func overfitting() -> [HealthWarning.Evidence] {
        guard let heldOut = trends["eval/loss"], heldOut.isReady, let loss = trends["loss"],
            heldOut.recent > 1.05 * heldOut.lowest, loss.recent < loss.start
        else { return [] }
        return [
            .init(metric: "eval/loss", value: heldOut.recent, reference: heldOut.lowest),
            .init(metric: "loss", value: loss.recent, reference: loss.start),
        ]
    }
}
