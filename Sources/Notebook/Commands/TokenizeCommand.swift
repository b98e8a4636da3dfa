import ArgumentParser
import Glibc
import LanguageModels
import OrderedJSON
import TerminalUI

/// `tokenize`: text as tokens, tokens as text.
struct TokenizeCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokenize", abstract: "Show text as tokens, or tokens as text.",
        discussion: """
            The text is what stands after the command, or else standard input, whole, its line \
            ends with it. With --decode the input is token ids: separated by blanks or commas, or \
            a JSON array. Tokens are spelled as vocabularies spell them: Ġ is a space, Ċ a line end.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Tokenizer or model folder, or a slot.", valueName: "DIR"))
    var tokenizer: String?

    @Flag(help: "The input is token ids.")
    var decode = false

    @Argument(help: "The text, or the ids.")
    var input: [String] = []

    func execute(in context: CommandContext) throws {
        let tokenizer = try readTokenizer(context)
        if input.isEmpty && context.cell != nil {
            throw CommandError.usage(
                "there is no text to tokenize; type it after the command, in quotes")
        }
        let text = input.isEmpty ? try StandardInput.text() : input.joined(separator: " ")
        let ids = decode ? try TokenIDs.parse(text) : tokenizer.encode(text)
        if let id = tokenizer.firstUnknownID(in: ids) {
            throw CommandError(
                "\(id) is no token of this tokenizer, expected ids from 0 to "
                    + "\(tokenizer.vocabularySize - 1)")
        }
        let view = TokensView(tokenizer: tokenizer, ids: ids)
        if decode {
            showText(tokenizer.decode(ids), context.console)
        } else {
            context.console.show(view)
        }
        var object = JSONObject([
            ("ids", .array(ids.map { .integer($0) })),
            ("tokens", .array(ids.map { .string(tokenizer.token($0) ?? "") })),
        ])
        if decode { object["text"] = .string(tokenizer.decode(ids)) }
        context.console.emit(.object(object))
    }

    /// The text as it is, byte for byte, where it goes to a file.
    private func showText(_ text: String, _ console: Console) {
        if console.mode == .json { return }
        if console.capabilities.isTerminal || console.onOutput != nil {
            console.say(text)
        } else {
            console.write(text)
        }
    }

    /// The tokenizer alone: a model's weights are not read for it.
    private func readTokenizer(_ context: CommandContext) throws -> Tokenizer {
        guard let source = tokenizer, !context.has(source) else {
            return try context.tokenizer(tokenizer)
        }
        try context.note(file: source)
        return try Tokenizer(folder: context.resolve(source))
    }
}

/// Tokens as a table, with the bytes each one stands for.
struct TokensView: Renderable {
    let tokenizer: Tokenizer
    let ids: [Int]

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        if ids.isEmpty { return ["the empty text has no tokens"] }
        let rows = ids.enumerated().map { index, id in
            ["\(index)", "\(id)", tokenizer.token(id) ?? "", Self.visible(tokenizer.decode([id]))]
        }
        let bytes = tokenizer.decodeBytes(ids).count
        let rate = formatted(Double(bytes) / Double(ids.count), significantDigits: 3)
        let summary =
            "\(SentenceParts.count(ids.count, "token")), \(SentenceParts.count(bytes, "byte")), "
            + "\(rate) bytes a token"
        return Table(headers: ["place", "id", "token", "text"], rows: rows)
            .lines(width: width, capabilities: capabilities) + [StyledLine(summary, .dim)]
    }

    /// A text in quotes, its control characters in letters.
    private static func visible(_ text: String) -> String { JSON.string(text).text }
}

/// Token ids as people and programs write them.
enum TokenIDs {
    /// - Throws: `CommandError` with the first word that is no id.
    static func parse(_ text: String) throws(CommandError) -> [Int] {
        let isSeparator = { (character: Character) in
            character.isWhitespace || character == "," || character == "[" || character == "]"
        }
        var ids: [Int] = []
        for word in text.split(whereSeparator: isSeparator) {
            guard let id = Int(word), id >= 0 else {
                throw CommandError(
                    "\"\(word)\" is no token id, expected whole numbers from 0 up, separated by "
                        + "blanks or commas")
            }
            ids.append(id)
        }
        return ids
    }
}

/// What is sent to the program.
enum StandardInput {
    /// All of it.
    static func text() throws(CommandError) -> String {
        var bytes: [UInt8] = []
        while case let byte = getchar(), byte != EOF {
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandError(
                "standard input is not UTF-8 text; convert it first, for example with iconv -t "
                    + "UTF-8"
            )
        }
        return text
    }
}
