import Alignment
public import ArgumentParser

/// `train grpo`: group relative policy optimization.
struct TrainGRPOCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "grpo", abstract: "Group relative policy optimization, no value function.",
        discussion: """
            Shao et al. 2024 (arXiv:2402.03300): --n answers to each prompt; an answer is worth its \
            score less the group's mean, divided by the group's deviation, for every one of its \
            tokens. --scale none with --normalizer fixed is Dr. GRPO (arXiv:2503.20783), --normalizer \
            token with --clip-range-high 0.28 is DAPO's loss (arXiv:2503.14476), --normalizer \
            sequence the paper's. The KL (k3) is a term of the loss; its gradient is that of the KL \
            from the reference to the policy. Unlike TRL's since 1.x, it is not multiplied by the ratio, \
            which would turn that round. β is 0 where nothing is said, as in TRL; the KL is measured all \
            the same. --batch-size counts episodes of an update (a multiple of --n), --steps updates. In \
            a cell it reads the slots sft, reward and prompts and writes policy; gold scores and held-out \
            perplexity are reported where the slots gold and heldout are filled, and never trained on.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments
    @OptionGroup var method: GroupArguments
    @OptionGroup var size: GroupSizeArguments
    @OptionGroup var rollouts: RolloutArguments
    @OptionGroup var clipping: ClippingArguments
    @OptionGroup var sources: PolicySources

    @Option(
        help: ArgumentHelp(
            "Divide advantages by the deviation of the group, of the batch, or none.",
            valueName: "NAME"))
    var scale = AdvantageScale.group

    @Option(
        help: ArgumentHelp(
            "The loss is a mean of sequences' means (sequence), a mean over tokens (token), or a sum "
                + "over sequences times --max-new-tokens (fixed).", valueName: "NAME"))
    var normalizer = LossNormalizer.token

    func execute(in context: CommandContext) throws {
        var group = GroupOptions(
            objective: .grpo(scale: scale, normalizer: normalizer), completionsPerPrompt: 8,
            klCoefficient: 0)
        method.apply(to: &group)
        size.apply(to: &group)
        rollouts.apply(to: &group)
        clipping.apply(to: &group)
        try GroupRunner(title: "grpo", sources: sources, training: training, group: group)
            .execute(in: context)
    }
}

extension AdvantageScale: ExpressibleByArgument {}
extension LossNormalizer: ExpressibleByArgument {}
