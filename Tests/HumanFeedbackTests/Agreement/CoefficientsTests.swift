import Testing

@testable import HumanFeedback

@Suite struct CoefficientsTests {
    let golden: QualityGolden

    init() throws { golden = try QualityGolden() }

    @Test func pairsOfAnnotatorsEqualScikitLearn() throws {
        let report = AgreementReport(try golden.votes, resamples: 10)
        #expect(report.pairs.count == 6)
        for pair in report.pairs {
            let key = "\(pair.first.dropFirst())-\(pair.second.dropFirst())"
            #expect(isClose(pair.cohenKappa, try golden.number("cohen_kappa", key)))
            #expect(isClose(pair.agreement.value, try golden.number("percent_agreement", key)))
        }
    }

    @Test func fleissEqualsStatsmodelsOnTheCompleteItems() throws {
        let counts = VoteTable(try golden.votes).categoryCounts
        let fleiss = try #require(Coefficients.fleissKappa(counts))
        #expect(fleiss.units == 8)
        #expect(fleiss.ratings == 4)
        #expect(
            isClose(fleiss.kappa, try golden.number("fleiss_kappa_complete_items_only", "kappa")))
    }

    @Test func agreementThatChanceAloneWouldGiveIsNotDefined() {
        #expect(Coefficients.cohenKappa([(0, 0), (0, 0)]) == nil)
        #expect(Coefficients.cohenKappa([]) == nil)
        #expect(Coefficients.fleissKappa([[2, 0], [2, 0]])?.kappa == nil)
        #expect(Coefficients.fleissKappa([[1, 0]]) == nil)
        #expect(Coefficients.rawAgreement([[1, 0], [0, 1]]) == nil)
    }

    @Test func rawAgreementCountsPairsOfRatings() {
        #expect(Coefficients.rawAgreement([[2, 1, 0], [0, 2, 0]]) == 0.5)
    }
}
