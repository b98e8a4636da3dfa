extension Metric {
    /// What is measured on held-out rows and prompts, between steps or after a run.
    static let evaluation: [Metric] = [
        Metric(
            "eval/loss", "The loss on held-out rows.",
            formula: "mean over the counted tokens (or pairs) of the held-out part",
            unit: .nats, healthy: "falls with loss, a little above it", from: 0,
            usualCause: "rising while loss falls: the rows are learned by heart",
            advice: "stop at its lowest point: fewer epochs, or more rows"),
        Metric(
            "eval/accuracy", "The reward model's accuracy on held-out pairs.",
            formula: "(pairs with chosen > rejected + ½ · ties) / pairs", unit: .share,
            healthy: "above eval/length_baseline's interval; 0.65 to 0.9", from: 0.55, to: 1,
            usualCause: "near 0.5: too few pairs, noisy votes, or a weak baseline model",
            advice: "add pairs, lint them, or train the supervised baseline longer"),
        Metric(
            "eval/margin", "The reward model's mean margin on held-out pairs.",
            formula: "mean over held-out pairs of chosen − rejected", unit: .score,
            healthy: "rises with rewards/margins, a little under it", from: 0,
            usualCause: "falling while rewards/margins grows: the pairs are learned by heart",
            advice: "stop earlier: fewer epochs, or more pairs"),
        Metric(
            "eval/length_baseline", "Accuracy of simply preferring the longer answer.",
            formula: "(pairs with longer chosen + ½ · equal lengths) / pairs", unit: .share,
            healthy: "near 0.5, and clearly under eval/accuracy", from: 0.3, to: 0.7,
            usualCause: "far from 0.5: people, or the data, prefer a length",
            advice: "collect pairs of similar length", aliases: ["length_accuracy"]),
        Metric(
            "eval/disagreement", "How far the heads of a reward model's ensemble are apart.",
            formula: "mean over answers of the deviation of the heads' scores", unit: .score,
            healthy: "well under the deviation of the scores themselves", from: 0,
            usualCause: "large: answers unlike those that were judged",
            advice: "have more of such answers judged", aliases: ["disagreement"]),
        Metric(
            "eval/calibration_error", "Whether a reward model is as sure as it is right.",
            formula: "Σ over bins of pairs / n · |accuracy − mean σ(|margin|)|", unit: .share,
            healthy: "under 0.1", from: 0, to: 0.1,
            usualCause: "large: too sure of pairs learned by heart, or scores on another scale",
            advice: "train fewer epochs; compare before the scores were normalised",
            aliases: ["ece", "calibration"]),
        Metric(
            "eval/mean_token_accuracy", "Token accuracy on held-out rows.",
            formula: "correct tokens / counted tokens", unit: .share,
            healthy: "close to mean_token_accuracy", from: 0, to: 1,
            usualCause: "far below it: the rows are learned by heart",
            advice: "fewer epochs, or more rows"),
        Metric(
            "eval/perplexity", "How surprised the model is by held-out demonstrations.",
            formula: "exp(−Σ log π / counted tokens)", unit: .none,
            healthy: "at most 1.3 times the baseline's after policy optimisation", from: 1,
            usualCause: "rising in PPO: the policy forgets what it knew to please the scorer",
            advice: "raise the KL coefficient or stop earlier", aliases: ["perplexity", "ppl"]),
        Metric(
            "eval/win_rate", "How often the policy's answer beats the other model's.",
            formula: "(wins + ½ · ties) / answers, judged by the scorer named beside it",
            unit: .share, healthy: "above 0.5 with its whole 95 % interval", from: 0.5, to: 1,
            usualCause: "falling while objective/scores rises: reward hacking",
            advice: "go back to the last good checkpoint; raise the KL coefficient",
            aliases: ["win", "wins"]),
        Metric(
            "eval/kl", "How far the policy's answers to held-out prompts are from the reference.",
            formula: "mean over answers of Σ (log π − log π_ref)", unit: .nats,
            healthy: "close to objective/kl, under 10 for short answers", from: 0, to: 25,
            usualCause: "far above objective/kl: held-out prompts unlike the training ones",
            advice: "inspect both sets of prompts"),
        Metric(
            "eval/gold", "The true quality of answers to held-out prompts, where a task can tell.",
            formula: "mean over answers of the gold scorer, which never trains the policy",
            unit: .score, healthy: "rises with objective/scores",
            usualCause: "falling while objective/scores rises: reward hacking",
            advice: "raise the KL coefficient; train the reward model on more pairs"),
    ]
}
