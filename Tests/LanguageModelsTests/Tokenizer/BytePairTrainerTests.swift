import Testing

@testable import LanguageModels

@Suite struct BytePairTrainerTests {
    /// Words with counts, over the bytes alone.
    static func trainer(_ words: [(String, Int)], minimumFrequency: Int) -> BytePairTrainer? {
        var vocabulary = ByteTable()
        for byte in UInt8.min...UInt8.max { _ = vocabulary.insert([byte].span) }
        var table = ByteTable()
        for (word, _) in words { _ = table.insert(word.utf8Span.span) }
        return BytePairTrainer(
            words: (table, words.map(\.1)), vocabulary: vocabulary,
            minimumFrequency: minimumFrequency)
    }

    /// The example of Sennrich et al. 2016, section 3.2, without the mark at the end of words.
    @Test func theExampleOfThePaperGivesItsMerges() throws {
        var trainer = try #require(
            Self.trainer(
                [("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)], minimumFrequency: 1))
        var tokens: [String] = []
        for _ in 0..<4 where trainer.mergeNextPair() {
            let bytes = trainer.vocabulary.bytes(at: trainer.vocabulary.count - 1)
            tokens.append(String(decoding: bytes, as: UTF8.self))
        }
        // e s and s t are both met 9 times: the smaller left byte goes first.
        #expect(tokens == ["es", "est", "lo", "low"])
    }

    @Test func pairsMetTooRarelyAreNotMerged() throws {
        var trainer = try #require(Self.trainer([("ab", 3), ("cd", 2)], minimumFrequency: 3))
        let merged = [trainer.mergeNextPair(), trainer.mergeNextPair()]
        #expect(merged == [true, false])
        #expect(trainer.merges.count == 1)
    }

    @Test func overlappingPairsMergeFromTheLeft() throws {
        var trainer = try #require(Self.trainer([("aaaaa", 1)], minimumFrequency: 1))
        var tokens: [Int] = []
        while trainer.mergeNextPair() {
            tokens.append(trainer.vocabulary.bytes(at: trainer.vocabulary.count - 1).count)
        }
        // aa aa a: then `aa a` and `aa aa` are both met once; a has the smaller id.
        #expect(tokens == [2, 3, 5])
    }
}
