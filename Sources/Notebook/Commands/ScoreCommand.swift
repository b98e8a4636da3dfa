import Alignment
import ArgumentParser
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// `score`: how likely a language model finds completions, or how good a reward model.
struct ScoreCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "score", abstract: "Log-probabilities or rewards of completions.",
        discussion: """
            A language model gives the log-probability of each completion token and of the end \
            token, and their sum; a reward model gives the score at the last token. Rows have \
            prompt and completion, chosen and rejected, or text. With --json there is one line a \
            row, in the order of the file.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Model folder or slot.", valueName: "DIR"))
    var model: String?

    @Option(help: ArgumentHelp("Data file or slot.", valueName: "FILE"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "Cut rows to this many tokens; without it a row longer than the context is refused.",
            valueName: "N"))
    var maxLength: Int?

    func validate() throws {
        if let maxLength, maxLength < 2 { throw ValidationError("--max-length is at least 2") }
    }

    func execute(in context: CommandContext) throws {
        if context.cell == nil && model == nil { throw CommandError.usage("--model DIR is needed") }
        guard let data else { throw CommandError.usage("--data FILE is needed") }
        let file = try context.feedbackFile(data)
        let loaded = try context.model(model, slots: ["policy", "sft"])
        let rows = try ScoredRow.rows(of: file)
        let encoder = ScoringEncoder(loaded, maxLength: maxLength, path: file.path)
        let texts = try rows.flatMap { row in
            try row.completions.map {
                try encoder.example(prompt: row.prompt, completion: $0, line: row.line)
            }
        }
        let scorer = CompletionScorer(model: loaded.model, plan: context.settings.plan)
        let view = ScoreView(
            rows: rows, scores: scorer.scores(of: texts.map(\.example)), texts: texts,
            isReward: loaded.model.heads.contains(.score))
        if Interrupts.isRaised { throw CommandError.interrupted("scoring was stopped") }
        for line in view.json { context.console.emit(line) }
        view.show(context.console)
    }
}

/// A row of a file as a prompt with its completions: one, or a chosen and a rejected one.
struct ScoredRow {
    let line: Int
    let prompt: String
    let completions: [String]

    /// - Throws: `FeedbackError.wrongShape` for files without completions.
    static func rows(of file: FeedbackFile) throws(FeedbackError) -> [ScoredRow] {
        let contents: [(prompt: String, completions: [String])]
        switch file.data {
        case .demonstrations(let rows): contents = rows.map { ($0.prompt, [$0.completion]) }
        case .labelledCompletions(let rows): contents = rows.map { ($0.prompt, [$0.completion]) }
        case .ratings(let rows): contents = rows.map { ($0.prompt, [$0.completion]) }
        case .pairs(let rows): contents = rows.map { ($0.prompt, [$0.chosen, $0.rejected]) }
        case .prompts, .comparisons, .rankings, .votes, .labelled:
            throw .wrongShape(
                path: file.path, expected: [.promptCompletion, .preference, .text],
                found: file.shape)
        }
        return zip(contents, file.lines).map {
            ScoredRow(line: $1, prompt: $0.prompt, completions: $0.completions)
        }
    }
}

/// Rows as tokens: `encode(prompt) + encode(completion) + [end of text]`.
struct ScoringEncoder {
    /// A completion's tokens, and whether its end was cut off.
    struct Text {
        let example: TokenizedExample
        let isCut: Bool
    }

    private let loaded: LoadedModel
    private let limit: Int
    private let cuts: Bool
    private let path: String

    init(_ loaded: LoadedModel, maxLength: Int?, path: String) {
        self.loaded = loaded
        self.path = path
        cuts = maxLength != nil
        limit = min(maxLength ?? .max, loaded.model.configuration.contextLength)
    }

    /// - Throws: `CommandError` with file and line for a row that is empty or too long.
    func example(prompt: String, completion: String, line: Int) throws(CommandError) -> Text {
        let prompt = loaded.tokenizer.encode(prompt)
        var completion = loaded.tokenizer.encode(completion)
        if let endOfText = loaded.endOfText { completion.append(endOfText) }
        let count = prompt.count + completion.count
        let place = SentenceParts.place(path, line)
        guard count > 0 else {
            throw CommandError("\(place): the row is empty, expected a text; take it out")
        }
        guard count > limit else {
            return Text(
                example: TokenizedExample(prompt: prompt, completion: completion), isCut: false)
        }
        guard cuts else {
            throw CommandError(
                "\(place): the row has \(count) tokens, expected at most \(limit), the model's "
                    + "context; shorten it, or cut such rows with --max-length \(limit)")
        }
        guard prompt.count < limit else {
            throw CommandError(
                "\(place): the prompt has \(prompt.count) tokens, expected fewer than \(limit); "
                    + "shorten it")
        }
        let kept = Array(completion.prefix(limit - prompt.count))
        return Text(example: TokenizedExample(prompt: prompt, completion: kept), isCut: true)
    }
}
