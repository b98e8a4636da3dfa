import Testing

@testable import Autograd

@Suite("Causal attention")
struct AttentionTests {
    private let heads = 3
    private let width = 15

    private func attend(_ values: [Float], lengths: [Int]) -> [[UInt32]] {
        let tokens = lengths.reduce(0, +)
        let y = causalAttention(
            Tensor(values, shape: [tokens, 3 * width]), lengths: lengths, heads: heads
        ).array
        return (0..<tokens).map { row in
            y[(row * width)..<((row + 1) * width)].map(\.bitPattern)
        }
    }

    @Test("a later token changes no earlier one, not in one bit", arguments: [0, 1, 63, 64, 69])
    func isCausal(changed: Int) {
        let values = normals(70 * 3 * width, "qkv")
        var other = values
        for i in (changed * 3 * width)..<((changed + 1) * 3 * width) { other[i] += 1 }
        let before = attend(values, lengths: [70])
        let after = attend(other, lengths: [70])
        #expect(before[..<changed] == after[..<changed])
        #expect(before[changed] != after[changed])
    }

    @Test("a packed sequence does not see its neighbours, not in one bit")
    func isApart() {
        let row = 3 * width
        let values = normals(40 * row, "qkv")
        let together = attend(values, lengths: [3, 17, 1, 19])
        #expect(
            Array(together[3..<20]) == attend(Array(values[(3 * row)..<(20 * row)]), lengths: [17]))
        #expect(
            Array(together[20..<21]) == attend(Array(values[(20 * row)..<(21 * row)]), lengths: [1])
        )
    }

    @Test("the first token of a sequence gives its own value")
    func firstToken() {
        let values = normals(2 * 3 * width, "qkv")
        let y = causalAttention(
            Tensor(values, shape: [2, 3 * width]), lengths: [1, 1], heads: heads
        ).array
        expectClose(Array(y[..<width]), Array(values[(2 * width)..<(3 * width)]))
    }

    @Test("equal keys give the mean of the values so far")
    func equalKeys() {
        // One head of size 1: the values are 1, 2, 3, ...; keys are all the same.
        let tokens = 70
        let values = (0..<tokens).flatMap { i -> [Float] in [Float(i), 0.5, Float(i + 1)] }
        let y = causalAttention(Tensor(values, shape: [tokens, 3]), lengths: [tokens], heads: 1)
        expectClose(y.array, (0..<tokens).map { Float($0 + 2) / 2 }, within: 2e-6)
    }

    @Test("very large scores pick one value and stay finite, on the way back too")
    func largeScores() {
        let tape = Tape()
        // Query 1e4 · key ±1e4: the first token wins for every later one.
        let values = (0..<17).flatMap { i -> [Float] in [1e4, i == 0 ? 1e4 : -1e4, Float(i) + 5] }
        let x = tape.watch(Tensor(values, shape: [17, 3]))
        let y = causalAttention(x, lengths: [17], heads: 1)
        expectClose(y.array, [Float](repeating: 5, count: 17))
        tape.backward(from: y.sum)
        #expect(areFinite(tape.gradient(of: x).array))
    }

    @Test("empty sequences and empty batches are fine")
    func empty() {
        #expect(causalAttention(Tensor(zeros: [0, 9]), lengths: [], heads: 1).shape == [0, 3])
        let values = normals(4 * 3 * width, "qkv")
        #expect(attend(values, lengths: [0, 4, 0]) == attend(values, lengths: [4]))
    }

    @Test("lengths that do not sum to the tokens are refused")
    func wrongLengths() async {
        await #expect(processExitsWith: .failure) {
            _ = causalAttention(Tensor(zeros: [4, 9]), lengths: [3], heads: 1)
        }
    }
}
