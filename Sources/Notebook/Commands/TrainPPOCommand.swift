import Alignment
import ArgumentParser
import Autograd
import LanguageModels

/// `train ppo`: policy optimization against a reward model.
struct TrainPPOCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "ppo", abstract: "Proximal policy optimization against a reward model.",
        discussion: """
            Schulman et al. 2017 (arXiv:1707.06347) as Ziegler et al. 2019 (arXiv:1909.08593) use it \
            for language: a KL penalty per token against the frozen starting point, the score at the \
            last token; with --kl-target the penalty's coefficient follows the KL. Details are those of \
            Huang et al. 2024 (arXiv:2403.17031). Unlike TRL's, the score stands at the answer's own last \
            token, approxkl counts no padding, and the critic is kept in checkpoints; advantages are \
            whitened over all of an update, as in TRL. --batch-size counts episodes of an update, \
            --steps updates. In a cell it reads the slots sft, reward and prompts and writes policy; \
            gold scores and held-out perplexity are reported where the slots gold and heldout are \
            filled, and never trained on.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments
    @OptionGroup var method: PPOArguments
    @OptionGroup var sources: PolicySources

    static let defaults = TrainingDefaults(
        epochs: 1, batchSize: 64, learningRate: 3e-6, schedule: .linear, epsilon: 1e-5)

    func execute(in context: CommandContext) throws {
        let inputs = try PolicyRunInputs(context, sources, training: training, method: "PPO")
        let policy = try training.trainable(
            inputs.start, heads: method.sharedTrunk ? [.value] : [], settings: context.settings,
            allowsDropout: false)
        let models = inputs.models(
            policy: policy,
            critic: method.sharedTrunk
                ? nil : try training.critic(from: inputs.reward, settings: context.settings))

        var options = training.options(
            defaults: Self.defaults, layers: policy.configuration.layerCount,
            settings: context.settings)
        if training.steps == nil && training.epochs == nil {
            options.length = .steps(TrainingRun.updateLimit)
        }
        let ppo = method.options(policyLearningRate: options.learningRate)
        try context.requireMemory(
            .ppo(
                policy: ModelSizes(policy, beside: models.reference),
                reference: ModelSizes(models.reference),
                critic: models.critic.map { ModelSizes($0, beside: inputs.reward.model) },
                reward: ModelSizes(inputs.reward.model), options: options, ppo: ppo,
                prompts: inputs.prompts, heldOut: inputs.heldOut), for: "ppo")
        let trainer = PPOTrainer(options: options, ppo: ppo, endOfText: inputs.endOfText)
        let run = try TrainingRun(
            context, title: "ppo", arguments: training, fields: TrainingRun.policyFields)
        let outcome = try run.perform { resume, history, report in
            trainer.train(
                models, prompts: inputs.prompts, resume: resume, history: history, report: report)
        }
        let result = LoadedModel(
            model: LanguageModel(copying: policy, heads: []), tokenizer: inputs.start.tokenizer)
        try context.write(.model(result), slot: training.into ?? "policy", out: training.out)
        run.summarizePolicy(outcome)
    }
}
