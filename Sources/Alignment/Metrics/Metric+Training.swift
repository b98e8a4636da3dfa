extension Metric {
    /// What every training run reports, and supervised fine-tuning in particular.
    static let training: [Metric] = [
        Metric(
            "loss", "The loss of the step, before its gradient was applied.",
            formula: "mean over the counted tokens (or pairs) of the whole batch",
            unit: .nats,
            healthy: "falls fast, then slowly; a reward model starts near ln 2 = 0.693",
            from: 0,
            usualCause: "rising: learning rate too high; flat: too low, or labels that say nothing",
            advice: "divide the learning rate by 3, or add warm-up steps"),
        Metric(
            "learning_rate", "The learning rate of the step, after warm-up and decay.",
            formula: "base rate × schedule(step)", unit: .none,
            healthy: "as the schedule says", from: 0,
            usualCause: "a schedule that ends before the run does",
            advice: "check --schedule, --warmup-steps and --steps", aliases: ["lr"]),
        Metric(
            "grad_norm", "Length of the whole gradient, before clipping.",
            formula: "√(Σ over all parameters of gradient²)", unit: .none,
            healthy: "steady, mostly near or under --max-grad-norm", from: 0,
            usualCause: "a batch of unusual rows, or a learning rate at the edge",
            advice: "lower the learning rate or --max-grad-norm; look at the rows of that step",
            aliases: ["gradient"]),
        Metric(
            "mean_token_accuracy",
            "How often the model's first choice is the token that stands there.",
            formula: "correct tokens / counted tokens", unit: .share,
            healthy: "rises with training, stays below 1", from: 0, to: 1,
            usualCause: "near 1: the data are learned by heart, or very repetitive",
            advice: "compare with eval/mean_token_accuracy; train fewer epochs if they part"),
        Metric(
            "entropy", "How undecided the model is about the next token.",
            formula: "mean over counted tokens of −Σ p · ln p", unit: .natsPerToken,
            healthy: "falls from ln(vocabulary) towards the loss", from: 0,
            usualCause: "near 0: the model repeats what it has learned by heart",
            advice: "train fewer epochs, or on more varied rows"),
        Metric(
            "num_tokens", "Tokens the run has read so far.",
            formula: "Σ over steps of prompt and completion tokens", unit: .tokens,
            healthy: "grows evenly", from: 0,
            usualCause: "uneven: rows of very different length",
            advice: "inspect the data's lengths"),
        Metric(
            "epoch", "How often the data have been gone through.",
            formula: "rows read / rows", unit: .none, healthy: "1 to 8 for small models",
            from: 0, usualCause: "many epochs on few rows learn them by heart",
            advice: "watch eval/loss and stop where it turns"),
        Metric(
            "tokens_per_second", "Speed of the step.",
            formula: "tokens read or sampled / step_seconds", unit: .tokensPerSecond,
            healthy: "steady", from: 0,
            usualCause: "falling: other programs, a hot processor, or longer rows",
            advice: "compare with rlhf bench", aliases: ["speed", "rate"]),
        Metric(
            "step_seconds", "Wall-clock time of the step.",
            formula: "end − start", unit: .seconds, healthy: "steady", from: 0,
            usualCause: "longer rows, or other programs",
            advice: "lower --max-length or --batch-size", aliases: ["time"]),
    ]
}
