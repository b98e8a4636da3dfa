import Testing

@testable import Autograd

@Suite("Cross-entropy")
struct CrossEntropyTests {
    @Test("one weight for all rows gives the bits of as many equal ones")
    func equalWeights() {
        let targets = (0..<150).map { $0 % 33 }
        func bits(_ loss: (Tensor, Tensor) -> Tensor) -> [UInt32] {
            let tape = Tape()
            let h = tape.watch(TokenHeadExample.hidden(150, 5))
            let t = tape.watch(TokenHeadExample.table(33, 5))
            let value = loss(h, t)
            tape.backward(from: value)
            return (value.array + tape.gradient(of: h).array + tape.gradient(of: t).array)
                .map(\.bitPattern)
        }
        let weights = [Float](repeating: 0.3, count: 150)
        #expect(
            bits { crossEntropy($0, table: $1, targets: targets, weights: weights).loss }
                == bits { crossEntropy($0, table: $1, targets: targets, weights: 0.3).loss })
    }

    @Test("the likeliest targets are counted")
    func correctCount() {
        // Hidden states that are the token vectors of an orthogonal table.
        let identity = Tensor([1, 0, 0, 0, 1, 0, 0, 0, 1], shape: [3, 3])
        let count = crossEntropy(
            identity, table: identity, targets: [0, 2, 2], weights: [1, 1, 0]
        ).correctCount
        #expect(count == 2)
    }
}
