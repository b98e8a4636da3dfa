import Foundation
import LanguageModels
import Testing

/// The first tutorial's demonstrations, tokenized as its supervised baseline reads them.
struct TutorialDemonstrations {
    static let vocabularySize = 1024

    let examples: [TokenizedExample]
    let endOfText: Int

    private struct Row: Decodable { let prompt, completion: String }

    /// - Parameter count: Rows, from the start of the file; the tokenizer learns from these alone.
    init(first count: Int) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "Tutorials/01-align-a-model/demonstrations.jsonl")
        let rows = try Data(contentsOf: file).split(separator: 10).prefix(count)
            .map { try JSONDecoder().decode(Row.self, from: $0) }
        try #require(rows.count == count)
        let trained = try Tokenizer.trained(
            on: rows.map { $0.prompt + $0.completion },
            configuration: TokenizerTrainingConfiguration(vocabularySize: Self.vocabularySize))
        let tokenizer = try #require(trained)
        let end = try #require(tokenizer.endOfText)
        endOfText = end
        examples = rows.map {
            TokenizedExample(
                prompt: tokenizer.encode($0.prompt),
                completion: tokenizer.encode($0.completion) + [end])
        }
    }
}
