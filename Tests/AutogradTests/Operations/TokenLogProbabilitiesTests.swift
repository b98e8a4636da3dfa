import Foundation
import Testing

@testable import Autograd

@Suite("Log-probabilities of tokens")
struct TokenLogProbabilitiesTests {
    /// Rows on both sides of a chunk's edge (128) and a vocabulary whose chunk is one row.
    @Test(
        "the size of the chunks does not show",
        arguments: [(127, 33), (128, 33), (300, 17), (2, 300_000)])
    func chunks(rows: Int, vocabulary: Int) {
        let width = 3
        let h = TokenHeadExample.hidden(rows, width)
        let t = TokenHeadExample.table(vocabulary, width)
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
        let t = TokenHeadExample.table(17, 5)
        let divided = Tensor(t.array.map { $0 / 0.7 }, shape: [17, 5])
        let one = tokenLogProbabilities(
            TokenHeadExample.hidden(3, 5), table: t, targets: targets, temperature: 0.7)
        let other = tokenLogProbabilities(
            TokenHeadExample.hidden(3, 5), table: divided, targets: targets)
        expectClose(one.logProbabilities.array, other.logProbabilities.array)
        expectClose(one.entropies.array, other.entropies.array)
    }

    @Test("more targets than rows are refused")
    func wrongCount() async {
        await #expect(processExitsWith: .failure) {
            _ = tokenLogProbabilities(
                Tensor(zeros: [2, 3]), table: Tensor(zeros: [4, 3]), targets: [0, 1, 2])
        }
    }
}
