import Alignment
import ArgumentParser

/// `train reinforce`: the plain policy gradient.
struct TrainREINFORCECommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "reinforce", abstract: "REINFORCE with a baseline, against a reward model.",
        discussion: """
            Williams 1992, for language as in Ahmadian et al. 2024 (arXiv:2402.14740): one answer to \
            a prompt, one optimizer step an update, −A log π of the whole answer. Unlike there, the \
            baseline is the mean reward of the update's other answers, in place of a moving average. The \
            KL penalty (k1, over the answer) is part of the reward. --batch-size counts episodes of an \
            update, --steps updates. In a cell it reads the slots sft, reward and prompts and writes \
            policy; gold scores and held-out perplexity are reported where the slots gold and heldout are \
            filled, and never trained on.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments
    @OptionGroup var method: GroupArguments
    @OptionGroup var sources: PolicySources

    func execute(in context: CommandContext) throws {
        var group = GroupOptions(
            objective: .reinforce, completionsPerPrompt: 1, klCoefficient: 0.05)
        method.apply(to: &group)
        try GroupRunner(title: "reinforce", sources: sources, training: training, group: group)
            .execute(in: context)
    }
}
