import Testing

@testable import HumanFeedback

@Suite struct ItemBootstrapTests {
    @Test func theIntervalHoldsTheValueAndIsTheSameForTheSameSeed() throws {
        let votes = try QualityGolden().votes
        let a = AgreementReport(votes, seed: 1)
        #expect(a == AgreementReport(votes, seed: 1))
        #expect(a.alphaOrdinal.interval != AgreementReport(votes, seed: 2).alphaOrdinal.interval)
        for each in [a.rawAgreement, a.fleissKappa, a.alphaNominal, a.alphaOrdinal] {
            let value = try #require(each.value)
            let interval = try #require(each.interval)
            #expect(interval.lower < value && value < interval.upper)
        }
    }

    /// Coverage of the 95 % interval of a share with a known truth.
    @Test func theIntervalCoversTheTruthAboutAsOftenAsItSays() {
        var covered = 0
        for world in 0..<200 {
            let random = KeyedRandom(seed: UInt64(world), "world", "units")
            let counts = (0..<80).map { random.uniform(at: $0) < 0.7 ? [2, 0] : [1, 1] }
            let interval = ItemBootstrap(counts).interval(resamples: 200, seed: 7) {
                units, weights in
                let equal = zip(units, weights).reduce(0) { $0 + ($1.0[1] == 0 ? $1.1 : 0) }
                return Double(equal) / Double(weights.reduce(0, +))
            }
            if let interval, interval.lower <= 0.7, 0.7 <= interval.upper { covered += 1 }
        }
        #expect((178...199).contains(covered))
    }

    @Test func quantilesAreInterpolated() {
        #expect(Interval.quantile(0.5, of: [1, 2]) == 1.5)
        #expect(Interval(quantilesOf: []) == nil)
    }
}
