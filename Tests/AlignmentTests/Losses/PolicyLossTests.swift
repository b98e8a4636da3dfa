import Autograd
import Testing

@testable import Alignment

@Suite("Policy and value losses")
struct PolicyLossTests {
    private func uniformWeights(_ count: Int) -> [Float] {
        [Float](repeating: 1 / Float(count), count: count)
    }

    @Test("the clipped surrogate and its gradient agree with PyTorch")
    func policyReference() throws {
        let cases = try LossReference.load().policyLoss
        #expect(cases.count >= 3)
        for example in cases {
            let old = example.old.flatMap { $0 }
            let tape = Tape()
            let new = tape.watch(Tensor(example.new.flatMap { $0 }))
            let loss = clippedPolicyLoss(
                new: new, old: old, advantages: example.advantages.flatMap { $0 },
                clipRange: example.clipRange, weights: uniformWeights(old.count))
            tape.backward(from: loss)
            #expect(abs(loss.scalar - example.loss) <= 1e-6, "\(example.name)")
            expectClose(
                tape.gradient(of: new).array, example.newGradient.flatMap { $0 }, within: 1e-6)
        }
    }

    @Test("the clipped value loss and its gradient agree with PyTorch")
    func valueReference() throws {
        let cases = try LossReference.load().valueLoss
        #expect(cases.count >= 3)
        for example in cases {
            let old = example.old.flatMap { $0 }
            let tape = Tape()
            let new = tape.watch(Tensor(example.new.flatMap { $0 }))
            let loss = clippedValueLoss(
                values: new, old: old, returns: example.returns.flatMap { $0 },
                clipRange: example.clipRange, weights: uniformWeights(old.count))
            tape.backward(from: loss)
            #expect(abs(loss.scalar - example.loss) <= 1e-6, "\(example.name)")
            expectClose(
                tape.gradient(of: new).array, example.newGradient.flatMap { $0 }, within: 1e-6)
        }
    }

    /// log π moved by ln 1.5 and ln 0.5 with ε = 0.2, worked out by hand.
    @Test("a ratio that has gone too far the good way has no gradient; the bad way it has")
    func clipping() {
        let new: [Float] = [-1 + 0.4054651, -1 + 0.4054651, -1 - 0.6931472, -1 - 0.6931472]
        let tape = Tape()
        let x = tape.watch(Tensor(new))
        let loss = clippedPolicyLoss(
            new: x, old: [-1, -1, -1, -1], advantages: [1, -1, 1, -1], clipRange: 0.2,
            weights: [1, 1, 1, 1])
        tape.backward(from: loss)
        // −1.2 (clipped), +1.5, −0.5, +0.8 (clipped).
        #expect(abs(loss.scalar - 0.6) < 1e-6)
        expectClose(tape.gradient(of: x).array, [0, 1.5, -0.5, 0], within: 1e-6)
    }

    @Test("before the first step the loss is minus the mean advantage, and so is its slope")
    func firstStep() {
        let tape = Tape()
        let x = tape.watch(Tensor([-1, -2, -0.5, -3]))
        let loss = clippedPolicyLoss(
            new: x, old: [-1, -2, -0.5, -3], advantages: [2, -1, 0.5, 4], clipRange: 0.2,
            weights: [0.25, 0.25, 0.25, 0.25])
        tape.backward(from: loss)
        #expect(loss.scalar == -1.375)
        #expect(tape.gradient(of: x).array == [-0.5, 0.25, -0.125, -1])
    }

    @Test("a token of weight 0 changes nothing, not even with an infinite advantage next to it")
    func weights() {
        let loss = clippedPolicyLoss(
            new: Tensor([-1, -9]), old: [-1, -1], advantages: [1, 1e20], clipRange: 0.2,
            weights: [1, 0])
        #expect(loss.scalar == -1)
    }

    @Test("a value near the old one has the plain squared error")
    func valueByHand() {
        let tape = Tape()
        let x = tape.watch(Tensor([1.1, 2, 0]))
        // Second: clipped to 1.2, whose error is larger. Third: clipped to 0.8, which is nearer.
        let loss = clippedValueLoss(
            values: x, old: [1, 1, 1], returns: [2, 3, 1], clipRange: 0.2, weights: [1, 1, 1])
        tape.backward(from: loss)
        #expect(abs(loss.scalar - 0.5 * (0.81 + 3.24 + 1)) < 1e-6)
        expectClose(tape.gradient(of: x).array, [-0.9, 0, -1], within: 1e-6)
    }
}
