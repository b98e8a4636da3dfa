import ArgumentParser
import Autograd
import LanguageModels
import OrderedJSON
import TerminalUI

/// `model`: what a model is, and saving it as a folder.
struct ModelCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "Show a model's sizes, or save it as a folder.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A slot or a model folder.")
    var model: String = "policy"

    @Option(
        help: ArgumentHelp(
            "Write the model to this folder, in the Hugging Face layout.", valueName: "DIR"))
    var save: String?

    func execute(in context: CommandContext) throws {
        let loaded = try context.model(model, slots: [])
        let sizes = loaded.model.configuration
        let head = loaded.model.heads.contains(.score) ? "score (reward model)" : "tokens (tied)"
        context.console.show(
            KeyValueList([
                ("architecture", "GPT-2"), ("head", head),
                ("parameters", formatted(count: loaded.model.parameters.parameterCount)),
                ("layers", "\(sizes.layerCount)"), ("width", "\(sizes.width)"),
                ("heads", "\(sizes.headCount)"), ("context", "\(sizes.contextLength) tokens"),
                ("vocabulary", formatted(count: sizes.vocabularySize)),
            ]))
        context.console.emit([
            "parameters": .integer(loaded.model.parameters.parameterCount),
            "layers": .integer(sizes.layerCount), "width": .integer(sizes.width),
            "heads": .integer(sizes.headCount), "context": .integer(sizes.contextLength),
            "vocabulary": .integer(sizes.vocabularySize),
        ])
        if let save {
            try ModelFiles.write(loaded, to: save)
            context.console.say("saved to \(save)", .good, isReproducible: false)
        }
    }
}
