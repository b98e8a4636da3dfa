import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct DistributionsTests {
    let models: QualityGolden

    init() throws { models = try QualityGolden() }

    private func rows(_ key: String) throws -> [[Double]] {
        try #require(models.models[key]?.arrayValue).map { row in
            try #require(row.arrayValue).map { try #require($0.doubleValue) }
        }
    }

    @Test func theBinomialTestEqualsScipy() throws {
        for row in try rows("binomial_test_two_sided") {
            let p = Distributions.binomialTest(
                hits: Int(row[0]), trials: Int(row[1]), probability: row[2])
            #expect(isClose(p, row[3], 1e-9), "\(row)")
        }
        for row in try rows("binomial_lower") {
            let p = Distributions.binomialLower(
                hits: Int(row[0]), trials: Int(row[1]), probability: row[2])
            #expect(isClose(p, row[3], 1e-9), "\(row)")
        }
    }

    @Test func theBetaDistributionEqualsScipy() throws {
        for row in try rows("beta_cdf") {
            let p = Distributions.betaCumulative(row[0], a: Int(row[1]), b: Int(row[2]))
            #expect(isClose(p, row[3], 1e-9), "\(row)")
        }
        for row in try rows("beta_quantile") {
            let x = Distributions.betaQuantile(row[0], a: Int(row[1]), b: Int(row[2]))
            #expect(isClose(x, row[3], 1e-9), "\(row)")
        }
    }

    @Test func theMedianOfNothingIsNothing() {
        #expect(Distributions.median([]) == nil)
        #expect(Distributions.median([3, 1, 2]) == 2)
        #expect(Distributions.median([4, 1, 2, 3]) == 2.5)
    }
}
