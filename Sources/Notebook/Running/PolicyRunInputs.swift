import Alignment
import HumanFeedback
import LanguageModels

/// What a method that samples from its policy reads, from slots or from files.
struct PolicyRunInputs {
    let start: LoadedModel
    let reference: LoadedModel?
    let reward: LoadedModel
    /// Prompts as tokens.
    let prompts: [[Int]]
    /// Demonstrations whose perplexity is watched.
    let heldOut: [TokenizedExample]
    let endOfText: Int

    private let rules: CombinedReward?
    /// What the reward model's score counts.
    private let rewardWeight: Float
    private let gold: RuleScorer?
    private let settings: Settings

    /// Reads all of it and checks that it fits together.
    ///
    /// - Parameter method: Names the method in sentences, such as "PPO".
    init(
        _ context: CommandContext, _ sources: PolicySources, training: TrainingArguments,
        method: String
    ) throws {
        if context.cell == nil {
            if training.out == nil { throw CommandError.usage("--out DIR is needed") }
            if sources.model == nil { throw CommandError.usage("--model DIR is needed") }
            if sources.reward == nil { throw CommandError.usage("--reward DIR is needed") }
            if sources.prompts == nil { throw CommandError.usage("--prompts FILE is needed") }
        }
        if let out = training.out { try ArtifactWriter.requireWritable(out) }
        start = try context.model(sources.model, slots: ["sft"])
        reference = try sources.reference.map {
            try context.model($0, slots: [], option: "--reference")
        }
        reward = try context.rewardModel(sources.reward)
        context.warnIfTooWeak(reward)
        let rows = try context.prompts(sources.prompts)
        try context.requireSameTokens(start, reward, as: "the reward model")
        guard let endOfText = start.endOfText else {
            throw CommandError(
                "the model has no end-of-text token; \(method) cannot tell where answers end")
        }
        self.endOfText = endOfText
        let encoder = ExampleEncoder(start, maxLength: training.maxLength)
        prompts = try rows.map { try encoder.prompt($0.text) }
        heldOut = try Self.watchedRows(context, encoder)
        gold = try context.goldIfLoaded()
        rules = try sources.rules.combined(in: context, policy: start)
        rewardWeight = sources.rules.rewardWeight
        settings = context.settings
    }

    /// The models of a run with this policy.
    func models(policy: LanguageModel, critic: LanguageModel? = nil) -> PolicyModels {
        PolicyModels(
            policy: policy, reference: reference?.model ?? start.model, critic: critic,
            score: { [reward, settings, rewardWeight] in
                let scores = sequenceScores(
                    of: reward.model, on: $0.map { $0.prompt + $0.completion }, plan: settings.plan)
                return rewardWeight == 1 ? scores : scores.map { rewardWeight * $0 }
            }, rules: rules,
            text: { [start] in
                PromptedCompletion(
                    prompt: start.tokenizer.decode($0.prompt),
                    completion: start.text(of: $0.completion))
            },
            gold: gold.map { scorer in
                { $0.map { scorer.score(prompt: $0.prompt, completion: $0.completion) } }
            }, heldOut: heldOut)
    }

    /// Held-out demonstrations whose perplexity is watched: the better half where gold is known.
    private static func watchedRows(
        _ context: CommandContext, _ encoder: ExampleEncoder
    ) throws -> [TokenizedExample] {
        guard context.has("heldout") else { return [] }
        let rows = try context.demonstrations("heldout")
        let better = try BetterHalf.rows(rows, gold: context.goldIfLoaded())
        return try encoder.examples(Array(better.prefix(128)))
    }
}

extension TrainingRun {
    /// Shows what a run of a method that samples from its policy came to.
    func summarizePolicy(_ outcome: TrainingOutcome) {
        var facts: [(String, String)] = []
        if case .reached(let goal) = outcome { facts.append(("stopped early", goal)) }
        summarize(
            unit: "updates", first: facts,
            metrics: [
                ("objective/scores", "mean score"), ("objective/gold", "mean gold score"),
                ("objective/kl", "KL, nats an answer"), ("eval/perplexity", "held-out perplexity"),
                ("completions/distinct", "distinct answers"), ("val/eos_rate", "answers that end"),
            ])
    }

    /// The figures in the progress line of a method that samples from its policy.
    static let policyFields: [(key: String, name: String)] = [
        ("objective/scores", "score"), ("objective/kl", "kl"), ("objective/gold", "gold"),
        ("completions/distinct", "distinct"),
    ]

    /// The methods that sample from their policy, as runs are titled; they count updates.
    static let policyMethods = [
        "ppo", "rloo", "grpo", "reinforce", "rft", "online-dpo",
    ]

    /// Updates at most, where nothing is said.
    static let updateLimit = 20_000
}
