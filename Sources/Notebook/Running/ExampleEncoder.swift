import Alignment
import HumanFeedback
import LanguageModels
import TerminalUI

/// Rows as token ids for a model: `encode(prompt) + encode(completion) + [end of text]`.
///
/// Prompt and completion are tokenized apart, then joined. Rows longer than the limit lose the end of
/// their completion; they are counted and said.
final class ExampleEncoder {
    private let tokenizer: Tokenizer
    private let endOfText: Int?
    private let limit: Int
    private var cutCount = 0
    private var rowCount = 0

    /// - Parameter maxLength: Tokens of a row; the model's context where nothing is said.
    init(_ loaded: LoadedModel, maxLength: Int? = nil) {
        tokenizer = loaded.tokenizer
        endOfText = loaded.endOfText
        limit = min(maxLength ?? .max, loaded.model.configuration.contextLength)
    }

    func example(prompt: String, completion: String) throws -> TokenizedExample {
        let prompt = tokenizer.encode(prompt)
        var completion = tokenizer.encode(completion)
        if let endOfText { completion.append(endOfText) }
        rowCount += 1
        if prompt.count + completion.count > limit {
            guard prompt.count < limit else {
                throw CommandError(
                    "a prompt has \(prompt.count) tokens, expected fewer than \(limit) (the model's "
                        + "context or --max-length); shorten the prompts or raise --max-length")
            }
            cutCount += 1
            completion = Array(completion.prefix(limit - prompt.count))
        }
        return TokenizedExample(prompt: prompt, completion: completion)
    }

    func examples(_ rows: [Demonstration]) throws -> [TokenizedExample] {
        try rows.map { try example(prompt: $0.prompt, completion: $0.completion) }
    }

    func pairs(_ rows: [PreferencePair]) throws -> [TokenizedPair] {
        try rows.map { row in
            let chosen = try example(prompt: row.prompt, completion: row.chosen)
            let rejected = try example(prompt: row.prompt, completion: row.rejected)
            return TokenizedPair(
                chosen: chosen.prompt + chosen.completion,
                rejected: rejected.prompt + rejected.completion, margin: Float(row.margin ?? 0),
                weight: Float(row.weight), confidence: Float(row.confidence),
                promptID: row.promptID, promptCount: chosen.prompt.count)
        }
    }

    func labelled(_ rows: [LabelledCompletion]) throws -> [LabelledExample] {
        try rows.map {
            LabelledExample(
                try example(prompt: $0.prompt, completion: $0.completion), isGood: $0.isGood)
        }
    }

    /// The prompt alone, with room for at least one new token.
    func prompt(_ text: String) throws -> [Int] {
        let tokens = tokenizer.encode(text)
        guard !tokens.isEmpty else {
            throw CommandError("the prompt is empty; type at least one word")
        }
        guard tokens.count < limit else {
            throw CommandError(
                "the prompt has \(tokens.count) tokens, expected fewer than \(limit), the model's "
                    + "context; shorten it")
        }
        return tokens
    }

    /// Says how many pairs have the same tokens on both sides, by cutting or from the start.
    func reportIdentical(_ pairs: [TokenizedPair], _ console: Console) {
        let count = pairs.count { $0.chosen == $0.rejected }
        if count == 0 { return }
        console.say(
            "\(formatted(count: count)) of \(formatted(count: pairs.count)) pairs have the same tokens "
                + "on both sides and teach nothing", .warning)
    }

    /// Says how many rows lost their end.
    func reportCuts(_ console: Console) {
        if cutCount == 0 { return }
        console.say(
            "\(formatted(count: cutCount)) of \(formatted(count: rowCount)) rows were longer than "
                + "\(limit) tokens and lost the end of their completion", .warning)
    }
}

extension LoadedModel {
    /// The token that ends a completion.
    var endOfText: Int? { model.configuration.endOfText ?? tokenizer.endOfText }

    /// A completion's text, without the end token.
    func text(of completion: [Int]) -> String {
        tokenizer.decode(completion.last == endOfText ? Array(completion.dropLast()) : completion)
    }
}
