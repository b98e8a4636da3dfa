import Alignment
public import ArgumentParser

/// `train online-dpo`: DPO on pairs of the policy's own answers, judged while it runs.
struct TrainOnlineDPOCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "online-dpo", abstract: "DPO on the policy's own answers, judged as it goes.",
        discussion: """
            Guo et al. 2024 (arXiv:2402.04792): two answers to each prompt of an update, the reward model \
            judges which is better, and DPO's loss (--loss, see train dpo) moves the policy. \
            --kl-coefficient is DPO's β: what a nat of the implicit reward is worth. --judge soft counts \
            the better answer as often as people with these scores would choose it, by Bradley and Terry: \
            less noise, and the best policy is that of RLHF at this β. Unlike TRL's, a tie is half a win for \
            both answers, and ipo is per token. --batch-size counts episodes of an update (an even \
            number), --steps updates. In a cell it reads the slots sft, reward and prompts and writes \
            policy; gold scores and held-out perplexity are reported where the slots gold and heldout are \
            filled, and never trained on.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments
    @OptionGroup var method: GroupArguments
    @OptionGroup var rollouts: RolloutArguments
    @OptionGroup var sources: PolicySources

    @Option(
        help: ArgumentHelp(
            "The loss: sigmoid, smoothed, robust, ipo, hinge, length-normalized, apo-zero or "
                + "apo-down.", valueName: "NAME"))
    var loss = DPOArguments.Form.sigmoid

    @Option(help: "How scores decide: hard or soft.")
    var judge = PairJudge.hard

    func validate() throws {
        if let beta = method.klCoefficient, !(beta > 0 && beta.isFinite) {
            throw ValidationError("--kl-coefficient is above 0 in online DPO: it is DPO's β")
        }
    }

    func execute(in context: CommandContext) throws {
        var group = GroupOptions(
            objective: .onlineDPO(loss: loss.preferenceLoss(noise: 0.1), judge: judge),
            completionsPerPrompt: 2, klCoefficient: 0.1)
        method.apply(to: &group)
        rollouts.apply(to: &group)
        try GroupRunner(title: "online-dpo", sources: sources, training: training, group: group)
            .execute(in: context)
    }
}

extension PairJudge: ExpressibleByArgument {}
