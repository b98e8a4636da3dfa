import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct AgreementWeightsTests {
    /// crowd-kit breaks the one tied vote in favour of the first label; we never do.
    @Test func skillsEqualCrowdKitOnItsMajority() throws {
        let golden = try QualityGolden()
        let key = "majority_vote(crowd-kit, tie broken arbitrarily)"
        let labels = (0..<12).map { golden.golden[key]?["t\($0)"]?.intValue }
        let fit = AgreementWeights(try golden.matrix, majority: labels)
        for annotator in 0..<4 {
            #expect(
                isClose(
                    fit.skills[annotator],
                    try golden.number("wawa_skills", "w\(annotator)"), 1e-12))
        }
    }

    @Test func tiedVotesSayNothingAboutAnybody() {
        let matrix = LabelMatrix(
            units: [[.init(annotator: 0, label: 0), .init(annotator: 1, label: 1)]],
            annotatorCount: 2, labelCount: 2)
        let fit = AgreementWeights(matrix, majority: [nil])
        #expect(fit.skills == [nil, nil])
        #expect(fit.posterior == [[0.5, 0.5]])
    }
}
