import Alignment
import ArgumentParser

/// `train rloo`: policy optimization with the other answers as the baseline.
struct TrainRLOOCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "rloo", abstract: "REINFORCE leave-one-out against a reward model.",
        discussion: """
            Ahmadian et al. 2024 (arXiv:2402.14740): --n answers to each prompt, each judged against \
            the mean of the others; no value function. The KL penalty (k1, over the answer) is part of \
            the reward. Unlike in the paper, one ratio a sequence is clipped, as in TRL, which makes a \
            difference only after an update's first step. --batch-size counts episodes \
            of an update (a multiple of --n), --steps updates. In a cell it reads the slots sft, \
            reward and prompts and writes policy; gold scores and held-out perplexity are reported \
            where the slots gold and heldout are filled, and never trained on.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments
    @OptionGroup var method: GroupArguments
    @OptionGroup var size: GroupSizeArguments
    @OptionGroup var rollouts: RolloutArguments
    @OptionGroup var clipping: ClippingArguments
    @OptionGroup var sources: PolicySources

    @Flag(help: "Give the advantages of an update mean 0 and deviation 1.")
    var standardizeAdvantages = false

    func execute(in context: CommandContext) throws {
        var group = GroupOptions(
            objective: .rloo(standardizes: standardizeAdvantages), completionsPerPrompt: 2,
            klCoefficient: 0.05)
        method.apply(to: &group)
        size.apply(to: &group)
        rollouts.apply(to: &group)
        clipping.apply(to: &group)
        try GroupRunner(title: "rloo", sources: sources, training: training, group: group)
            .execute(in: context)
    }
}
