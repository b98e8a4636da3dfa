import Autograd
import Foundation
import Testing

@testable import Alignment

@Suite("Best of n")
struct BestOfNTests {
    @Test("it is the mean over all subsets, ties by a coin")
    func subsets() throws {
        for example in try AssessmentReference.load().bestOfN {
            let found = BestOfN.expectedValue(
                of: example.n, scores: example.scores, values: example.values)
            #expect(abs(found - example.expected) < 1e-9, "n = \(example.n)")
        }
    }

    @Test("its KL is that of the distribution of a maximum")
    func kl() {
        #expect(BestOfN.kl(1) == 0)
        // The maximum of n uniform numbers has the density n u^(n − 1); KL to the uniform one is its
        // mean logarithm.
        for n in [2, 4, 16, 128] {
            let cells = 400_000
            var sum = 0.0
            for cell in 0..<cells {
                let u = (Double(cell) + 0.5) / Double(cells)
                let density = Double(n) * pow(u, Double(n - 1))
                if density > 0 { sum += density * log(density) / Double(cells) }
            }
            #expect(abs(BestOfN.kl(n) - sum) < 1e-3, "n = \(n)")
        }
    }

    @Test("the size at a KL is the least that reaches it")
    func size() {
        #expect(BestOfN.size(atKL: 0, limit: 10) == 1)
        #expect(BestOfN.size(atKL: -1, limit: 10) == 1)
        let n = BestOfN.size(atKL: 2, limit: 100)
        #expect(n.map { BestOfN.kl($0) >= 2 && BestOfN.kl($0 - 1) < 2 } == true)
        #expect(BestOfN.size(atKL: 9, limit: 100) == nil)
        #expect(BestOfN.size(atKL: .nan, limit: 100) == nil)
    }

    @Test("the mean over prompts lies in its interval, which narrows with more prompts")
    func interval() {
        var random = RandomStream(seed: 3, purpose: RandomPurpose("best of n"))
        func width(_ prompts: Int) -> Double {
            let scores = (0..<prompts).map { _ in (0..<8).map { _ in random.nextNormal() } }
            let found = BestOfN.estimate(
                of: 4, scores: scores, values: scores.map { $0.map(Double.init) }, seed: 1)
            #expect(found.lower <= found.value && found.value <= found.upper)
            // The expectation of the maximum of four standard normals is 1.03.
            #expect(abs(found.value - 1.03) < 0.4)
            return found.upper - found.lower
        }
        #expect(width(25) > 1.3 * width(100))
    }
}
