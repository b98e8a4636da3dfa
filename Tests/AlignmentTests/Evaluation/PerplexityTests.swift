import Glibc
import Testing

@testable import Alignment

@Suite("Perplexity")
struct PerplexityTests {
    @Test("a model that picks evenly among 768 tokens has perplexity 768")
    func uniform() {
        let found = perplexity(
            logProbabilities: [-10 * logf(768), -3 * logf(768)], tokenCounts: [10, 3])
        #expect(abs(found / 768 - 1) < 1e-5)
    }

    @Test("tokens count the same, not texts")
    func tokensCount() {
        // e^((1 + 9) / (1 + 3)) and not the mean of e¹ and e³
        #expect(
            abs(perplexity(logProbabilities: [-1, -9], tokenCounts: [1, 3]) - 12.182494) < 1e-5)
    }

    @Test("a model that is certain has perplexity 1, and no tokens have none")
    func extremes() {
        #expect(perplexity(logProbabilities: [0], tokenCounts: [5]) == 1)
        #expect(perplexity(logProbabilities: [], tokenCounts: []).isNaN)
    }
}
