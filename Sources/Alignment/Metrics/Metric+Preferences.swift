extension Metric {
    /// What training on preference pairs reports: reward models, and the implicit rewards of DPO.
    static let preferences: [Metric] = [
        Metric(
            "rewards/accuracies", "How often the chosen answer scores above the rejected one.",
            formula: "(pairs with chosen > rejected + ½ · ties) / pairs", unit: .share,
            healthy: "rises from 0.5; 0.65 to 0.9 at the end, as far as people agree", from: 0.5,
            to: 1,
            usualCause: "near 0.5: contradictory votes or too few pairs; near 1: learned by heart",
            advice: "compare with eval/accuracy; lint the pairs, add more, train fewer epochs",
            aliases: ["accuracy", "acc", "reward_accuracy"]),
        Metric(
            "rewards/margins", "By how much the chosen answer scores above the rejected one.",
            formula: "mean over pairs of chosen − rejected", unit: .score,
            healthy: "rises from 0 to about 1 to 3", from: 0,
            usualCause: "growing without end: the model is sure of what it has learned by heart",
            advice: "stop earlier, or lower the learning rate", aliases: ["margin", "reward"]),
        Metric(
            "rewards/error", "How far the scores are from the ratings, in training on ratings.",
            formula: "mean over completions of |score − rating|", unit: .score,
            healthy: "falls towards how far people are apart", from: 0,
            usualCause: "not falling: ratings on many scales, or too few of them",
            advice: "train on pairs of the same person's ratings instead"),
        Metric(
            "rewards/chosen", "Mean reward of the chosen answers.",
            formula: "mean over pairs of reward(chosen)", unit: .score,
            healthy: "above rewards/rejected; its level means nothing",
            usualCause: "both drifting far from 0: nothing holds the level",
            advice: "use a centring term of about 0.01"),
        Metric(
            "rewards/rejected", "Mean reward of the rejected answers.",
            formula: "mean over pairs of reward(rejected)", unit: .score,
            healthy: "below rewards/chosen; its level means nothing",
            usualCause: "both drifting far from 0: nothing holds the level",
            advice: "use a centring term of about 0.01"),
        Metric(
            "nll_loss", "Cross-entropy of the chosen answers: DPO's supervised term, not weighted.",
            formula: "mean over the chosen answers' tokens of −log π", unit: .natsPerToken,
            healthy: "falls slowly or stays", from: 0,
            usualCause: "rising: the comparison pushes both answers down",
            advice: "raise --sft-coefficient"),
        Metric(
            "logps/chosen", "Mean log-probability of the chosen answers under the policy.",
            formula: "mean over pairs of Σ over completion tokens of log π", unit: .nats,
            healthy: "falls a little less than logps/rejected", to: 0,
            usualCause: "falling fast: the policy flees both answers",
            advice: "raise beta or lower the learning rate"),
        Metric(
            "logps/rejected", "Mean log-probability of the rejected answers under the policy.",
            formula: "mean over pairs of Σ over completion tokens of log π", unit: .nats,
            healthy: "falls faster than logps/chosen", to: 0,
            usualCause: "not falling: the pairs teach nothing",
            advice: "lint the pairs for identical or contradictory rows"),
        Metric(
            "kto/kl", "KTO's reference point z: how much likelier answers to other prompts became.",
            formula: "max(0, mean over the batch of log π − log π_ref of the next row's answer)",
            unit: .nats, healthy: "exactly 0 before the first step, then slowly up to a few nats",
            from: 0, to: 25,
            usualCause: "large: the policy makes all answers likelier, whatever the prompt",
            advice: "raise beta or lower the learning rate", aliases: ["reference_point"]),
        Metric(
            "log_odds_ratio", "ORPO's comparison of the two answers.",
            formula: "mean over pairs of log σ(log odds(chosen) − log odds(rejected))", unit: .nats,
            healthy: "rises towards 0", to: 0,
            usualCause: "flat: the supervised term leads",
            advice: "raise beta"),
        Metric(
            "log_odds_chosen",
            "By how much the odds of a chosen answer's token are the higher ones.",
            formula:
                "mean over pairs of log odds(chosen) − log odds(rejected), p = exp(mean log π)",
            unit: .nats, healthy: "rises above 0",
            usualCause: "below 0: the model finds the rejected answers likelier",
            advice: "train longer, or raise beta", aliases: ["log_odds"]),
    ]
}
