import Testing

@testable import Alignment

@Suite("Win rates at equal length")
struct LengthControlledWinRateTests {
    private func measured(
        _ outcomes: [Double?], _ lengths: [Int], _ baseline: [Int], resamples: Int = 200
    ) -> LengthControlledWinRate {
        LengthControlledWinRate(
            outcomes: outcomes, lengths: lengths, baselineLengths: baseline,
            promptIDs: outcomes.indices.map { "\($0)" }, resamples: resamples, seed: 42)
    }

    @Test("the rate is scikit-learn's, inside its interval")
    func reference() throws {
        for example in try AssessmentReference.load().lengthControlled {
            let found = measured(example.outcomes, example.lengths, example.baselineLengths)
            let expected = try #require(example.ridge.rate)
            #expect(abs(found.rate.value - expected) < 1e-6, "\(example.name)")
            #expect(abs(found.lengthEffect - example.ridge.slope) < 1e-5)
            #expect(found.rate.lower <= expected && expected <= found.rate.upper)
            #expect(found.rate.lower < found.rate.upper)
        }
    }

    @Test("a model that wins by length alone is no better at equal length")
    func lengthAlone() {
        // Longer by a varying amount nearly always, and it wins exactly where it is longer.
        let lengths = (0..<200).map { 50 + ($0 * 37) % 41 }
        let baseline = (0..<200).map { _ in 60 }
        let outcomes = lengths.map { Optional($0 > 60 ? 1.0 : $0 == 60 ? 0.5 : 0) }
        let raw = outcomes.reduce(0) { $0 + ($1 ?? 0) } / 200
        let found = measured(outcomes, lengths, baseline)
        #expect(raw > 0.7)
        #expect(abs(found.rate.value - 0.5) < 0.2, "\(found.rate.value)")
        #expect(found.lengthEffect > 3)
    }

    @Test("the interval by prompt has the width that the binomial distribution gives")
    func interval() {
        let outcomes = (0..<400).map { Optional($0 % 4 == 0 ? 0.0 : 1.0) }
        let lengths = (0..<400).map { 40 + ($0 * 13) % 17 }
        let found = measured(outcomes, lengths, lengths.map { _ in 48 }, resamples: 1_000)
        let exact = Estimate.wilson(successes: 300, trials: 400)
        let ratio = (found.rate.upper - found.rate.lower) / (exact.upper - exact.lower)
        #expect(ratio > 0.85 && ratio < 1.15, "\(ratio)")
    }

    @Test("rows without an outcome are left out")
    func missing() {
        let full = measured([1, 0, 1, 1], [10, 12, 9, 30], [11, 11, 11, 11])
        let holed = measured([1, nil, 0, 1, 1], [10, 99, 12, 9, 30], [11, 11, 11, 11, 11])
        #expect(full.rate.value == holed.rate.value && holed.rate.count == 4)
        #expect(measured([nil], [1], [1]).rate.value.isNaN)
    }

    @Test("ties everywhere do not make the interval vanish")
    func ties() {
        let found = measured([Double?](repeating: 0.5, count: 30), Array(1...30), Array(3...32))
        #expect(abs(found.rate.value - 0.5) < 1e-9)
        #expect(found.rate.lower < 0.35 && found.rate.upper > 0.65)
    }

    @Test("where everything is won the interval is Wilson's, whatever the lengths")
    func allWins() {
        let rate = LengthControlledWinRate(
            outcomes: [Double?](repeating: 1, count: 10), lengths: (0..<10).map { 20 + 3 * $0 },
            baselineLengths: (0..<10).map { 25 + $0 % 4 }, promptIDs: (0..<10).map { "\($0)" },
            seed: 1
        ).rate
        let wilson = Estimate.wilson(successes: 10, trials: 10)
        #expect(rate.lower == wilson.lower && rate.upper == 1)
        #expect(rate.value > 0.9)
    }
}
