import Alignment
import Autograd
import LanguageModels

/// What the commands of RLOO, GRPO, REINFORCE, rejection sampling and online DPO do once their options are read.
struct GroupRunner {
    /// Names the run on screens, such as "rloo".
    let title: String
    let sources: PolicySources
    let training: TrainingArguments
    let group: GroupOptions

    static let defaults = TrainingDefaults(
        epochs: 1, batchSize: 64, learningRate: 1e-6, schedule: .linear)

    func execute(in context: CommandContext) throws {
        let inputs = try PolicyRunInputs(
            context, sources, training: training,
            method: title.uppercased().replacing("-", with: " "))
        let policy = try training.trainable(
            inputs.start, heads: [], settings: context.settings, allowsDropout: false)
        var options = training.options(
            defaults: Self.defaults, layers: policy.configuration.layerCount,
            settings: context.settings)
        if training.steps == nil && training.epochs == nil {
            options.length = .steps(TrainingRun.updateLimit)
        }
        guard options.batchSize.isMultiple(of: group.completionsPerPrompt) else {
            throw CommandError.usage(
                "--batch-size \(options.batchSize) counts episodes and is no multiple of the "
                    + "\(group.completionsPerPrompt) answers to a prompt; take "
                    + "\(suggestedBatch(options.batchSize))")
        }
        guard options.batchSize > 1 else {
            throw CommandError.usage(
                "--batch-size is at least 2: the other answers are the baseline")
        }
        let models = inputs.models(policy: policy)
        try context.requireMemory(
            .group(
                policy: ModelSizes(policy, beside: models.reference),
                reference: ModelSizes(models.reference),
                reward: ModelSizes(inputs.reward.model), options: options, group: group,
                prompts: inputs.prompts, heldOut: inputs.heldOut), for: title)
        let trainer = GroupTrainer(options: options, group: group, endOfText: inputs.endOfText)
        let run = try TrainingRun(
            context, title: title, arguments: training, fields: TrainingRun.policyFields)
        let outcome = try run.perform { resume, history, report in
            trainer.train(
                models, prompts: inputs.prompts, resume: resume, history: history, report: report)
        }
        let result = LoadedModel(model: policy, tokenizer: inputs.start.tokenizer)
        try context.write(.model(result), slot: training.into ?? "policy", out: training.out)
        run.summarizePolicy(outcome)
    }

    private func suggestedBatch(_ size: Int) -> Int {
        max(1, size / group.completionsPerPrompt) * group.completionsPerPrompt
    }
}
