import Foundation
import Testing

@testable import Autograd

@Suite("Vocabulary head")
struct TokenHeadTests {
    private func hidden(_ rows: Int, _ width: Int) -> Tensor {
        Tensor(normals(rows * width, "hidden"), shape: [rows, width])
    }

    private func table(_ vocabulary: Int, _ width: Int) -> Tensor {
        Tensor(normals(vocabulary * width, "table", deviation: 0.5), shape: [vocabulary, width])
    }

    @Test("logits are the products of hidden states and token vectors")
    func logitValues() {
        let h = hidden(3, 17)
        let t = table(33, 17)
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

    /// Rows on both sides of a chunk's edge (128) and a vocabulary whose chunk is one row.
    @Test(
        "the size of the chunks does not show",
        arguments: [(127, 33), (128, 33), (300, 17), (2, 300_000)])
    func chunks(rows: Int, vocabulary: Int) {
        let width = 3
        let h = hidden(rows, width)
        let t = table(vocabulary, width)
        let targets = (0..<rows).map { ($0 * 7919) % vocabulary }
        let (logs, entropies) = tokenLogProbabilities(h, table: t, targets: targets)
        let (states, vectors) = (h.array, t.array)
        for row in Set([0, rows / 2, rows - 1]) {
            var z = [Double](repeating: 0, count: vocabulary)
            for token in 0..<vocabulary {
                for i in 0..<width {
                    z[token] += Double(states[row * width + i]) * Double(vectors[token * width + i])
                }
            }
            let normalizer = log(z.reduce(0) { $0 + exp($1) })
            let entropy = -z.reduce(0) { $0 + exp($1 - normalizer) * ($1 - normalizer) }
            #expect(abs(Double(logs.array[row]) - (z[targets[row]] - normalizer)) < 1e-5)
            #expect(abs(Double(entropies.array[row]) - entropy) < 1e-5)
        }
    }

    @Test("cross-entropy is the negative sum of weighted log-probabilities")
    func sumOfLogProbabilities() {
        let weights = (0..<150).map { Float($0 % 3) / 150 }
        let targets = (0..<150).map { $0 % 33 }
        func gradients(_ loss: (Tensor, Tensor) -> Tensor) -> (Float, [Float], [Float]) {
            let tape = Tape()
            let h = tape.watch(hidden(150, 5))
            let t = tape.watch(table(33, 5))
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

    @Test("one weight for all rows gives the bits of as many equal ones")
    func equalWeights() {
        let targets = (0..<150).map { $0 % 33 }
        func bits(_ loss: (Tensor, Tensor) -> Tensor) -> [UInt32] {
            let tape = Tape()
            let h = tape.watch(hidden(150, 5))
            let t = tape.watch(table(33, 5))
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

    @Test(
        "equal logits have the entropy log(vocabulary), and no slope there",
        arguments: [1, 15, 33, 512])
    func uniform(vocabulary: Int) {
        let tape = Tape()
        let h = tape.watch(Tensor([0.5], shape: [1, 1]))
        let t = Tensor([Float](repeating: 3, count: vocabulary), shape: [vocabulary, 1])
        let (logs, entropies) = tokenLogProbabilities(h, table: t, targets: [0])
        #expect(abs(Double(entropies.scalar) - log(Double(vocabulary))) < 1e-6)
        #expect(abs(Double(logs.scalar) + log(Double(vocabulary))) < 1e-6)
        tape.backward(from: entropies.sum)
        #expect(abs(tape.gradient(of: h).scalar) < 1e-5)
    }

    @Test("a temperature is a division of the table")
    func temperature() {
        let targets = [0, 5, 16]
        let t = table(17, 5)
        let divided = Tensor(t.array.map { $0 / 0.7 }, shape: [17, 5])
        let one = tokenLogProbabilities(hidden(3, 5), table: t, targets: targets, temperature: 0.7)
        let other = tokenLogProbabilities(hidden(3, 5), table: divided, targets: targets)
        expectClose(one.logProbabilities.array, other.logProbabilities.array)
        expectClose(one.entropies.array, other.entropies.array)
    }

    @Test("no rows have the loss 0 and no gradient")
    func noRows() {
        let tape = Tape()
        let h = tape.watch(Tensor(zeros: [0, 5]))
        let t = tape.watch(table(17, 5))
        let (loss, correctCount) = crossEntropy(h, table: t, targets: [], weights: [])
        let (logs, entropies) = tokenLogProbabilities(h, table: t, targets: [])
        #expect(loss.scalar == 0 && correctCount == 0)
        #expect(logs.shape == [0] && entropies.shape == [0])
        tape.backward(from: loss + logs.sum + entropies.sum)
        #expect(tape.gradient(of: t).array == [Float](repeating: 0, count: 85))
    }

    @Test("more targets than rows are refused")
    func wrongCount() async {
        await #expect(processExitsWith: .failure) {
            _ = tokenLogProbabilities(
                Tensor(zeros: [2, 3]), table: Tensor(zeros: [4, 3]), targets: [0, 1, 2])
        }
    }
}
