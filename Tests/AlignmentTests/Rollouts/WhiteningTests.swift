import Testing

@testable import Alignment

@Suite("Whitening over a ragged batch")
struct WhiteningTests {
    @Test("1 to 5 in two completions: mean 3, variance 2.5")
    func byHand() {
        let found = whitened([[1, 2], [3, 4, 5]])
        #expect(found.map(\.count) == [2, 3])
        expectClose(found[0], [-1.264911, -0.632456])
        expectClose(found[1], [0, 0.632456, 1.264911])
    }

    @Test("keeping the mean moves nothing but the spread")
    func keepingMean() {
        let found = whitenedKeepingMean([[1, 2], [3, 4, 5]])
        expectClose(found[0], [1.735089, 2.367544])
        expectClose(found[1], [3, 3.632456, 4.264911])
    }

    @Test("the result has mean 0 and variance 1 over all tokens", arguments: 0..<8)
    func moments(_ seed: UInt64) {
        var random = TestRandom(seed: seed)
        let batch = (0..<6).map { index in
            (0...(index * 3)).map { _ in Float(5 + 3 * random.normal()) }
        }
        let all = whitened(batch).joined().map(Double.init)
        let mean = all.reduce(0, +) / Double(all.count)
        let variance = all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count - 1)
        #expect(abs(mean) < 1e-6)
        #expect(abs(variance - 1) < 1e-5)
    }

    @Test("where the tokens are cut into completions does not matter")
    func cuts() {
        #expect(
            Array(whitened([[4, 1, 3], [2], [9, 7]]).joined())
                == Array(whitened([[4, 1, 3, 2, 9, 7]]).joined()))
    }

    @Test("equal values, a single token and an empty batch stay finite")
    func degenerate() {
        #expect(whitened([[2, 2], [2]]) == [[0, 0], [0]])
        #expect(whitened([[3]]) == [[0]])
        #expect(whitenedKeepingMean([[3]]) == [[3]])
        #expect(whitened([]) == [])
        #expect(whitened([[], []]) == [[], []])
    }

    @Test("agrees with PyTorch")
    func reference() throws {
        for example in try LossFixture.load().whitening {
            expectClose(whitened(example.sequences), example.whitened)
            expectClose(whitenedKeepingMean(example.sequences), example.whitenedKeepingMean)
        }
    }
}
