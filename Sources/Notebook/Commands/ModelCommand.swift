import Alignment
import ArgumentParser
import Autograd
import LanguageModels
import OrderedJSON
import TerminalUI

/// `model`: what a model is, what training it takes, saving it as a folder, and merging an adapter into
/// it.
struct ModelCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "model",
        abstract: "Show a model's sizes, merge its adapter, or save it as a folder.",
        discussion: """
            With the word info before it (model info policy) it also says how much memory training \
            takes here: supervised, of a reward model, and PPO with a separate and with a shared \
            critic, for rows of --max-length tokens. With the word merge (model merge policy) a model \
            with an adapter becomes one without that computes the same: in a cell it takes the \
            model's slot, or the one of --into; --save writes it to a folder. A model with an \
            adapter is saved in PEFT's layout.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp(
            "A slot or a model folder (default: policy); info or merge before it.",
            valueName: "model"))
    var words: [String] = []

    @Option(
        help: ArgumentHelp(
            "Write the model to this folder, in the Hugging Face layout.", valueName: "DIR"))
    var save: String?

    @Option(help: ArgumentHelp("Slot for the merged model, in a cell.", valueName: "SLOT"))
    var into: String?

    @Option(help: ArgumentHelp("Sequences, pairs or episodes, for info.", valueName: "N"))
    var batchSize = 8

    @Option(
        help: ArgumentHelp("Tokens of a row, for info (default: the context).", valueName: "N"))
    var maxLength: Int?

    private var isInfo: Bool { words.first == "info" }
    private var isMerge: Bool { words.first == "merge" }
    private var model: String { words.dropFirst(isInfo || isMerge ? 1 : 0).first ?? "policy" }

    func validate() throws {
        if into != nil && !isMerge { throw ValidationError("--into belongs to model merge") }
        if words.count > (isInfo || isMerge ? 2 : 1) {
            throw ValidationError("one model at a time, found \"\(words.joined(separator: " "))\"")
        }
        if !(1...1_000_000).contains(batchSize) {
            throw ValidationError("--batch-size is between 1 and 1,000,000")
        }
        if let maxLength, maxLength < 2 { throw ValidationError("--max-length is at least 2") }
    }

    func execute(in context: CommandContext) throws {
        var loaded = try context.model(model, slots: [])
        if isMerge { loaded = try merge(loaded, context) }
        let sizes = loaded.model.configuration
        let count = loaded.model.parameters.parameterCount
        let head = loaded.model.heads.contains(.score) ? "score (reward model)" : "tokens (tied)"
        var facts = [
            ("architecture", "GPT-2"), ("head", head), ("parameters", formatted(count: count)),
            ("layers", "\(sizes.layerCount)"), ("width", "\(sizes.width)"),
            ("heads", "\(sizes.headCount)"), ("context", "\(sizes.contextLength) tokens"),
            ("vocabulary", formatted(count: sizes.vocabularySize)),
        ]
        if let adapter = loaded.model.adapter {
            facts.append(
                (
                    "adapter",
                    "rank \(adapter.rank), α \(adapter.alphaText) on "
                        + "\(adapter.targets.joined(separator: ", ")): "
                        + "\(formatted(count: loaded.model.adapterParameterCount)) parameters"
                ))
        }
        if isInfo { facts.append(("size", formatted(bytes: 4 * count) + " in f32")) }
        context.console.show(KeyValueList(facts))
        var json = JSONObject([
            ("parameters", .integer(count)), ("layers", .integer(sizes.layerCount)),
            ("width", .integer(sizes.width)), ("heads", .integer(sizes.headCount)),
            ("context", .integer(sizes.contextLength)),
            ("vocabulary", .integer(sizes.vocabularySize)),
        ])
        if let adapter = loaded.model.adapter {
            json["adapter"] = [
                "rank": .integer(adapter.rank), "alpha": .number(adapter.alpha),
                "targets": .array(adapter.targets.map { .string($0) }),
                "parameters": .integer(loaded.model.adapterParameterCount),
            ]
        }
        if isInfo {
            let memory = ModelMemory(
                configuration: sizes, batchSize: batchSize, length: maxLength,
                plan: context.settings.plan, precision: context.settings.precision)
            memory.show(context.console)
            json["bytes"] = .integer(4 * count)
            json["memory"] = memory.json
        }
        context.console.emit(.object(json))
        if let save {
            try ModelFiles.write(loaded, to: save)
            context.console.say("saved to \(save)", .good, isReproducible: false)
        }
    }

    /// The model without an adapter that computes the same.
    private func merge(_ loaded: LoadedModel, _ context: CommandContext) throws -> LoadedModel {
        guard loaded.model.adapter != nil else {
            throw CommandError("\(model) has no adapter to be merged; it can be used as it is")
        }
        if context.cell == nil && save == nil {
            throw CommandError.usage("--save DIR is needed: where to write the merged model")
        }
        let merged = LoadedModel(
            model: loaded.model.merged(), tokenizer: loaded.tokenizer, worth: loaded.worth)
        if context.cell != nil {
            let slot = into ?? (context.has(model) ? model : "policy")
            try context.write(.model(merged), slot: slot)
        }
        return merged
    }
}
