import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct AgreementReportTests {
    @Test func jsonGivesTheCoefficientsByName() throws {
        let json = AgreementReport(try QualityGolden().votes, resamples: 10).json
        for key in [
            "raw_agreement", "cohen_kappa", "fleiss_kappa", "krippendorff_alpha_nominal",
            "krippendorff_alpha_ordinal",
        ] {
            #expect(json[key]?.doubleValue != nil, "\(key)")
        }
        #expect(json["krippendorff_alpha_nominal_interval"]?.arrayValue?.count == 2)
        #expect(json["items"] == 12)
        #expect(json["annotators"] == 4)
        #expect(json["pairs"]?.arrayValue?.count == 6)
    }

    @Test func nothingInCommonIsNotDefinedRatherThanZero() {
        let report = AgreementReport([
            Vote(comparisonID: "a", annotator: "x", verdict: .left),
            Vote(comparisonID: "b", annotator: "y", verdict: .left),
        ])
        #expect(report.sharedUnitCount == 0)
        #expect(report.rawAgreement.value == nil)
        #expect(report.json["krippendorff_alpha_ordinal"] == .null)
        #expect(AgreementReport([]).annotators.isEmpty)
    }

    @Test func onlyVotesOnTheCriterionCount() {
        let votes = [
            Vote(comparisonID: "a", annotator: "x", verdict: .left, criterion: "helpful"),
            Vote(comparisonID: "a", annotator: "y", verdict: .left, criterion: "helpful"),
            Vote(comparisonID: "a", annotator: "x", verdict: .right, criterion: "honest"),
        ]
        #expect(AgreementReport(votes, criterion: "helpful").rawAgreement.value == 1)
        #expect(AgreementReport(votes).criteria == ["helpful", "honest"])
    }
}
