import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct TokenizerTrainingTests {
    static func trained(
        _ texts: [String], _ size: Int, minimumFrequency: Int = 2
    ) throws -> Tokenizer? {
        try Tokenizer.trained(
            on: texts,
            configuration: .init(vocabularySize: size, minimumFrequency: minimumFrequency))
    }

    @Test func aTrainedTokenizerIsTheOneTheLibraryTrains() throws {
        let text = try TokenizerFixture.text("training.txt")
        let tokenizer = try #require(try Self.trained([text], 700))
        let library = try TokenizerFixture.tokenizer()
        #expect(tokenizer.spellings == library.spellings)
        #expect(tokenizer.merges == library.merges)
        #expect(tokenizer == library)
        #expect(tokenizer.endOfText == 0)
    }

    @Test func otherTrainingsGiveTheLibrarysMergesToo() throws {
        let text = try TokenizerFixture.text("training.txt")
        for training in try TokenizerFixture.lines("trainings.jsonl") {
            let texts = training["texts"]?.arrayValue?.compactMap(\.stringValue) ?? [text]
            let size = try #require(training["vocab_size"]?.intValue)
            let frequency = try #require(training["min_frequency"]?.intValue)
            let tokenizer = try #require(
                try Self.trained(texts, size, minimumFrequency: frequency))
            let merges = tokenizer.merges.map { pair in
                [tokenizer.token(Int(pair.left)), tokenizer.token(Int(pair.right))]
            }
            let expected = training["merges"]?.arrayValue?.map { merge in
                [merge[0]?.stringValue, merge[1]?.stringValue]
            }
            #expect(merges == expected)
            #expect(tokenizer.vocabularySize == 257 + merges.count)
        }
    }

    @Test func ofPairsMetEquallyOftenTheSmallerIdsComeFirst() throws {
        let tokenizer = try #require(try Self.trained(["xy ba", "xy ba"], 259))
        // Met twice each: `x y`, `b a`, `Ġ b`. Ids follow characters, so b comes before x.
        #expect(tokenizer.merges.map { tokenizer.token(Int($0.left)) } == ["b", "x"])
    }

    @Test func trainingDoesNotDependOnHowTextsAreCutBetweenWords() throws {
        let text = try TokenizerFixture.text("training.txt")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let doubled = lines.map { "\($0)" }
        let backwards = Array(doubled.reversed())
        #expect(try Self.trained(doubled, 400) == Self.trained(backwards, 400))
    }

    @Test func aVocabularySmallerThanTheBytesIsRefused() {
        #expect(throws: LanguageModelError.vocabularyTooSmall(requested: 256, smallest: 257)) {
            try Self.trained(["a"], 256)
        }
    }

    @Test func withoutTextTheBytesAreLeft() throws {
        let tokenizer = try #require(try Self.trained([], 1000))
        #expect(tokenizer.vocabularySize == 257)
        #expect(tokenizer.decode(tokenizer.encode("any téxt")) == "any téxt")
    }

    @Test func trainingStopsWhenAsked() throws {
        let text = try TokenizerFixture.text("training.txt")
        var counts: [Int] = []
        let stopped = try Tokenizer.trained(
            on: [text], configuration: .init(vocabularySize: 700)
        ) { count in
            counts.append(count)
            return counts.count < 3
        }
        #expect(stopped == nil)
        #expect(counts == [257 + 64, 257 + 128, 257 + 192])
    }

    @Test func aSpecialTokenIsNotMadeTwice() throws {
        let tokenizer = try #require(
            try Tokenizer.trained(
                on: ["abab abab"],
                configuration: .init(vocabularySize: 300, specialTokens: ["<end>", "<end>", "ab"])))
        #expect(tokenizer.addedTokens.map(\.id) == [0, 1])
        #expect(tokenizer.encode("ab<end>") == [1, 0])
    }
}
