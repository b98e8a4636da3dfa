import Autograd
import Testing

@testable import Alignment

@Suite("The loss on judged pairs")
struct JudgedPairLossTests {
    private let ratios: [Float] = [1.5, -0.5, -2, 0.25]

    private func loss(_ kind: PreferenceLoss, _ preferences: [Float]) -> [Float] {
        judgedPairLoss(
            kind, ratios: Tensor(ratios), preferences: preferences, lengths: [3, 1, 2, 4],
            beta: 0.3
        ).array
    }

    @Test(
        "a whole win is the loss of a chosen and a rejected answer",
        arguments: PreferenceLossTests.all)
    func wins(kind: PreferenceLoss) {
        let expected = kind.perPair(
            chosen: Tensor([1.5, 0.25]), rejected: Tensor([-0.5, -2]),
            lengths: ([3, 4], [1, 2]), beta: 0.3
        ).array
        #expect(loss(kind, [1, 0, 0, 1]) == expected)
    }

    @Test("a tie is half of each way round", arguments: PreferenceLossTests.all)
    func ties(kind: PreferenceLoss) {
        let halves = zip(loss(kind, [1, 0, 1, 0]), loss(kind, [0, 1, 0, 1])).map { ($0 + $1) / 2 }
        for (found, expected) in zip(loss(kind, [0.5, 0.5, 0.5, 0.5]), halves) {
            #expect(abs(found - expected) <= 1e-6 * max(1, abs(expected)))
        }
    }

    @Test("the soft loss is least where the margin is the difference of the scores")
    func softMinimum() {
        // p = σ(0.8): the best βΔ is 0.8.
        let p: Float = 0.6899745
        func slope(_ margin: Float) -> Float {
            let tape = Tape()
            let ratios = tape.watch(Tensor([margin / 0.3, 0]))
            let loss = judgedPairLoss(
                .sigmoid, ratios: ratios, preferences: [p, 1 - p], lengths: [1, 1], beta: 0.3)
            tape.backward(from: loss.sum)
            return tape.gradient(of: ratios).array[0]
        }
        #expect(abs(slope(0.8)) < 1e-6)
        #expect(slope(0.7) < -1e-3 && slope(0.9) > 1e-3)
    }
}
