import Autograd
import Foundation
import Testing

@testable import Alignment

@Suite("Reward model loss")
struct RewardModelLossTests {
    @Test("loss and gradients agree with PyTorch, with margins and centring")
    func reference() throws {
        let cases = try LossReference.load().rewardLoss
        #expect(cases.contains { $0.centeringCoefficient > 0 })
        #expect(cases.contains { $0.margins.contains { $0 > 0 } })
        for example in cases {
            let count = example.chosen.count
            let tape = Tape()
            let chosen = tape.watch(Tensor(example.chosen))
            let rejected = tape.watch(Tensor(example.rejected))
            let loss = bradleyTerryLoss(
                chosen: chosen, rejected: rejected, margins: example.margins,
                weights: [Float](repeating: 1 / Float(count), count: count),
                centeringCoefficient: example.centeringCoefficient)
            tape.backward(from: loss)
            #expect(
                abs(loss.scalar - example.loss) <= 2e-6 * max(1, example.loss), "\(example.name)")
            expectClose(tape.gradient(of: chosen).array, example.chosenGradient, within: 1e-6)
            expectClose(tape.gradient(of: rejected).array, example.rejectedGradient, within: 1e-6)
        }
    }

    private func loss(_ chosen: [Float], _ rejected: [Float], centering: Float = 0) -> Float {
        bradleyTerryLoss(
            chosen: Tensor(chosen), rejected: Tensor(rejected),
            margins: [Float](repeating: 0, count: chosen.count),
            weights: [Float](repeating: 1 / Float(chosen.count), count: chosen.count),
            centeringCoefficient: centering
        ).scalar
    }

    @Test("a pair that is right with probability p is both directions, weighed by it")
    func confidence() {
        func soft(_ p: Float, _ lead: Float) -> (loss: Float, gradient: Float) {
            let tape = Tape()
            let chosen = tape.watch(Tensor([lead]))
            let loss = bradleyTerryLoss(
                chosen: chosen, rejected: Tensor([Float(0)]), margins: [0], weights: [1],
                confidences: [p])
            tape.backward(from: loss)
            return (loss.scalar, tape.gradient(of: chosen).array[0])
        }
        for lead in [Float(-2), 0, 0.5, 3] {
            let both = 0.8 * loss([lead], [0]) + 0.2 * loss([0], [lead])
            #expect(abs(soft(0.8, lead).loss - both) < 1e-6)
        }
        #expect(soft(1, 0.7).loss == loss([0.7], [0]))
        // Least where σ(lead) = p: log 4 for p = 0.8.
        #expect(abs(soft(0.8, Float(log(4.0))).gradient) < 1e-6)
        #expect(abs(soft(0.5, 0).gradient) < 1e-7)
    }

    @Test("equal scores cost ln 2")
    func equalScores() {
        #expect(abs(loss([3, -1], [3, -1]) - Float(log(2.0))) < 1e-7)
    }

    @Test("swapping the pair adds the lead")
    func swapped() {
        // −log σ(−x) = −log σ(x) + x
        #expect(abs(loss([0], [1.5]) - (loss([1.5], [0]) + 1.5)) < 1e-6)
    }

    @Test("only the difference counts, unless scores are kept near 0")
    func shift() {
        #expect(abs(loss([101], [100]) - loss([1], [0])) < 1e-6)
        #expect(abs(loss([3], [-3], centering: 0.5) - loss([3], [-3])) < 1e-6)
        #expect(abs(loss([3], [1], centering: 0.5) - (loss([3], [1]) + 8)) < 1e-5)
    }

    @Test("leads of a thousand stay finite")
    func extremes() {
        #expect(loss([1000], [0]) == 0)
        #expect(loss([0], [1000]) == 1000)
    }
}
