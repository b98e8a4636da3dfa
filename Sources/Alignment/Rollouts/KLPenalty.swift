// John Schulman, "Approximating KL Divergence", 2020 (joschu.net/blog/kl-approx.html).

import Glibc

/// A per-token estimate of KL(π ‖ π_ref) from tokens sampled from π.
///
///     d[t]  = log π_ref(token t) − log π(token t)
///     k1[t] = −d[t]                    unbiased; single terms may be negative
///     k2[t] = ½ · d[t]²                biased, small variance
///     k3[t] = exp(d[t]) − 1 − d[t]     unbiased and never negative
///
/// "Unbiased" holds only while the tokens come from π itself: a temperature, top-k or top-p that
/// the log-probabilities do not know of makes every one of them wrong.
public enum KLEstimator: String, CaseIterable, Sendable {
    /// The log-ratio itself; PPO's penalty uses this one.
    case k1
    /// Half the squared log-ratio.
    case k2
    /// The log-ratio with its control variate; reported beside k1.
    case k3

    /// The estimate for every token, `[T]`, in nats.
    ///
    /// - Precondition: Both arrays have one entry a token.
    public func perToken(
        logProbabilities: [Float], referenceLogProbabilities: [Float]
    ) -> [Float] {
        precondition(
            logProbabilities.count == referenceLogProbabilities.count,
            "KL: \(logProbabilities.count) log-probabilities against "
                + "\(referenceLogProbabilities.count) of the reference")
        return zip(logProbabilities, referenceLogProbabilities).map { logp, reference in
            let d = reference - logp
            switch self {
            case .k1: return -d
            case .k2: return 0.5 * d * d
            // In double precision, since exp(d) − 1 cancels for the small d of a young policy.
            case .k3: return Float(expm1(Double(d)) - Double(d))
            }
        }
    }
}

extension Rollout {
    /// The KL estimate for every token of the completion, `[T]`, in nats.
    public func kl(_ estimator: KLEstimator) -> [Float] {
        estimator.perToken(
            logProbabilities: logProbabilities,
            referenceLogProbabilities: referenceLogProbabilities)
    }
}
