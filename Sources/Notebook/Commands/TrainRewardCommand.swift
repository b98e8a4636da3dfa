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
        commandName: "reward",
        abstract: "Train a reward model on pairs, rankings, thumbs or ratings.",
        discussion: """
            The Bradley-Terry loss (Stiennon et al. 2020, arXiv:2009.01325) on a scalar head read at \
            the last token; pairs may have margins and weights. --loss plackett-luce takes rankings as \
            wholes, classifier thumbs (the score is the logit of good less that of bad), regression \
            ratings (brought to mean 0 and deviation 1), all from --data. --heads trains an \
            ensemble: each head on a bootstrap sample of its own, the score their mean, and the \
            report says how far they are apart. --data has rows {"prompt", "ranking"}, {"prompt", \
            "completion", "label"}, {"prompt", "completion", "rating"}, or UltraFeedback's. Scores end \
            with mean 0 and deviation 1 over the demonstrations where there are any. Unlike TRL's, pairs \
            that are too long are cut and counted, not left out; weights count; rows are split by \
            prompt, and all of a prompt are in one batch. In a cell it reads the slots sft, pairs and \
            demos and writes reward; its scores are set against the truth where the slot gold is filled.
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

    @Option(
        help: ArgumentHelp(
            "What is learned from: bradley-terry, plackett-luce, classifier or regression.",
            valueName: "NAME"))
    var loss = RewardInputs.Loss.bradleyTerry

    @Option(
        help: ArgumentHelp(
            "Rankings, thumbs or ratings, for the losses other than bradley-terry.",
            valueName: "FILE"))
    var data: String?

    @Option(help: ArgumentHelp("Heads of an ensemble; their mean is the score.", valueName: "N"))
    var heads = 1

    @Option(help: ArgumentHelp("Use only the first N pairs.", valueName: "N"))
    var limit: Int?

    static let defaults = TrainingDefaults(epochs: 1, batchSize: 8, learningRate: 1e-4)

    func validate() throws {
        if !(0..<1).contains(evalFraction) {
            throw ValidationError("--eval-fraction is at least 0 and below 1")
        }
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
        if !(1...64).contains(heads) { throw ValidationError("--heads is between 1 and 64") }
        if loss == .bradleyTerry, data != nil {
            throw ValidationError(
                "--data belongs to --loss plackett-luce, classifier or regression; pairs are --pairs"
            )
        }
        if loss != .bradleyTerry {
            if data == nil { throw ValidationError("--loss \(loss.rawValue) needs --data FILE") }
            if pairs != nil { throw ValidationError("--pairs belongs to --loss bradley-terry") }
            if centerRewardsCoefficient != 0 {
                throw ValidationError(
                    "--center-rewards-coefficient belongs to --loss bradley-terry")
            }
        }
    }

    func execute(in context: CommandContext) throws {
        if context.cell == nil {
            if training.out == nil { throw CommandError.usage("--out DIR is needed") }
            if model == nil { throw CommandError.usage("--model DIR is needed") }
            if pairs == nil && data == nil {
                throw CommandError.usage("--pairs FILE is needed")
            }
        }
        if let out = training.out { try ArtifactWriter.requireWritable(out) }
        let rows = try RewardInputs.Rows(self, in: context)
        let start = try context.model(model, slots: ["sft"])
        let reward = try training.trainable(
            start, heads: [.score], scoreHeads: heads > 1 ? heads : 0, settings: context.settings)
        if !start.model.heads.contains(.score) || reward.scoreHeadCount > 0 {
            reward.initializeScoreHead(seed: context.settings.seed)
        }
        let loaded = LoadedModel(model: reward, tokenizer: start.tokenizer)
        let options = training.options(
            defaults: Self.defaults, layers: reward.configuration.layerCount,
            settings: context.settings)
        let encoder = ExampleEncoder(loaded, maxLength: training.maxLength)
        let inputs = try RewardInputs(
            rows, heldOutFraction: evalFraction, seed: context.settings.seed, encoder: encoder)
        encoder.reportCuts(context.console)
        guard inputs.training.count > 0 else {
            throw CommandError("no pairs are left to train on; lower --eval-fraction or add pairs")
        }
        try context.requireMemory(
            .reward(
                ModelSizes(reward), options: options, judgements: inputs.training,
                heldOut: inputs.heldOut), for: "reward")

        let run = try TrainingRun(
            context, title: "reward", arguments: training,
            fields: [
                ("loss", "loss"), ("rewards/accuracies", "acc"), ("rewards/margins", "margin"),
            ])
        _ = try run.perform { resume, history, report in
            RewardTrainer(
                options: options, centeringCoefficient: centerRewardsCoefficient
            ).train(
                reward, on: inputs.training, heldOut: inputs.heldOut, resume: resume,
                history: history,
                report: report)
        }
        let ratings = RatingReport(
            inputs.heldOutRatings, loss: loss, model: reward, plan: context.settings.plan)
        try normalize(loaded, encoder, context)
        let report = try RewardReport(
            model: loaded, rows: inputs.heldOutRows, tokenized: inputs.heldOut,
            trainingCount: inputs.training.count, unit: loss.unit, gold: context.goldIfLoaded(),
            context: context)
        let result = LoadedModel(
            model: reward, tokenizer: start.tokenizer,
            worth: report.votes.count > 0 ? report.worth : nil)
        try context.write(.model(result), slot: training.into ?? "reward", out: training.out)
        ratings?.show(in: context)
        if ratings == nil || report.votes.count > 0 { report.show(in: context) }
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
