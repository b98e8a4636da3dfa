import Foundation
import Testing

@testable import Autograd

@Suite("Vocabulary head kernels")
struct TokenHeadKernelsTests {
    @Test("Σ p log p agrees with double precision", arguments: [1, 15, 33, 257])
    func entropy(count: Int) {
        let logits = normals(count, "z", deviation: 5)
        let highest = logits.max() ?? 0
        let row = Tensor(logits)
        let sum = unsafe exponentiate(row.pointer, count, shift: highest)
        let total = logits.reduce(0.0) { $0 + exp(Double($1) - Double(highest)) }
        let expected = logits.reduce(0.0) {
            let logP = Double($1) - Double(highest) - log(total)
            return $0 + exp(logP) * logP
        }
        let found = unsafe sumOfProbabilityTimesLog(row.pointer, count, sum: sum)
        #expect(abs(Double(found) - expected) < 2e-6)
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
                row.pointer, count, target: count / 2, normalizer: Float(log(total)),
                entropy: Float(entropy), dLogProbability: dLogProbability, dEntropy: dEntropy)
            return row.array
        }
        #expect(abs(pullback(1, 0).reduce(0, +)) < 1e-6)
        #expect(abs(pullback(0, 1).reduce(0, +)) < 1e-6)
        #expect(pullback(0, 0).allSatisfy { $0 == 0 })
    }
}
