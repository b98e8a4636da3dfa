import Alignment
import ArgumentParser
import Autograd
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// `train reward`: a reward model from preference pairs.
struct TrainRewardCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "reward", abstract: "Train a reward model on preference pairs.",
        discussion: """
            The Bradley-Terry loss (Stiennon et al. 2020, arXiv:2009.01325) on a scalar head read at \
            the last token. Pairs are split by prompt, and all pairs of a prompt are in one batch. \
            Scores end with mean 0 and deviation 1 over the demonstrations where there are any. In a \
            cell it reads the slots sft, pairs and demos and writes reward.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments

    @Option(help: ArgumentHelp("Model folder or slot to start from.", valueName: "DIR"))
    var model: String?

    @Option(help: ArgumentHelp("Preference rows.", valueName: "FILE"))
    var pairs: String?

    @Option(help: ArgumentHelp("Share of the prompts to hold out.", valueName: "X"))
    var evalFraction: Double = 0.1

    @Option(
        help: ArgumentHelp("Demonstrations over which scores get mean 0.", valueName: "FILE"))
    var demonstrations: String?

    @Option(
        help: ArgumentHelp(
            "Factor of (chosen + rejected)² in the loss; 0.01 is usual, 0 leaves it out.",
            valueName: "X"))
    var centerRewardsCoefficient: Float = 0

    @Option(help: ArgumentHelp("Use only the first N pairs.", valueName: "N"))
    var limit: Int?

    static let defaults = TrainingDefaults(epochs: 1, batchSize: 8, learningRate: 1e-4)

    func validate() throws {
        if !(0..<1).contains(evalFraction) {
            throw ValidationError("--eval-fraction is at least 0 and below 1")
        }
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        if context.cell == nil {
            if training.out == nil { throw CommandError.usage("--out DIR is needed") }
            if model == nil { throw CommandError.usage("--model DIR is needed") }
            if pairs == nil { throw CommandError.usage("--pairs FILE is needed") }
        }
        if let out = training.out { try ArtifactWriter.requireWritable(out) }
        var rows = try context.pairs(pairs)
        if let limit { rows = Array(rows.prefix(limit)) }
        let start = try context.model(model, slots: ["sft"])
        let reward = try training.trainable(
            start, heads: [.score], settings: context.settings)
        if !start.model.heads.contains(.score) {
            reward.initializeScoreHead(seed: context.settings.seed)
        }
        let loaded = LoadedModel(model: reward, tokenizer: start.tokenizer)
        let options = training.options(
            defaults: Self.defaults, layers: reward.configuration.layerCount,
            settings: context.settings)
        let split = PromptSplit(rows, heldOutFraction: evalFraction, seed: context.settings.seed)
        let encoder = ExampleEncoder(loaded, maxLength: training.maxLength)
        let trainingPairs = try encoder.pairs(split.training)
        let heldOut = try encoder.pairs(split.heldOut)
        encoder.reportCuts(context.console)
        guard !trainingPairs.isEmpty else {
            throw CommandError("no pairs are left to train on; lower --eval-fraction or add pairs")
        }
        try context.requireMemory(
            .reward(
                ModelSizes(reward), options: options, pairs: trainingPairs, heldOut: heldOut),
            for: "reward")

        let run = try TrainingRun(
            context, title: "reward", arguments: training,
            fields: [
                ("loss", "loss"), ("rewards/accuracies", "acc"), ("rewards/margins", "margin"),
            ])
        _ = try run.perform { resume, history, report in
            RewardTrainer(
                options: options, centeringCoefficient: centerRewardsCoefficient
            ).train(
                reward, on: trainingPairs, heldOut: heldOut, resume: resume, history: history,
                report: report)
        }
        try normalize(loaded, encoder, context)
        try context.write(.model(loaded), slot: training.into ?? "reward", out: training.out)
        try RewardReport(
            model: loaded, rows: split.heldOut, tokenized: heldOut,
            trainingCount: trainingPairs.count, gold: context.goldIfLoaded(), context: context
        ).show(in: context)
    }

    private func normalize(
        _ loaded: LoadedModel, _ encoder: ExampleEncoder, _ context: CommandContext
    ) throws {
        guard demonstrations != nil || context.has("demos") else { return }
        let rows = try context.demonstrations(demonstrations, option: "--demonstrations")
        // A thousand rows fix mean and deviation to a few percent.
        let sequences = try encoder.examples(Array(rows.prefix(1_000))).map {
            $0.prompt + $0.completion
        }
        normalizeScores(of: loaded.model, on: sequences, plan: context.settings.plan)
    }
}
