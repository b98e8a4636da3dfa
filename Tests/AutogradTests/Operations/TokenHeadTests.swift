import Testing

@testable import Autograd

@Suite("Vocabulary head")
struct TokenHeadTests {
    @Test("logits are the products of hidden states and token vectors")
    func logitValues() {
        let h = TokenHeadExample.hidden(3, 17)
        let t = TokenHeadExample.table(33, 17)
        var expected: [Float] = []
        for state in 0..<3 {
            for token in 0..<33 {
                let products = (0..<17).map {
                    Double(h.array[state * 17 + $0]) * Double(t.array[token * 17 + $0])
                }
                expected.append(Float(products.reduce(0, +)))
            }
        }
        expectClose(logits(h, table: t).array, expected, within: 1e-6)
    }

    @Test("cross-entropy is the negative sum of weighted log-probabilities")
    func sumOfLogProbabilities() {
        let weights = (0..<150).map { Float($0 % 3) / 150 }
        let targets = (0..<150).map { $0 % 33 }
        func gradients(_ loss: (Tensor, Tensor) -> Tensor) -> (Float, [Float], [Float]) {
            let tape = Tape()
            let h = tape.watch(TokenHeadExample.hidden(150, 5))
            let t = tape.watch(TokenHeadExample.table(33, 5))
            let value = loss(h, t)
            tape.backward(from: value)
            return (value.scalar, tape.gradient(of: h).array, tape.gradient(of: t).array)
        }
        let one = gradients { crossEntropy($0, table: $1, targets: targets, weights: weights).loss }
        let other = gradients {
            -tokenLogProbabilities($0, table: $1, targets: targets)
                .logProbabilities.sum(weights: weights)
        }
        #expect(abs(one.0 - other.0) < 1e-6)
        expectClose(one.1, other.1)
        expectClose(one.2, other.2)
    }

    @Test("logits of ±10,000 give finite values and gradients")
    func extremeLogits() {
        let tape = Tape()
        let h = tape.watch(Tensor([100, -100, 100], shape: [3, 1]))
        let t = tape.watch(
            Tensor((0..<17).map { $0 == 4 ? 100 : Float($0) - 100 }, shape: [17, 1]))
        let (logs, entropies) = tokenLogProbabilities(h, table: t, targets: [4, 4, 0])
        #expect(logs.array[0] == 0)
        #expect(abs(logs.array[1] + 20_000) < 1)
        #expect(abs(logs.array[2] + 20_000) < 1)
        #expect(entropies.array.allSatisfy { $0 >= 0 && $0 < 1e-6 })
        let (loss, _) = crossEntropy(h, table: t, targets: [4, 4, 0], weights: [1, 1, 1])
        #expect(abs(loss.scalar - 40_000) < 2)
        tape.backward(from: logs.sum + entropies.sum + loss)
        #expect(areFinite(tape.gradient(of: h).array))
        #expect(areFinite(tape.gradient(of: t).array))
    }

    @Test("no rows have the loss 0 and no gradient")
    func noRows() {
        let tape = Tape()
        let h = tape.watch(Tensor(zeros: [0, 5]))
        let t = tape.watch(TokenHeadExample.table(17, 5))
        let (loss, correctCount) = crossEntropy(h, table: t, targets: [], weights: [])
        let (logs, entropies) = tokenLogProbabilities(h, table: t, targets: [])
        #expect(loss.scalar == 0 && correctCount == 0)
        #expect(logs.shape == [0] && entropies.shape == [0])
        tape.backward(from: loss + logs.sum + entropies.sum)
        #expect(tape.gradient(of: t).array == [Float](repeating: 0, count: 85))
    }
}
