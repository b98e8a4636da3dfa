extension Metric {
    /// What PPO reports once an update; all means are over completion tokens or completions only.
    static let policyOptimization: [Metric] = [
        Metric(
            "objective/scores", "Mean score of the sampled answers: what PPO is asked to raise.",
            formula: "mean over answers of the score after the missing-end penalty", unit: .score,
            healthy: "rises steadily, then levels off",
            usualCause: "flat: KL coefficient too high or learning rate too low; a sudden jump: "
                + "reward hacking",
            advice: "read answers with :compare; check objective/kl and completions/distinct",
            aliases: ["reward", "score"]),
        Metric(
            "objective/kl", "How far the sampled answers have moved from the reference model.",
            formula: "mean over answers of Σ k1, k1 = log π − log π_ref", unit: .nats,
            healthy: "exactly 0 at the first update, then rises to 1 to 10 for short answers",
            from: -0.5, to: 25,
            usualCause: "running away: KL coefficient too low or learning rate too high; negative: "
                + "answers not sampled from the distribution their log-probabilities describe",
            advice:
                "raise the KL coefficient, lower the policy's learning rate, or make it adaptive",
            aliases: ["kl_k1"]),
        Metric(
            "objective/kl_k3", "The same distance by the estimator that is never negative.",
            formula: "mean over answers of Σ k3, k3 = exp(d) − 1 − d, d = log π_ref − log π",
            unit: .nats, healthy: "close to objective/kl", from: 0, to: 25,
            usualCause: "far above objective/kl: a few tokens the reference finds far likelier",
            advice: "read as objective/kl; it is noisier where single tokens moved far",
            aliases: ["k3"]),
        Metric(
            "objective/kl_coefficient", "β, the weight of the KL penalty in the reward.",
            formula: "fixed, or β · (1 + clip(KL/target − 1, ±0.2) · answers/horizon) an update",
            unit: .none, healthy: "0.02 to 0.2 when scores have deviation 1", from: 0,
            usualCause: "growing without end: the target is out of reach at this learning rate",
            advice: "lower the learning rate or raise the target",
            aliases: ["kl_coef", "beta", "coefficient"]),
        Metric(
            "objective/entropy", "Surprise of the sampled answers under the policy.",
            formula: "mean over answers of Σ −log π", unit: .nats,
            healthy: "falls slowly, and follows the answers' length", from: 0,
            usualCause: "near 0: the policy says one thing only",
            advice: "raise the KL coefficient or lower the learning rate"),
        Metric(
            "objective/non_score_reward", "The KL penalty's part of the reward.",
            formula: "mean over answers of Σ −β · k1", unit: .score,
            healthy: "a small negative number beside objective/scores", to: 0.5,
            usualCause: "larger than the scores: the penalty leads",
            advice: "lower the KL coefficient if scores stay flat"),
        Metric(
            "objective/rlhf_reward", "What PPO maximises: scores less the KL penalty.",
            formula: "objective/scores + objective/non_score_reward", unit: .score,
            healthy: "rises; a little under objective/scores",
            usualCause: "falling while scores rise: the policy pays more KL than it gains",
            advice: "lower the learning rate", aliases: ["reward"]),
        Metric(
            "objective/gold", "The true quality of the sampled answers, where a task can tell.",
            formula: "mean over answers of the gold scorer, which never trains the policy",
            unit: .score, healthy: "rises with objective/scores",
            usualCause: "falling while objective/scores rises: reward hacking",
            advice: "raise the KL coefficient; train the reward model on more pairs"),
        Metric(
            "loss/policy_avg", "The clipped policy loss.",
            formula: "mean over tokens of max(−A·ρ, −A·clip(ρ, 1 ± ε)), averaged over minibatches",
            unit: .none, healthy: "small and around 0; it does not fall like other losses",
            from: -1, to: 1,
            usualCause: "large: advantages are not whitened, or the ratio runs away",
            advice: "check val/ratio and policy/clipfrac_avg", aliases: ["loss", "policy_loss"]),
        Metric(
            "loss/value_avg", "The clipped value loss.",
            formula: "½ · mean over tokens of max((V−R)², (clip(V, V_old ± ε)−R)²)",
            unit: .none, healthy: "falls over the first updates, then stays", from: 0,
            usualCause: "not falling: the value function cannot follow the returns",
            advice: "raise the critic's learning rate; check val/var_explained",
            aliases: ["loss", "value_loss"]),
        Metric(
            "policy/approxkl_avg", "How far one update moves the policy from where it sampled.",
            formula: "½ · mean over tokens of (log π_new − log π_old)²", unit: .natsPerToken,
            healthy: "0 before the first optimizer step, then 0.001 to 0.02", from: 0, to: 0.1,
            usualCause: "large: learning rate too high or too many epochs on the same rollouts",
            advice: "lower the learning rate or the epochs, or set a target KL",
            aliases: ["approx_kl"]),
        Metric(
            "policy/clipfrac_avg", "Share of tokens whose step was clipped.",
            formula: "tokens with −A·clip(ρ, 1 ± ε) > −A·ρ / tokens", unit: .share,
            healthy: "0 before the first optimizer step, then 0.02 to 0.2", from: 0, to: 0.3,
            usualCause: "high: updates too large; 0 throughout: too small to matter",
            advice: "lower (or raise) the policy's learning rate", aliases: ["clip_fraction"]),
        Metric(
            "policy/entropy_avg", "How undecided the policy is about the next token.",
            formula: "mean over completion tokens of −Σ p · ln p", unit: .natsPerToken,
            healthy: "falls slowly, stays above a quarter of its start", from: 0,
            usualCause: "collapsing: the policy has found one answer and says nothing else",
            advice: "raise the KL coefficient, add an entropy bonus, or lower the learning rate",
            aliases: ["entropy"]),
        Metric(
            "val/clipfrac_avg", "Share of value predictions that were clipped.",
            formula: "tokens with the clipped error the larger one / tokens", unit: .share,
            healthy: "under 0.3", from: 0, to: 0.5,
            usualCause: "high: the critic moves far in one update, or returns are large",
            advice: "normalise the scores, or raise the value clip range"),
        Metric(
            "val/ratio", "Mean probability ratio of new and old policy.",
            formula: "mean over tokens of ρ = exp(log π_new − log π_old)", unit: .none,
            healthy: "exactly 1 before the first optimizer step, then 0.9 to 1.1", from: 0.8,
            to: 1.2,
            usualCause: "not 1 at the start: sampling and training compute different numbers",
            advice: "lower the learning rate"),
        Metric(
            "val/ratio_var", "How unevenly the tokens' ratios moved.",
            formula: "variance of the minibatches' mean ratios", unit: .none,
            healthy: "under 0.01", from: 0, to: 0.1,
            usualCause: "large: a few minibatches move the policy far",
            advice: "larger minibatches or a lower learning rate"),
        Metric(
            "val/var_explained", "How much of the returns the value function foresees.",
            formula: "1 − Var(R − V) / Var(R) over all tokens", unit: .none,
            healthy: "rises from below 0 towards 0.3 to 0.9", from: 0, to: 1,
            usualCause: "below 0 for long: the value function does not learn",
            advice: "raise the critic's learning rate or value coefficient, or start it from the "
                + "reward model",
            aliases: ["explained_variance"]),
        Metric(
            "val/eos_rate", "Share of answers that end by themselves.",
            formula: "answers with the end-of-text token / answers", unit: .share,
            healthy: "0.9 or more", from: 0.5, to: 1,
            usualCause: "falling: longer answers score higher, and nothing punishes the cut",
            advice: "set a missing-end penalty, or allow more new tokens",
            aliases: ["eos", "end"]),
        Metric(
            "val/num_eos_tokens", "Answers of the update that end by themselves.",
            formula: "count of end-of-text tokens", unit: .count,
            healthy: "close to the number of rollouts", from: 0,
            usualCause: "as val/eos_rate", advice: "read val/eos_rate"),
        Metric(
            "completions/mean_length", "Mean length of the sampled answers.",
            formula: "mean over answers of their tokens, the end token included", unit: .tokens,
            healthy: "within half and one and a half of its start", from: 1,
            usualCause: "drifting: the scorer likes a length rather than a content",
            advice: "compare eval/length_baseline; balance the pairs' lengths",
            aliases: ["length"]),
        Metric(
            "completions/distinct", "How many different answers there are among the sampled ones.",
            formula: "different answers / answers", unit: .share,
            healthy: "above 0.8 when the prompts differ", from: 0.2, to: 1,
            usualCause: "falling: the policy gives one answer to every prompt",
            advice: "raise the KL coefficient; the reward model ignores the prompt: train it on "
                + "more pairs",
            aliases: ["diversity"]),
        Metric(
            "episode", "Answers sampled so far.", formula: "updates × rollouts", unit: .count,
            healthy: "grows evenly", from: 0, usualCause: "none", advice: "none needed",
            aliases: ["episodes"]),
        Metric(
            "reward_std", "How far the scores of a prompt's answers lie apart.",
            formula: "mean over prompts of the deviation of their answers' scores", unit: .score,
            healthy: "well above 0; falls as the answers become alike", from: 0,
            usualCause: "near 0: all answers are the same, or the scorer cannot tell them apart",
            advice: "raise the temperature or the KL coefficient"),
        Metric(
            "frac_reward_zero_std", "Prompts whose answers all score the same: they teach nothing.",
            formula: "groups with deviation 0 / groups", unit: .share,
            healthy: "below 0.5", from: 0, to: 0.9,
            usualCause: "rising to 1: the answers to a prompt have become identical",
            advice: "raise --n or the temperature, or stop"),
    ]

    /// What every part of a combined reward gives by itself, not weighted.
    static let rewardParts: [Metric] = [
        part("learned", "the reward model, times its weight", "rises"),
        part("length", "how far answers are from the wanted length", "near 0", to: 0),
        part("pattern", "the share of answers with the wanted pattern", "as wanted", from: 0),
        part("words", "unwanted words an answer, times -1", "near 0", to: 0),
        part("toxicity", "insults an answer, times -1", "near 0", to: 0),
        part("disclosure", "personal facts given away an answer, times -1", "near 0", to: 0),
        part("repetition", "the share of repeated runs of tokens, times -1", "near 0", to: 0),
        part("model", "another reward model", "rises"),
    ]

    private static func part(
        _ name: String, _ meaning: String, _ healthy: String, from lowest: Double = -.infinity,
        to highest: Double = .infinity
    ) -> Metric {
        Metric(
            "rewards/" + name, "A part of the reward: \(meaning).",
            formula: "mean over answers of the rule's score", unit: .score, healthy: healthy,
            from: lowest, to: highest,
            usualCause: "one part rising while the others fall: its weight is too large",
            advice: "change the weights of --reward-rule")
    }
}
