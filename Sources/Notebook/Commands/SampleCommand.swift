import ArgumentParser
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// `:sample`, and any text at the prompt: the policy answers.
struct SampleCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample", abstract: "Let a model answer a text.",
        discussion: """
            In a cell it asks the slot policy (or sft before there is one). When the demonstrations' \
            prompts all share a frame such as "Question: ... Answer:", the text is put into it. --best-of N \
            gives the answer of N that the reward model likes best (Stiennon et al. 2020, \
            arXiv:2009.01325).
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sampling: SamplingArguments
    @OptionGroup var best: BestOfArguments

    @Argument(help: "The text to answer.")
    var text: [String]

    @Option(help: ArgumentHelp("Model folder or slot.", valueName: "DIR"))
    var model: String?

    @Option(help: ArgumentHelp("Answers to give.", valueName: "N"))
    var n = 1

    @Flag(help: "Give the text to the model as it is, without the prompts' frame.")
    var raw = false

    func validate() throws {
        if n < 1 { throw ValidationError("--n is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        let loaded = try context.model(model, slots: ["policy", "sft"])
        let words = text.joined(separator: " ")
        let frame = raw ? nil : try PromptFrame.ofDemonstrations(context)
        let prompt = frame?.filled(words) ?? words
        let answering = Answering(
            loaded: loaded, sampling: sampling.parameters, maxNewTokens: sampling.maxNewTokens,
            settings: context.settings)
        let chooser = try best.chooser(for: loaded, context)
        let answers = try answering.answers(to: [prompt], count: n * (chooser?.size ?? 1))
        let picked = chooser?.best(of: answers)
        for (place, answer) in (picked?.map(\.answer) ?? answers).enumerated() {
            let completion = answer.completion.trimmingBlanks
            context.console.show(Paragraph(completion.isEmpty ? "(an empty answer)" : completion))
            context.console.emit(answer.json(score: picked?[place].score))
        }
        if let chooser, let picked {
            context.console.say(chooser.sentence(picked.map(\.score)), .dim)
        }
    }
}

/// What the prompts of a data set have around their varying part.
struct PromptFrame: Equatable {
    let before: String
    let after: String

    /// The longest beginning and end that all of at least 20 different prompts share, cut at blanks.
    init?(of prompts: [String]) {
        let distinct = Set(prompts)
        guard distinct.count >= 20, let first = prompts.first else { return nil }
        var start = Array(first.utf8)[...]
        var end = start
        for prompt in distinct {
            let bytes = Array(prompt.utf8)
            start = start.prefix(zip(start, bytes).prefix { $0 == $1 }.count)
            end = end.suffix(zip(end.reversed(), bytes.reversed()).prefix { $0 == $1 }.count)
        }
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x0A }
        while let last = start.last, !isBlank(last) { start.removeLast() }
        while let next = end.first, !isBlank(next) { end.removeFirst() }
        guard !start.isEmpty || !end.isEmpty else { return nil }
        before = String(decoding: start, as: UTF8.self)
        after = String(decoding: end, as: UTF8.self)
    }

    func filled(_ text: String) -> String {
        text.hasPrefix(before) && !before.isEmpty ? text : before + text + after
    }

    /// The frame of the session's demonstrations, if it has any.
    static func ofDemonstrations(_ context: CommandContext) throws -> PromptFrame? {
        guard context.has("demos") else { return nil }
        return PromptFrame(of: try context.demonstrations(nil).map(\.prompt))
    }
}

extension String {
    /// Without blanks at both ends.
    var trimmingBlanks: String {
        var text = self[...]
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
