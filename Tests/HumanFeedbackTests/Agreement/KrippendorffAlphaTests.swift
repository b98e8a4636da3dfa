import Testing

@testable import HumanFeedback

@Suite struct KrippendorffAlphaTests {
    let golden: QualityGolden

    init() throws { golden = try QualityGolden() }

    @Test func nominalAndOrdinalEqualTheLibrary() throws {
        let report = AgreementReport(try golden.votes, resamples: 10)
        #expect(
            isClose(report.alphaNominal.value, try golden.number("krippendorff_alpha_nominal")))
        #expect(
            isClose(
                report.alphaOrdinal.value,
                try golden.number("krippendorff_alpha_ordinal(left<tie<right)")))
    }

    @Test func tiesLeftOutEqualTheLibrary() throws {
        let decided = try golden.votes.filter { $0.verdict.isDecided }
        #expect(
            isClose(
                AgreementReport(decided, resamples: 10).alphaNominal.value,
                try golden.number("krippendorff_alpha_nominal_ties_as_missing")))
    }

    @Test func oneCategoryOrSingleRatingsAreNotDefined() {
        #expect(KrippendorffAlpha.alpha([[2, 0], [3, 0]], scale: .nominal) == nil)
        #expect(KrippendorffAlpha.alpha([[1, 0], [0, 1]], scale: .nominal) == nil)
        #expect(KrippendorffAlpha.alpha([], scale: .ordinal) == nil)
    }

    @Test func exchangingTheSidesOfEveryPairChangesNothing() throws {
        let votes = try golden.votes
        let flipped = votes.map {
            Vote(
                comparisonID: $0.comparisonID, annotator: $0.annotator,
                verdict: $0.verdict.flipped)
        }
        let a = AgreementReport(votes, resamples: 10)
        let b = AgreementReport(flipped, resamples: 10)
        #expect(isClose(a.alphaOrdinal.value, try #require(b.alphaOrdinal.value), 1e-12))
        #expect(a.rawAgreement == b.rawAgreement)
    }
}
