import Glibc
import Testing

@testable import Alignment

@Suite("KL estimators")
struct KLPenaltyTests {
    // Three tokens, with policy .7 .2 .1 and reference .3 .4 .3: the true KL is
    // .7 ln(7/3) + .2 ln(1/2) + .1 ln(1/3) = 0.344615.
    let policy: [Float] = [0.7, 0.2, 0.1]
    let reference: [Float] = [0.3, 0.4, 0.3]

    func expectation(_ estimator: KLEstimator) -> Float {
        let terms = estimator.perToken(
            logProbabilities: policy.map { logf($0) },
            referenceLogProbabilities: reference.map { logf($0) })
        return zip(policy, terms).reduce(0) { $0 + $1.0 * $1.1 }
    }

    @Test("k1 and k3 have the true KL as their expectation", arguments: [KLEstimator.k1, .k3])
    func unbiased(_ estimator: KLEstimator) {
        #expect(abs(expectation(estimator) - 0.344615) < 1e-5)
    }

    @Test("k2's expectation is half the mean squared log-ratio, here 0.3596")
    func k2() {
        // ½ (.7 · .847298² + .2 · .693147² + .1 · 1.098612²)
        #expect(abs(expectation(.k2) - 0.359662) < 1e-5)
    }

    @Test("k3 is never negative and k1 may be")
    func signs() {
        let logProbabilities: [Float] = [-3, -1, -0.5, -2]
        let reference: [Float] = [-1, -3, -0.5001, -2.0001]
        let k3 = KLEstimator.k3.perToken(
            logProbabilities: logProbabilities, referenceLogProbabilities: reference)
        #expect(k3.allSatisfy { $0 >= 0 })
        let k1 = KLEstimator.k1.perToken(
            logProbabilities: logProbabilities, referenceLogProbabilities: reference)
        #expect(k1[0] == -2)
    }

    @Test("k3 of a tiny difference keeps its digits: it is d²/2, not 0")
    func smallDifference() {
        let d: Float = 1.0 / 8192
        let k3 = KLEstimator.k3.perToken(
            logProbabilities: [-1], referenceLogProbabilities: [-1 + d])
        #expect(abs(k3[0] / (0.5 * d * d) - 1) < 1e-3)
    }

    @Test("agrees with PyTorch, token by token and in expectation")
    func agreesWithPyTorch() throws {
        let fixture = try LossFixture.load().klPenalty
        let tokens = fixture.tokens
        for (estimator, expected) in [
            (KLEstimator.k1, tokens.k1), (.k2, tokens.k2), (.k3, tokens.k3),
        ] {
            let rows = zip(tokens.logProbabilities, tokens.referenceLogProbabilities)
            expectClose(
                rows.map {
                    estimator.perToken(logProbabilities: $0, referenceLogProbabilities: $1)
                }, expected)
        }
        let symbols = fixture.threeSymbols
        for (estimator, expected) in [
            (KLEstimator.k1, symbols.expectedK1), (.k2, symbols.expectedK2),
            (.k3, symbols.expectedK3),
        ] {
            let terms = estimator.perToken(
                logProbabilities: symbols.p.map { logf($0) },
                referenceLogProbabilities: symbols.q.map { logf($0) })
            expectClose([zip(symbols.p, terms).reduce(0) { $0 + $1.0 * $1.1 }], [expected])
        }
    }
}
