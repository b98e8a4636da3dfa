import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct CrowdBradleyTerryTests {
    /// The third annotator of the data answers the other way round.
    @Test func strengthsAndReliabilityAreTheMaximumFoundByScipy() throws {
        let reference = try #require(try QualityGolden().models["crowd_bt"])
        let judgements = try #require(reference["votes"]?.arrayValue).map { row in
            let n = try #require(row.arrayValue).map { try #require($0.intValue) }
            return CrowdBradleyTerry.Judgement(
                annotator: n[0], winner: n[1], loser: n[2], weight: 1)
        }
        let fit = CrowdBradleyTerry(judgements, answers: 5, annotators: 4)
        for (ours, theirs) in zip(
            fit.strengths, try #require(reference["strengths"]?.arrayValue))
        {
            #expect(isClose(ours, try #require(theirs.doubleValue), 1e-4))
        }
        for (ours, theirs) in zip(
            fit.reliability, try #require(reference["reliability"]?.arrayValue))
        {
            #expect(isClose(ours, try #require(theirs.doubleValue), 1e-4))
        }
        #expect(fit.reliability[2] < 0.5)
    }
}
