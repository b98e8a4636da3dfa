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

    /// A beginning of `shared` rows and two ways on from it, apart and packed once.
    private func branches(_ shared: Int, _ first: Int, _ second: Int) -> (
        whole: [Float], once: [Float]
    ) {
        let row = 3 * width
        let once = normals((shared + first + second) * row, "qkv")
        let beginning = once[..<(shared * row)]
        return (
            Array(
                once[..<((shared + first) * row)] + beginning + once[((shared + first) * row)...]),
            once
        )
    }

    @Test(
        "rows that go on from another sequence have the bits they have behind rows of their own",
        arguments: [(1, 3, 5), (17, 0, 33), (31, 2, 1), (33, 40, 70), (64, 5, 31)])
    func beginnings(shared: Int, first: Int, second: Int) {
        let (whole, once) = branches(shared, first, second)
        let apart = attend(whole, lengths: [shared + first, shared + second])
        let tokens = shared + first + second
        let y = causalAttention(
            Tensor(once, shape: [tokens, 3 * width]), lengths: [shared + first, second],
            heads: heads, beginnings: [[], Array(0..<shared)]
        ).array
        let found = (0..<tokens).map { y[($0 * width)..<(($0 + 1) * width)].map(\.bitPattern) }
        #expect(found == Array(apart[..<(shared + first)] + apart[(2 * shared + first)...]))
    }

    @Test("the gradient of shared rows is the sum of what each sequence would give them")
    func beginningGradients() {
        let (shared, first, second) = (19, 6, 40)
        let (whole, once) = branches(shared, first, second)
        func gradient(_ values: [Float], _ lengths: [Int], _ beginnings: [[Int]]) -> [Float] {
            let tape = Tape()
            let x = tape.watch(Tensor(values, shape: [values.count / (3 * width), 3 * width]))
            let y = causalAttention(x, lengths: lengths, heads: heads, beginnings: beginnings)
            // Rows of a beginning count for as many sequences as read them.
            let weights = (0..<y.rows).flatMap { row -> [Float] in
                let counted: Float = !beginnings.isEmpty && row < shared ? 2 : 1
                return [Float](repeating: counted, count: width)
            }
            tape.backward(from: y.reshaped([y.count]).sum(weights: weights))
            return tape.gradient(of: x).array
        }
        let apart = gradient(whole, [shared + first, shared + second], [])
        let row = 3 * width
        var expected = Array(apart[..<((shared + first) * row)])
        for i in 0..<(shared * row) { expected[i] += apart[(shared + first) * row + i] }
        expected += apart[((2 * shared + first) * row)...]
        expectClose(
            gradient(once, [shared + first, second], [[], Array(0..<shared)]), expected,
            within: 2e-6)
    }

    @Test("beginnings that lie outside the rows are refused")
    func wrongBeginnings() async {
        await #expect(processExitsWith: .failure) {
            _ = causalAttention(
                Tensor(zeros: [4, 9]), lengths: [3, 1], heads: 1, beginnings: [[], [2, 3, 4]])
        }
    }

    @Test("lengths that do not sum to the tokens are refused")
    func wrongLengths() async {
        await #expect(processExitsWith: .failure) {
            _ = causalAttention(Tensor(zeros: [4, 9]), lengths: [3], heads: 1)
        }
    }
}
