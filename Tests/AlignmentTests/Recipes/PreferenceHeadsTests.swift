import Testing

@testable import Alignment

struct PreferenceHeadsTests {
    /// One feature: n pairs with +1, m with −1. The optimum solves λw = n σ(−w) − m σ(w).
    @Test func oneFeatureHasTheOptimumOfItsEquation() {
        let rows: [[Float]] = Array(repeating: [1], count: 30) + Array(repeating: [-1], count: 10)
        // One group: every sample is the whole.
        let heads = PreferenceHeads(
            differences: rows, groups: rows.map { _ in "p" }, count: 3, penalty: 2, seed: 1)
        for head in heads.weights {
            let w = head[0]
            let up = 1 / (1 + expOf(w))
            let residual = 2 * w - 30 * up + 10 * (1 - up)
            #expect(abs(residual) < 1e-6)
        }
        #expect(heads.weights[0] == heads.weights[2])
    }

    @Test func headsAgreeWhereLabelsDecideAndDifferElsewhere() {
        // The first feature decides all pairs; the second is never seen.
        let rows: [[Float]] = (0..<60).map { [Float(1 + $0 % 3), 0] }
        let heads = PreferenceHeads(
            differences: rows, groups: rows.indices.map { "p\($0)" }, count: 8, penalty: 0.1,
            seed: 3)
        let margins = heads.margins([[1, 0], [0, 1], [-1, 0]])
        #expect(margins.allSatisfy { $0[0] > 1 && abs($0[1]) < 1e-9 && $0[2] < -1 })
        #expect(Set(margins.map { $0[0] }).count > 1)
    }

    private func expOf(_ x: Double) -> Double {
        // Series of e^x, so that the test does not lean on the code's own function.
        (0..<60).reversed().reduce(1.0) { sum, n in 1 + sum * x / Double(n + 1) }
    }
}
