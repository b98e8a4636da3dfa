import Alignment
import ArgumentParser

/// `train rft`: supervised training on the best of several answers.
struct TrainRFTCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "rft", abstract: "Rejection sampling: learn the best of several answers.",
        discussion: """
            RAFT, Dong et al. 2023 (arXiv:2304.06767), also known as rejection-sampling fine-tuning and \
            expert iteration: the policy gives --n answers to each prompt of an update, the reward model \
            picks the best, and that one is learned as in supervised training, --epochs-per-rollout times; \
            then the changed policy samples again. One update is best-of-n put into weights, whose KL to \
            the model that sampled is at most log n − (n−1)/n nats. --kl-coefficient takes β KL off the \
            score before the best is picked; 0 where nothing is said. Unlike RAFT's, updates are small: \
            --batch-size counts episodes of an update (a multiple of --n), --steps updates. In a cell it \
            reads the slots sft, reward and prompts and writes policy; gold scores and held-out \
            perplexity are reported where the slots gold and heldout are filled, and never trained on.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments
    @OptionGroup var method: GroupArguments
    @OptionGroup var size: GroupSizeArguments
    @OptionGroup var rollouts: RolloutArguments
    @OptionGroup var sources: PolicySources

    func execute(in context: CommandContext) throws {
        var group = GroupOptions(
            objective: .rejection, completionsPerPrompt: 4, klCoefficient: 0)
        method.apply(to: &group)
        size.apply(to: &group)
        rollouts.apply(to: &group)
        try GroupRunner(title: "rft", sources: sources, training: training, group: group)
            .execute(in: context)
    }
}
