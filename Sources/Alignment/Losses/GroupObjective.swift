// RLOO: Ahmadian et al. 2024 (arXiv:2402.14740). GRPO: Shao et al. 2024 (arXiv:2402.03300), Dr. GRPO:
// Liu et al. 2025 (arXiv:2503.20783), DAPO: Yu et al. 2025 (arXiv:2503.14476). REINFORCE: Williams 1992.
// Rejection sampling: RAFT, Dong et al. 2023 (arXiv:2304.06767). Online DPO: Guo et al. 2024
// (arXiv:2402.04792).

public import Autograd

/// A policy objective that needs no value function: other answers are the baseline.
public enum GroupObjective: Sendable, Equatable {
    /// Leave-one-out baseline, the KL penalty in the reward (k1), one clipped ratio a sequence.
    case rloo(standardizes: Bool)
    /// The group's mean as the baseline, a clipped ratio a token, the KL in the loss (k3).
    case grpo(scale: AdvantageScale, normalizer: LossNormalizer)
    /// −A log π of whole sequences; the baseline is the mean reward of the batch's other answers,
    /// whatever their prompts; the KL penalty in the reward (k1).
    case reinforce
    /// The best answer to each prompt, by score less the KL penalty (k1), is learned as in supervised
    /// training; the others are thrown away.
    case rejection
    /// Two answers to each prompt, compared by the scorer, and a loss of ``PreferenceLoss`` on them.
    case onlineDPO(loss: PreferenceLoss, judge: PairJudge)

    /// What each rollout was worth.
    ///
    /// - Parameters:
    ///   - rollouts: The answers of a prompt one after the other.
    ///   - groupSize: Answers to each prompt.
    ///   - klCoefficient: β.
    func advantages(_ rollouts: [Rollout], groupSize: Int, klCoefficient: Float) -> [Float] {
        // As a sum over tokens, which is k1 of the sequence.
        func rewards() -> [Float] {
            rollouts.map { $0.score - klCoefficient * $0.kl(.k1).reduce(0, +) }
        }
        switch self {
        case .rloo(let standardizes):
            let advantages = leaveOneOutAdvantages(rewards(), groupSize: groupSize)
            return standardizes ? standardized(advantages) : advantages
        case .grpo(let scale, _):
            return groupRelativeAdvantages(
                rollouts.map(\.score), groupSize: groupSize, scale: scale)
        case .reinforce:
            return leaveOneOutAdvantages(rewards(), groupSize: rollouts.count)
        case .rejection:
            return bestOfGroups(rewards(), groupSize: groupSize)
        case .onlineDPO(_, let judge):
            precondition(groupSize == 2, "online DPO: answers are compared in pairs")
            return stride(from: 0, to: rollouts.count, by: 2).flatMap { first -> [Float] in
                let preferred = judge.preference(
                    rollouts[first].score, over: rollouts[first + 1].score)
                return [preferred, 1 - preferred]
            }
        }
    }

    /// The rollouts that an optimizer step takes together, in the order of the update.
    ///
    /// - Parameter advantages: Those of ``advantages(_:groupSize:klCoefficient:)``.
    func units(_ advantages: [Float]) -> [[Int]] {
        switch self {
        case .rloo, .grpo, .reinforce: return advantages.indices.map { [$0] }
        case .rejection: return advantages.indices.filter { advantages[$0] != 0 }.map { [$0] }
        case .onlineDPO:
            return stride(from: 0, to: advantages.count, by: 2).map { [$0, $0 + 1] }
        }
    }

    /// The loss of online DPO, nil for the other methods.
    var preferenceLoss: PreferenceLoss? {
        if case .onlineDPO(let loss, _) = self { loss } else { nil }
    }
}

/// Who wins when a scorer compares two answers.
public enum PairJudge: String, CaseIterable, Sendable {
    /// The one with the higher score; equal scores are half a win for each.
    case hard
    /// The higher one as often as people with these scores would choose it (Bradley and Terry):
    /// σ(score − other score). The best policy is then that of the KL penalty in the reward.
    case soft

    /// How much of a win it is; NaN where a score is not a number.
    func preference(_ score: Float, over other: Float) -> Float {
        guard score.isFinite && other.isFinite else { return .nan }
        switch self {
        case .hard: return score > other ? 1 : (score < other ? 0 : 0.5)
        case .soft: return logistic(Tensor([score - other])).array[0]
        }
    }
}

/// What the sum over tokens is divided by.
public enum LossNormalizer: String, CaseIterable, Sendable {
    /// Tokens of the sequence, then sequences: a token of a long answer counts less (the paper).
    case sequence
    /// Tokens of the minibatch: every token counts the same (DAPO; TRL's default).
    case token
    /// Sequences times the longest answer allowed: no length is favoured (Dr. GRPO).
    case fixed

    /// What each token of some sequences counts.
    ///
    /// - Parameters:
    ///   - counts: Tokens of each sequence.
    ///   - sequences: Sequences of the whole minibatch.
    ///   - tokens: Tokens of the whole minibatch.
    ///   - longest: Tokens of an answer at most.
    func tokenWeights(counts: [Int], sequences: Int, tokens: Int, longest: Int) -> [Float] {
        counts.flatMap { count -> [Float] in
            let divisor: Int
            switch self {
            case .sequence: divisor = count * sequences
            case .token: divisor = tokens
            case .fixed: divisor = sequences * longest
            }
            return [Float](repeating: 1 / Float(max(1, divisor)), count: count)
        }
    }
}

/// The KL to the reference as a term of the loss, by the estimator that is never negative.
///
///     loss = Σ weight · (exp(d) − d − 1),   d = log π_ref − log π
///
/// Its gradient is that of GRPO's equation 4.
///
/// - Parameters:
///   - new: log π of the policy being trained, `[tokens]`.
///   - reference: log π_ref, `[tokens]`.
///   - weights: What each token counts.
/// - Returns: A scalar.
public func klLoss(new: Tensor, reference: [Float], weights: [Float]) -> Tensor {
    let d = Tensor(reference) - new
    return (d.exponential - d + -1).sum(weights: weights)
}
