import Alignment
import ArgumentParser
import Autograd
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// `train sft`: the supervised baseline.
struct TrainSupervisedCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "sft", abstract: "Supervised fine-tuning on demonstrations.",
        discussion: """
            The first step of Ouyang et al. 2022 (arXiv:2203.02155). The loss is the mean \
            cross-entropy over the completions' tokens and the end token, all of the batch's alike. \
            Unlike TRL's, prompt and completion are tokenised apart, and rows are never packed into \
            one another. --data takes rows {"prompt", "completion"}, {"text"} or messages. In a cell it \
            reads the slots demos and tokenizer and writes sft and policy. Without --model or \
            --from-scratch a cell starts from scratch with the small default model.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var training: TrainingArguments

    @Option(help: ArgumentHelp("Model folder or slot to start from.", valueName: "DIR"))
    var model: String?

    @Option(
        help: ArgumentHelp(
            "Start from random weights: a config.json, a folder with one, or sizes such as "
                + "layers=4,width=128,heads=4,context=128.", valueName: "CONFIG"))
    var fromScratch: String?

    @Option(help: ArgumentHelp("Tokenizer folder or slot, with --from-scratch.", valueName: "DIR"))
    var tokenizer: String?

    @Option(
        help: ArgumentHelp("Rows {\"text\"} or {\"prompt\", \"completion\"}.", valueName: "FILE"))
    var data: String?

    @Option(help: ArgumentHelp("Rows to evaluate on.", valueName: "FILE"))
    var evalData: String?

    @Option(help: ArgumentHelp("Share of the prompts to hold out for evaluation.", valueName: "X"))
    var evalFraction: Double = 0

    static let defaults = TrainingDefaults(epochs: 3, batchSize: 8, learningRate: 2e-5)

    func validate() throws {
        if model != nil && fromScratch != nil {
            throw ValidationError("--model and --from-scratch exclude each other")
        }
        if !(0..<1).contains(evalFraction) {
            throw ValidationError("--eval-fraction is at least 0 and below 1")
        }
    }

    func execute(in context: CommandContext) throws {
        if context.cell == nil {
            if training.out == nil { throw CommandError.usage("--out DIR is needed") }
            if data == nil { throw CommandError.usage("--data FILE is needed") }
            if model == nil && fromScratch == nil {
                throw CommandError.usage("--model DIR or --from-scratch CONFIG is needed")
            }
        }
        if let out = training.out { try ArtifactWriter.requireWritable(out) }
        let demonstrations = try context.demonstrations(data)
        let start = try startingModel(context)
        let options = training.options(
            defaults: Self.defaults, layers: start.model.configuration.layerCount,
            settings: context.settings)
        let split = PromptSplit(
            demonstrations, heldOutFraction: evalFraction, seed: context.settings.seed)
        var heldOutRows = split.heldOut
        if let evalData {
            heldOutRows += try context.demonstrations(evalData, option: "--eval-data")
        }
        let encoder = ExampleEncoder(start, maxLength: training.maxLength)
        let examples = try encoder.examples(split.training)
        let heldOut = try encoder.examples(heldOutRows)
        encoder.reportCuts(context.console)
        try context.requireMemory(
            .supervised(
                ModelSizes(start.model), options: options, examples: examples, heldOut: heldOut),
            for: "sft")

        let run = try TrainingRun(
            context, title: "sft", arguments: training,
            fields: [("loss", "loss"), ("mean_token_accuracy", "acc"), ("eval/loss", "held-out")])
        _ = try run.perform { resume, history, report in
            SupervisedTrainer(options: options).train(
                start.model, on: examples, heldOut: heldOut, resume: resume, history: history,
                report: report)
        }
        let result = LoadedModel(model: start.model, tokenizer: start.tokenizer)
        let slot = training.into ?? "sft"
        try context.write(.model(result), slot: slot, out: training.out)
        if training.into == nil { try context.write(.model(result), slot: "policy") }
        summarize(context, run, rows: examples.count, heldOut: heldOut.count)
    }

    private func startingModel(_ context: CommandContext) throws -> LoadedModel {
        let isFresh = fromScratch != nil || context.cell != nil && model == nil
        if isFresh && training.lora.isGiven {
            throw CommandError.usage(
                "--lora-rank adapts a model that has been trained; name it with --model")
        }
        if let fromScratch {
            return try FreshModel.make(fromScratch, tokenizer: tokenizer, context)
        }
        if context.cell != nil && model == nil {
            return try FreshModel.make(FreshModel.defaultSizes, tokenizer: tokenizer, context)
        }
        let loaded = try context.model(model, slots: ["sft"])
        return LoadedModel(
            model: try training.trainable(loaded, heads: [], settings: context.settings),
            tokenizer: loaded.tokenizer)
    }

    private func summarize(
        _ context: CommandContext, _ run: TrainingRun, rows: Int, heldOut: Int
    ) {
        guard let last = run.lastRow else { return }
        var facts = [
            ("trained on", "\(formatted(count: rows)) rows, \(last.step) steps"),
            ("last loss", formatted(last["loss"] ?? .nan, significantDigits: 3) + " nats a token"),
        ]
        if let loss = last["eval/loss"] {
            facts.append(
                (
                    "held-out loss",
                    "\(formatted(loss, significantDigits: 3)) over \(formatted(count: heldOut)) rows"
                ))
        }
        context.console.show(KeyValueList(facts))
    }
}
