import Alignment
import ArgumentParser
import Autograd
import HumanFeedback
import LanguageModels
import TerminalUI

/// `train ppo`: policy optimization against a reward model.
struct TrainPPOCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "ppo", abstract: "Proximal policy optimization against a reward model.",
        discussion: """
            Schulman et al. 2017 (arXiv:1707.06347) as Ziegler et al. 2019 (arXiv:1909.08593) use it \
            for language: a KL penalty per token against the frozen starting point, the score at the \
            last token. --batch-size counts episodes of an update, --steps updates. In a cell it reads \
            the slots sft, reward and prompts and writes policy; gold scores and held-out perplexity \
            are reported where the slots gold and heldout are filled, and never trained on.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments
    @OptionGroup var method: PPOArguments

    @Option(help: ArgumentHelp("Model folder or slot to start from.", valueName: "DIR"))
    var model: String?

    @Option(help: ArgumentHelp("Frozen reference (default: the starting point).", valueName: "DIR"))
    var reference: String?

    @Option(help: ArgumentHelp("Reward model folder or slot.", valueName: "DIR"))
    var reward: String?

    @Option(help: ArgumentHelp("Prompt rows.", valueName: "FILE"))
    var prompts: String?

    static let defaults = TrainingDefaults(
        epochs: 1, batchSize: 64, learningRate: 3e-6, schedule: .linear, epsilon: 1e-5)
    /// Updates at most, where nothing is said.
    static let stepLimit = 20_000

    func execute(in context: CommandContext) throws {
        if context.cell == nil {
            if training.out == nil { throw CommandError.usage("--out DIR is needed") }
            if model == nil { throw CommandError.usage("--model DIR is needed") }
            if reward == nil { throw CommandError.usage("--reward DIR is needed") }
            if prompts == nil { throw CommandError.usage("--prompts FILE is needed") }
        }
        if let out = training.out { try ArtifactWriter.requireWritable(out) }
        let start = try context.model(model, slots: ["sft"])
        let referenceModel = try reference.map {
            try context.model($0, slots: [], option: "--reference")
        }
        let rewardModel = try context.rewardModel(reward)
        let rows = try context.prompts(prompts)
        try context.requireSameTokens(start, rewardModel, as: "the reward model")
        guard let endOfText = start.endOfText else {
            throw CommandError(
                "the model has no end-of-text token; PPO cannot tell where answers end")
        }

        let policy = LanguageModel(
            copying: start.model, heads: method.sharedTrunk ? [.value] : [])
        let encoder = ExampleEncoder(start, maxLength: training.maxLength)
        let tokenized = try rows.map { try encoder.prompt($0.text) }
        let heldOut = try watchedRows(context, encoder)
        let gold = try context.goldIfLoaded()
        let plan = context.settings.plan
        let models = PPOModels(
            policy: policy, reference: referenceModel?.model ?? start.model,
            critic: method.sharedTrunk ? nil : LanguageModel(copying: rewardModel.model),
            score: {
                sequenceScores(
                    of: rewardModel.model, on: $0.map { $0.prompt + $0.completion }, plan: plan)
            },
            text: {
                PromptedCompletion(
                    prompt: start.tokenizer.decode($0.prompt),
                    completion: start.text(of: $0.completion))
            },
            gold: gold.map { scorer in
                { $0.map { scorer.score(prompt: $0.prompt, completion: $0.completion) } }
            }, heldOut: heldOut)

        var options = training.options(
            defaults: Self.defaults, layers: policy.configuration.layerCount,
            settings: context.settings)
        if training.steps == nil && training.epochs == nil {
            options.length = .steps(Self.stepLimit)
        }
        let ppo = method.options(policyLearningRate: options.learningRate)
        try context.requireMemory(
            .ppo(
                policy: ModelSizes(policy), reference: ModelSizes(models.reference),
                critic: models.critic.map { ModelSizes($0) }, reward: ModelSizes(rewardModel.model),
                options: options, ppo: ppo, prompts: tokenized, heldOut: heldOut), for: "ppo")
        let trainer = PPOTrainer(options: options, ppo: ppo, endOfText: endOfText)
        let run = try TrainingRun(
            context, title: "ppo", arguments: training,
            fields: [
                ("objective/scores", "score"), ("objective/kl", "kl"), ("objective/gold", "gold"),
                ("completions/distinct", "distinct"),
            ])
        let outcome = try run.perform { resume, history, report in
            trainer.train(
                models, prompts: tokenized, resume: resume, history: history, report: report)
        }
        let result = LoadedModel(
            model: LanguageModel(copying: policy, heads: []), tokenizer: start.tokenizer)
        try context.write(.model(result), slot: training.into ?? "policy", out: training.out)
        var facts: [(String, String)] = []
        if case .reached(let goal) = outcome { facts.append(("stopped early", goal)) }
        run.summarize(
            unit: "updates", first: facts,
            metrics: [
                ("objective/scores", "mean score"), ("objective/gold", "mean gold score"),
                ("objective/kl", "KL, nats an answer"), ("eval/perplexity", "held-out perplexity"),
                ("completions/distinct", "distinct answers"), ("val/eos_rate", "answers that end"),
            ])
    }

    /// Held-out demonstrations whose perplexity is watched: the better half where gold is known.
    private func watchedRows(
        _ context: CommandContext, _ encoder: ExampleEncoder
    ) throws -> [TokenizedExample] {
        guard context.has("heldout") else { return [] }
        let rows = try context.demonstrations("heldout")
        let better = try BetterHalf.rows(rows, gold: context.goldIfLoaded())
        return try encoder.examples(Array(better.prefix(128)))
    }
}
