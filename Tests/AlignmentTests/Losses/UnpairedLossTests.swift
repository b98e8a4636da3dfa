import Autograd
import Testing

@testable import Alignment

@Suite("Losses on single answers")
struct UnpairedLossTests {
    @Test("losses and the gradient of every token agree with TRL's trainer")
    func reference() throws {
        let fixture = try UnpairedReference.load()
        #expect(fixture.fixed.count == 18)
        for example in fixture.fixed {
            let kind = UnpairedReference.loss(example.name)
            let weights = try #require(fixture.weights[example.name])
            let point = referencePoint(
                policy: example.otherPolicy, reference: example.otherReference)
            if kind.hasReferencePoint {
                #expect(abs(point - example.referencePoint) <= 1e-5 * max(1, point))
            }
            let tape = Tape()
            let tokens = tape.watch(Tensor(example.logProbabilities.flatMap { $0 }))
            let ratios =
                tokens.sums(ofSegments: example.logProbabilities.map(\.count))
                - Tensor(example.reference)
            let loss = kind.perAnswer(
                ratios: ratios, isGood: example.isGood, referencePoint: point, beta: example.beta
            ).sum(
                weights: example.isGood.map {
                    ($0 ? weights[0] : weights[1]) / Float(example.isGood.count)
                })
            tape.backward(from: loss)
            #expect(abs(loss.scalar - example.loss) <= 1e-5, "\(example.name)")
            expectClose(
                tape.gradient(of: tokens).array, example.gradients.flatMap { $0 }, within: 1e-5)
        }
        // The reference point is clamped in a third of the cases, and not in others.
        let points = fixture.fixed.filter { $0.name == "kto" }.map(\.referencePoint)
        #expect(points.contains(0) && points.contains { $0 > 1 })
    }

    @Test("every answer costs a half while the policy is the reference", arguments: [true, false])
    func atReference(isGood: Bool) {
        for kind in UnpairedLoss.allCases {
            let loss = kind.perAnswer(
                ratios: Tensor([0]), isGood: [isGood], referencePoint: 0, beta: 0.3)
            #expect(loss.array == [0.5])
        }
    }

    @Test("a good answer is to become likelier than the reference point, a bad one less likely")
    func direction() {
        func loss(_ ratio: Float, _ isGood: Bool) -> Float {
            UnpairedLoss.kto.perAnswer(
                ratios: Tensor([ratio]), isGood: [isGood], referencePoint: 2, beta: 0.5
            ).array[0]
        }
        #expect(loss(3, true) < 0.5 && loss(1, true) > 0.5)
        #expect(loss(3, false) > 0.5 && loss(1, false) < 0.5)
        #expect(loss(2, true) == 0.5)
    }

    @Test("ratios of a thousand nats stay finite", arguments: UnpairedLoss.allCases)
    func extremes(kind: UnpairedLoss) {
        let loss = kind.perAnswer(
            ratios: Tensor([1000, -1000, 1000, -1000]), isGood: [true, true, false, false],
            referencePoint: 1, beta: 1)
        #expect(loss.array == [0, 1, 1, 0])
    }

    @Test("nothing to estimate from is a reference point of 0, as is a negative mean")
    func emptyPoint() {
        #expect(referencePoint(policy: [], reference: []) == 0)
        #expect(referencePoint(policy: [-3, -1], reference: [-2, -1]) == 0)
        #expect(referencePoint(policy: [-1, -1], reference: [-2, -1]) == 0.5)
    }
}
