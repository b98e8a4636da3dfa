import ArgumentParser
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// `train tokenizer`: byte-level BPE from the texts of data files.
struct TrainTokenizerCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "tokenizer", abstract: "Train a byte-level BPE tokenizer.",
        discussion: """
            Sennrich et al. 2016 (arXiv:1508.07909) over bytes, split as GPT-2 splits. The end of a \
            text is the token <|endoftext|>. --data takes texts and rows of every kind that have any. Unlike the paper's, words are cut into bytes, not characters, as GPT-2 does; \
            from the merges of Hugging Face's tokenizers nothing differs. In a cell it reads the slot \
            demos and writes tokenizer.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Data or text files, or a slot.", valueName: "FILE"))
    var data: [String] = []

    @Option(help: ArgumentHelp("Tokens to have, the 256 bytes included.", valueName: "N"))
    var vocabSize = 1024

    @Option(help: ArgumentHelp("Slot for the result, in a cell.", valueName: "SLOT"))
    var into = "tokenizer"

    @Option(help: ArgumentHelp("Folder to write the tokenizer to.", valueName: "DIR"))
    var out: String?

    func execute(in context: CommandContext) throws {
        if context.cell == nil && out == nil { throw CommandError.usage("--out DIR is needed") }
        var texts: [String] = []
        if data.isEmpty {
            texts = try TextColumns.texts(
                of: context.artifact(nil, slots: ["demos"], option: "--data"))
        }
        for source in data { texts += try TextColumns.texts(source, context) }
        guard texts.contains(where: { !$0.isEmpty }) else {
            throw CommandError("the data holds no text to train a tokenizer on")
        }
        let tokenizer = try ModelFiles.trainTokenizer(texts: texts, vocabularySize: vocabSize)
        let bytes = texts.reduce(0) { $0 + $1.utf8.count }
        let tokens = texts.reduce(0) { $0 + tokenizer.encode($1).count }
        let rate = Double(bytes) / Double(max(1, tokens))
        try context.write(.tokenizer(tokenizer), slot: into, out: out)
        context.console.show(
            KeyValueList([
                ("tokens", "\(tokenizer.vocabularySize)"),
                (
                    "trained on",
                    "\(formatted(count: texts.count)) texts, \(formatted(bytes: bytes))"
                ),
                ("bytes a token", formatted(rate, significantDigits: 3)),
            ]))
        context.console.emit([
            "vocab_size": .integer(tokenizer.vocabularySize), "bytes_per_token": .number(rate),
        ])
    }
}

/// The texts a data file holds, whatever its columns; a file that is not JSON is text itself.
enum TextColumns {
    static func texts(_ source: String, _ context: CommandContext) throws -> [String] {
        if !context.has(source) && source.hasSuffix(".txt") {
            let path = context.resolve(source)
            try context.note(file: source)
            let bytes: [UInt8]
            do { bytes = try Files.read(path) } catch { throw CommandError.reading(error) }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CommandError("\(source) is not UTF-8 text; convert it first")
            }
            return [text]
        }
        return try texts(of: context.artifact(source, slots: [], option: "--data"))
    }

    static func texts(of artifact: Artifact) throws -> [String] {
        switch artifact {
        case .demonstrations(let rows): return rows.flatMap { [$0.prompt, $0.completion] }
        case .prompts(let rows): return rows.map(\.text)
        case .pairs(let rows): return rows.flatMap { [$0.prompt, $0.chosen, $0.rejected] }
        case .labelledCompletions(let rows): return rows.flatMap { [$0.prompt, $0.completion] }
        case .ratings(let rows): return rows.flatMap { [$0.prompt, $0.completion] }
        case .comparisons(let rows): return rows.flatMap { [$0.prompt, $0.left, $0.right] }
        default: throw CommandError("\(artifact.kind) has no texts to train a tokenizer on")
        }
    }
}
