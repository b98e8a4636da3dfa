import Autograd
import Testing

@testable import Alignment

@Suite("Objectives without a value function")
struct GroupObjectiveTests {
    @Test("losses and the gradient of every token agree with TRL's trainers")
    func reference() throws {
        let fixture = try GroupReference.load()
        #expect(fixture.fixed.count == 12)
        for example in fixture.fixed {
            let (objective, upper) = try #require(GroupReference.objective(example.name))
            let counts = example.new.map(\.count)
            let tape = Tape()
            let new = tape.watch(Tensor(example.new.flatMap { $0 }))
            let loss: Tensor
            if case .grpo(_, let normalizer) = objective {
                let weights = normalizer.tokenWeights(
                    counts: counts, sequences: counts.count, tokens: counts.reduce(0, +),
                    longest: fixture.longest)
                loss =
                    clippedPolicyLoss(
                        new: new, old: example.old.flatMap { $0 },
                        advantages: zip(example.advantages, counts).flatMap {
                            [Float](repeating: $0, count: $1)
                        }, clipRange: 0.2, upperClipRange: upper, weights: weights)
                    + example.beta
                    * klLoss(
                        new: new, reference: example.reference.flatMap { $0 }, weights: weights)
            } else {
                loss = clippedPolicyLoss(
                    new: new.sums(ofSegments: counts), old: example.old.map { $0.reduce(0, +) },
                    advantages: example.advantages, clipRange: 0.2,
                    weights: counts.map { _ in 1 / Float(counts.count) })
            }
            tape.backward(from: loss)
            #expect(
                abs(loss.scalar - example.loss) <= 1e-5 * max(1, abs(example.loss)),
                "\(example.name): \(loss.scalar), not \(example.loss)")
            expectClose(
                tape.gradient(of: new).array, example.gradients.flatMap { $0 }, within: 1e-5)
        }
    }

    @Test("the KL term is 0, and has no slope, where policy and reference agree")
    func klAtReference() {
        let tape = Tape()
        let new = tape.watch(Tensor([-1, -2.5, -0.01]))
        let loss = klLoss(new: new, reference: [-1, -2.5, -0.01], weights: [0.2, 0.3, 0.5])
        tape.backward(from: loss)
        #expect(loss.scalar == 0)
        #expect(tape.gradient(of: new).array == [0, 0, 0])
    }

    @Test("every normaliser says what a token counts")
    func normalizers() {
        func weights(_ normalizer: LossNormalizer) -> [Float] {
            normalizer.tokenWeights(counts: [1, 4], sequences: 3, tokens: 10, longest: 8)
        }
        let twelfth: Float = 1 / 12
        let third: Float = 1 / 3
        #expect(weights(.sequence) == [third, twelfth, twelfth, twelfth, twelfth])
        #expect(weights(.token) == [Float](repeating: 0.1, count: 5))
        #expect(weights(.fixed) == [Float](repeating: 0.5 * twelfth, count: 5))
    }

    @Test("an upper clip range of its own lets likelier tokens go further")
    func clipHigher() {
        func loss(_ upper: Float?) -> Float {
            clippedPolicyLoss(
                new: Tensor([0.25]), old: [0], advantages: [1], clipRange: 0.2,
                upperClipRange: upper, weights: [1]
            ).scalar
        }
        #expect(abs(loss(nil) + 1.2) < 1e-6)
        #expect(abs(loss(0.28) + 1.28) < 1e-6)
    }
}
