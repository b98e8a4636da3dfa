import Testing

@testable import LanguageModels

@Suite("Packed sequences")
struct PackedSequencesTests {
    @Test("sequences follow one another, each counted from 0")
    func packing() {
        let packed = PackedSequences([[5, 6, 7], [8], [9, 9]])
        #expect(packed.tokens == [5, 6, 7, 8, 9, 9])
        #expect(packed.positions == [0, 1, 2, 0, 0, 1])
        #expect(packed.lengths == [3, 1, 2])
        #expect(packed.starts == [0, 3, 4])
        #expect(packed.lastRows == [2, 3, 5])
    }

    @Test("each completion token is predicted by the row before it")
    func completions() {
        let packed = PackedCompletions([
            TokenizedExample(prompt: [1, 2], completion: [3, 4]),
            TokenizedExample(prompt: [5], completion: [6]),
        ])
        // The last tokens predict nothing.
        #expect(packed.sequences.tokens == [1, 2, 3, 5])
        #expect(packed.predictingRows == [1, 2, 3])
        #expect(packed.targets == [3, 4, 6])
        #expect(packed.counts == [2, 1])
    }

    @Test("without a prompt the first token is not predicted; without a completion nothing is")
    func edges() {
        let examples = [
            TokenizedExample(prompt: [], completion: [1, 2, 3]),
            TokenizedExample(prompt: [4, 5], completion: []),
            TokenizedExample(prompt: [], completion: [6]),
            TokenizedExample(prompt: [7], completion: [8]),
        ]
        let packed = PackedCompletions(examples)
        #expect(examples.map(\.inputTokens) == [[1, 2], [], [], [7]])
        #expect(packed.predictingRows == [0, 1, 2])
        #expect(packed.targets == [2, 3, 8])
        #expect(packed.counts == [2, 0, 0, 1])
        #expect(examples.map(\.predictedCount) == packed.counts)
        #expect(examples.map(\.count) == [3, 2, 1, 2])
    }
}
