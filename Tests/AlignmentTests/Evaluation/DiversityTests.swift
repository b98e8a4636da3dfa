import Testing

@testable import Alignment

@Suite("How different completions are")
struct DiversityTests {
    @Test("completions are the same only token by token")
    func distinct() {
        let completions = [[1, 2], [1, 2], [1, 2, 3], [2, 1], []]
        #expect(distinctCount(completions) == 4)
        #expect(distinctShare(completions) == 0.8)
        #expect(distinctShare([]).isNaN)
    }

    @Test("distinct-n counts n-grams inside completions")
    func nGrams() {
        // a b a b | b a: bigrams ab ba ab | ba, so 2 of 4; unigrams 2 of 6; trigrams aba bab
        let completions = [[1, 2, 1, 2], [2, 1]]
        #expect(distinctNGramShare(1, in: completions) == 2.0 / 6)
        #expect(distinctNGramShare(2, in: completions) == 0.5)
        #expect(distinctNGramShare(3, in: completions) == 1)
        #expect(distinctNGramShare(5, in: completions).isNaN)
    }

    @Test("an n-gram is the same wherever it stands")
    func positions() {
        #expect(distinctNGramShare(2, in: [[9, 4, 5], [4, 5]]) == 2.0 / 3)
    }
}
