import ArgumentParser
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// `compare`: completions of two models side by side.
struct CompareCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "compare", abstract: "Show completions of two models side by side.",
        discussion: "In a cell the prompts come from the slot eval-prompts, or else prompts.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sampling: SamplingArguments

    @Argument(help: "The first model: a slot or folder.")
    var first: String = "sft"

    @Argument(help: "The second model: a slot or folder.")
    var second: String = "policy"

    @Option(help: ArgumentHelp("Prompt rows or slot.", valueName: "FILE"))
    var prompts: String?

    @Option(help: ArgumentHelp("Prompts to show.", valueName: "N"))
    var count = 3

    func validate() throws {
        if count < 1 { throw ValidationError("--count is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        let models = try [first, second].map { try context.model($0, slots: []) }
        let rows = try context.prompts(prompts, slots: ["eval-prompts", "prompts"])
        // Spread over the file, so that neighbouring prompts about one topic are not all there is.
        let chosen = (0..<min(count, rows.count)).map {
            rows[$0 * rows.count / min(count, rows.count)]
        }
        let gold = try context.goldIfLoaded()
        let answers = try models.map { loaded in
            try Answering(
                loaded: loaded, sampling: sampling.parameters, maxNewTokens: sampling.maxNewTokens,
                settings: context.settings
            ).answers(to: chosen.map(\.text))
        }
        for (place, prompt) in chosen.enumerated() {
            let pair = answers.map { $0[place] }
            func box(_ index: Int, _ name: String) -> TextBox {
                let text = pair[index].completion.trimmingBlanks
                let score = gold.map {
                    "  (gold \(formatted($0.score(prompt: prompt.text, completion: pair[index].completion), decimals: 1)))"
                }
                return TextBox(title: name + (score ?? ""), text: text.isEmpty ? "(empty)" : text)
            }
            context.console.show(
                Stack([
                    Paragraph(prompt.text, .strong),
                    SideBySide(left: box(0, first), right: box(1, second)),
                ]))
            context.console.emit([
                "prompt": .string(prompt.text), first: .string(pair[0].completion),
                second: .string(pair[1].completion),
            ])
        }
    }
}
