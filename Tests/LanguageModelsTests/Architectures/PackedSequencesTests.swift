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
        #expect(PackedSequences([[1, 2], [], [3]]).lastRows == [1, -1, 2])
    }

    /// 1, 2, 3, ... with other tokens after the first `shared`.
    private func branch(_ shared: Int, _ rest: [Int]) -> [Int] { Array(1...shared) + rest }

    @Test("what a sequence has in common with an earlier one is packed once")
    func sharing() {
        let sequences = [
            branch(10, [20, 21]), branch(9, []), branch(9, [30, 31, 32]), branch(7, [40]), [50],
            branch(10, [20, 21]),
        ]
        let packed = PackedSequences(sequences)
        #expect(
            packed.tokens == [10, 20, 21] + branch(9, []) + [30, 31, 32] + branch(7, [40]) + [50])
        // In the order of their tokens the second comes first.
        let nine = Array(3..<12)
        #expect(packed.beginnings == [nine, [], nine, [], [], nine + [0, 1, 2]])
        #expect(packed.lengths == [3, 9, 3, 8, 1, 0])
        #expect(
            packed.positions == [9, 10, 11] + Array(0..<9) + [9, 10, 11] + Array(0..<8) + [0])
        #expect(packed.lastRows == [2, 11, 14, 22, 23, 2])
        for (place, sequence) in sequences.enumerated() {
            #expect(packed.sequence(place) == sequence)
            #expect(packed.count(of: place) == sequence.count)
        }
        let whole = PackedSequences(sequences, sharesBeginnings: false)
        #expect(whole.tokens == sequences.flatMap { $0 })
        #expect(whole.lengths == sequences.map(\.count))
    }

    @Test("a template of all, and the prompt of some, are packed once each")
    func nestedBeginnings() {
        let sequences = [(30, 50), (40, 51), (30, 52), (40, 53)].map { prompt, answer in
            branch(10, [Int](repeating: prompt, count: 5) + [answer])
        }
        let packed = PackedSequences(sequences)
        #expect(packed.tokens.count == 10 + 2 * 5 + 4)
        #expect(packed.lengths == [16, 6, 1, 1])
        #expect(packed.beginnings[3] == Array(0..<10) + Array(16..<21))
        for (place, sequence) in sequences.enumerated() {
            #expect(packed.sequence(place) == sequence)
        }
    }

    @Test("the answers to a prompt are predicted from the rows of one prompt")
    func sharedPrompt() {
        let prompt = Array(1...8)
        let packed = PackedCompletions([
            TokenizedExample(prompt: prompt, completion: [20, 21]),
            TokenizedExample(prompt: prompt, completion: [22]),
            TokenizedExample(prompt: prompt, completion: [23, 24]),
        ])
        #expect(packed.sequences.tokens == [20] + prompt + [23])
        #expect(packed.predictingRows == [8, 0, 8, 8, 9])
        #expect(packed.targets == [20, 21, 22, 23, 24])
        #expect(packed.counts == [2, 1, 2])
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
