import Autograd
import Testing

@testable import Alignment

@Suite("The odds-ratio loss")
struct OddsRatioLossTests {
    @Test("losses and the gradient of every token agree with TRL's trainer")
    func reference() throws {
        let fixture = try OddsReference.load()
        #expect(fixture.fixed.count == 4)
        for example in fixture.fixed {
            let counts = example.logProbabilities.map(\.count)
            let pairs = example.chosenCount
            let tape = Tape()
            let tokens = tape.watch(Tensor(example.logProbabilities.flatMap { $0 }))
            let means =
                tokens.sums(ofSegments: counts) * Tensor(counts.map { 1 / Float($0) })
            let odds = OddsRatio(
                chosen: means.elements(at: Array(0..<pairs)),
                rejected: means.elements(at: Array(pairs..<(2 * pairs))))
            let mean = [Float](repeating: 1 / Float(pairs), count: pairs)
            let loss = example.beta * odds.loss.sum(weights: mean)
            tape.backward(from: loss)
            #expect(abs(loss.scalar - example.loss) <= 1e-5)
            #expect(abs(odds.logRatio.sum(weights: mean).scalar - example.logOddsRatio) <= 1e-5)
            expectClose(
                tape.gradient(of: tokens).array, example.gradients.flatMap { $0 }, within: 1e-5)
        }
    }

    @Test("equal means cost ln 2, and an answer of probability 1 stays finite")
    func knownValues() {
        let equal = OddsRatio(chosen: Tensor([-1.5]), rejected: Tensor([-1.5]))
        #expect(abs(equal.loss.array[0] - 0.6931472) < 1e-6)
        let certain = OddsRatio(chosen: Tensor([0]), rejected: Tensor([-1]))
        #expect(certain.loss.array[0].isFinite && certain.loss.array[0] < 1e-5)
    }
}
