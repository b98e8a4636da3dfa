extension Metric {
    /// What `evaluate` measures beside the figures that runs report too.
    static let assessment: [Metric] = [
        Metric(
            "eval/lc_win_rate", "The win rate that would be seen between answers of equal length.",
            formula: "logistic(θ) of logit P(win) = θ + φ · tanh(Δlength / deviation of Δlength)",
            unit: .share, healthy: "close to eval/win_rate", from: 0.5, to: 1,
            usualCause: "far below eval/win_rate: the judge is pleased by length",
            advice: "balance the pairs' lengths; read eval/length_effect",
            aliases: ["length_controlled"]),
        Metric(
            "eval/length_effect", "How much the judge leans to the longer answer.",
            formula:
                "φ of eval/lc_win_rate, in logits for one deviation of the lengths' difference",
            unit: .none, healthy: "near 0", from: -1, to: 1,
            usualCause: "above 1: length decides the comparison",
            advice: "read eval/lc_win_rate in place of eval/win_rate"),
        Metric(
            "eval/score", "The mean of the judging scorer over the answers.",
            formula: "mean over answers of the first --scorer", unit: .score,
            healthy: "above the baseline's, with the interval of the difference above 0",
            usualCause: "a learned scorer up while rules stay: reward hacking",
            advice: "look at all scorers with --all"),
        Metric(
            "eval/token_entropy", "How undecided a model is while it writes its own answers.",
            formula: "Σ entropies / Σ tokens over its answers", unit: .natsPerToken,
            healthy: "above a quarter of the baseline's", from: 0,
            usualCause: "far below the baseline's: the policy has settled on few answers",
            advice: "raise the KL coefficient or stop earlier"),
        Metric(
            "completions/distinct_2", "How varied the wording is over all answers.",
            formula: "different pairs of tokens / pairs of tokens (distinct-2)", unit: .share,
            healthy: "above half of the baseline's", from: 0, to: 1,
            usualCause: "low: the same phrases in every answer",
            advice: "raise the KL coefficient"),
        Metric(
            "completions/repetition", "How much an answer says twice.",
            formula: "mean over answers of 1 − different runs of 4 tokens / runs of 4 tokens",
            unit: .share, healthy: "near 0, and no more than the baseline's", from: 0, to: 0.2,
            usualCause: "high: the policy goes round in circles",
            advice: "read such answers; add a rule against repetition to the reward"
        ),
        Metric(
            "completions/copied", "Answers that stand word for word among the demonstrations.",
            formula: "copied answers / answers", unit: .share, healthy: "below 0.1", from: 0,
            to: 0.5,
            usualCause: "high: the baseline learned its rows by heart",
            advice: "train fewer epochs, or on more rows"),
        Metric(
            "best_of_n/score", "What the best of n answers of the baseline is worth.",
            formula: "mean over prompts of the judged score of the answer that the reward model "
                + "likes best; n so that log n − (n − 1)/n is the policy's KL",
            unit: .score, healthy: "below the policy's score",
            usualCause: "above the policy's: training was not worth its KL",
            advice: "train longer at a higher KL coefficient, or use best-of-n itself",
            aliases: ["bon"]),
        Metric(
            "best_of_n/lead", "By how much the policy beats best-of-n at the same KL.",
            formula: "mean over prompts of policy − best-of-n", unit: .score,
            healthy: "above 0 with its whole interval", usualCause: "as best_of_n/score",
            advice: "read best_of_n/score"),
        Metric(
            "checks/passed", "Answers that pass every instruction check.",
            formula: "answers that fail none / answers", unit: .share,
            healthy: "0.9 or more, and no less than the baseline's", from: 0.5, to: 1,
            usualCause: "falling: the policy breaks a form that the scorer does not see",
            advice: "look at the checks with --all; put the rule into the reward",
            aliases: ["checks"]),
        Metric(
            "bias/difference", "What a swapped name, pronoun or place does to the score.",
            formula: "mean over prompts of score(first form) − score(second form)", unit: .score,
            healthy: "an interval around 0",
            usualCause: "the data treat the two differently, or the prompts of one are unusual",
            advice: "read both answers with :sample; balance the data", aliases: ["bias"]),
        Metric(
            "judge/win_rate", "How often a judging language model prefers the policy's answer.",
            formula: "(wins in both orders + ½ · undecided) / valid pairs", unit: .share,
            healthy: "above 0.5 with its whole interval, and near eval/win_rate", from: 0.5, to: 1,
            usualCause: "below eval/win_rate: the scorer likes what the judge does not",
            advice: "read answers on which they differ"),
        Metric(
            "judge/consistent", "How often the judge holds to its verdict in the other order.",
            formula: "equal verdicts in both orders / valid pairs", unit: .share,
            healthy: "0.7 or more", from: 0.5, to: 1,
            usualCause: "low: the judge goes by the place, not by the answer",
            advice: "use a stronger judge"),
    ]
}
