import Foundation
import Testing

@testable import Autograd

@Suite("Vocabulary head kernels")
struct TokenHeadKernelsTests {
    @Test(
        "log Σ e^z and −Σ p log p agree with double precision", arguments: [1, 15, 33, 257],
        [1, 0.5, 20] as [Float])
    func statistics(count: Int, factor: Float) {
        let logits = normals(count, "z", deviation: 5)
        let row = Tensor(logits)
        let z = logits.map { Double($0) * Double(factor) }
        let highest = z.max() ?? 0
        let normalizer = log(z.reduce(0) { $0 + exp($1 - highest) }) + highest
        let entropy = z.reduce(0) { $0 - exp($1 - normalizer) * ($1 - normalizer) }
        let found = unsafe logitStatistics(row.pointer, count, factor: factor)
        #expect(abs(Double(found.normalizer) - normalizer) < 2e-6 * max(1, abs(normalizer)))
        #expect(abs(Double(found.entropy) - entropy) < 2e-6)
        #expect(row.array == logits)
    }

    @Test(
        "the gradient of a row sums to 0, and is 0 without an upstream one",
        arguments: [1, 15, 17, 33])
    func gradientSum(count: Int) {
        func pullback(_ dLogProbability: Float, _ dEntropy: Float) -> [Float] {
            let logits = normals(count, "z")
            let total = logits.reduce(0.0) { $0 + exp(Double($1)) }
            let entropy = logits.reduce(0.0) {
                $0 - exp(Double($1)) / total * (Double($1) - log(total))
            }
            let row = Tensor(logits)
            unsafe logProbabilityPullback(
                row.pointer, count, factor: 1, target: count / 2, normalizer: Float(log(total)),
                entropy: Float(entropy), dLogProbability: dLogProbability, dEntropy: dEntropy)
            return row.array
        }
        #expect(abs(pullback(1, 0).reduce(0, +)) < 1e-6)
        #expect(abs(pullback(0, 1).reduce(0, +)) < 1e-6)
        #expect(pullback(0, 0).allSatisfy { $0 == 0 })
    }
}
