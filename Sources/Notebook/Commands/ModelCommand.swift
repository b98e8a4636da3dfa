import Alignment
import ArgumentParser
import Autograd
import LanguageModels
import OrderedJSON
import TerminalUI

/// `model`: what a model is, what training it takes, and saving it as a folder.
struct ModelCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Show a model's sizes, or save it as a folder.",
        discussion: """
            With the word info before it (model info policy) it also says how much memory training \
            takes here: supervised, of a reward model, and PPO with a separate and with a shared \
            critic, for rows of --max-length tokens.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(
        help: ArgumentHelp(
            "A slot or a model folder (default: policy); info before it.", valueName: "model"))
    var words: [String] = []

    @Option(
        help: ArgumentHelp(
            "Write the model to this folder, in the Hugging Face layout.", valueName: "DIR"))
    var save: String?

    @Option(help: ArgumentHelp("Sequences, pairs or episodes, for info.", valueName: "N"))
    var batchSize = 8

    @Option(
        help: ArgumentHelp("Tokens of a row, for info (default: the context).", valueName: "N"))
    var maxLength: Int?

    private var isInfo: Bool { words.first == "info" }
    private var model: String { words.dropFirst(isInfo ? 1 : 0).first ?? "policy" }

    func validate() throws {
        if words.count > (isInfo ? 2 : 1) {
            throw ValidationError("one model at a time, found \"\(words.joined(separator: " "))\"")
        }
        if !(1...1_000_000).contains(batchSize) {
            throw ValidationError("--batch-size is between 1 and 1,000,000")
        }
        if let maxLength, maxLength < 2 { throw ValidationError("--max-length is at least 2") }
    }

    func execute(in context: CommandContext) throws {
        let loaded = try context.model(model, slots: [])
        let sizes = loaded.model.configuration
        let count = loaded.model.parameters.parameterCount
        let head = loaded.model.heads.contains(.score) ? "score (reward model)" : "tokens (tied)"
        var facts = [
            ("architecture", "GPT-2"), ("head", head), ("parameters", formatted(count: count)),
            ("layers", "\(sizes.layerCount)"), ("width", "\(sizes.width)"),
            ("heads", "\(sizes.headCount)"), ("context", "\(sizes.contextLength) tokens"),
            ("vocabulary", formatted(count: sizes.vocabularySize)),
        ]
        if isInfo { facts.append(("size", formatted(bytes: 4 * count) + " in f32")) }
        context.console.show(KeyValueList(facts))
        var json = JSONObject([
            ("parameters", .integer(count)), ("layers", .integer(sizes.layerCount)),
            ("width", .integer(sizes.width)), ("heads", .integer(sizes.headCount)),
            ("context", .integer(sizes.contextLength)),
            ("vocabulary", .integer(sizes.vocabularySize)),
        ])
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
}
