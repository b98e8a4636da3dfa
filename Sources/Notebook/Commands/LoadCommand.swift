import ArgumentParser
import TerminalUI

/// `:load`: puts a file or a folder into a slot.
struct LoadCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Put a data file, model folder or rules into a slot.",
        discussion: """
            What the file holds is found out from its rows. Usual slots: demos, heldout, prompts, \
            pairs, thumbs, ratings, comparisons, votes, gold, tokenizer, sft, policy, reward.
            """)
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The slot's name.")
    var slot: String

    @Argument(help: "A file, or a model or tokenizer folder.", completion: .file())
    var file: String?

    @Option(
        help: ArgumentHelp("Labelling configuration of a Label Studio export.", valueName: "FILE"))
    var config: String?

    func validate() throws {
        if file == nil {
            throw ValidationError(
                Self.isSlotName(slot)
                    ? "a file or a folder is missing: :load \(slot) FILE"
                    : "a slot is missing, the name it is to have here: for example "
                        + ":load demos \(slot) or :load pairs \(slot)")
        }
        if !Self.isSlotName(slot) {
            throw ValidationError("a slot's name has letters, digits, \"-\" and \"_\" only")
        }
    }

    static func isSlotName(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy {
                ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) || ($0 >= 0x30 && $0 <= 0x39)
                    || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }

    func execute(in context: CommandContext) throws {
        guard let file else { return }
        let artifact = try context.read(path: file, configuration: config)
        try context.write(artifact, slot: slot)
        context.console.show(
            StyledLine(slot, .strong) + StyledLine(": \(artifact.size), \(artifact.kind)"))
    }
}
