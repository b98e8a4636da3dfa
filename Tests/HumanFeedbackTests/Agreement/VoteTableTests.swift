import Testing

@testable import HumanFeedback

@Suite struct VoteTableTests {
    @Test func skipsAreMissingAndTheLastVoteCounts() {
        let table = VoteTable([
            Vote(comparisonID: "a", annotator: "x", verdict: .left),
            Vote(comparisonID: "a", annotator: "y", verdict: .skip),
            Vote(comparisonID: "a", annotator: "x", verdict: .right),
            Vote(comparisonID: "b", annotator: "y", verdict: .bothBad),
        ])
        #expect(table.annotators == ["x", "y"])
        #expect(table.units == ["a", "b"])
        #expect(table.category(of: 0, on: 0) == 1)
        #expect(table.category(of: 1, on: 0) == nil)
        #expect(table.skips == [0, 1])
        #expect(table.repeats.count == 1)
        #expect(table.categoryCounts == [[0, 1, 0, 0], [0, 0, 0, 1]])
    }

    @Test func criteriaAreUnitsOfTheirOwn() {
        let votes = [
            Vote(comparisonID: "a", annotator: "x", verdict: .left, criterion: "helpful"),
            Vote(comparisonID: "a", annotator: "y", verdict: .right, criterion: "honest"),
        ]
        #expect(VoteTable(votes).units == ["a", "a"])
        #expect(VoteTable(votes, criterion: "honest").annotators == ["y"])
    }

    @Test func aPluralityNeedsOneWinner() {
        #expect(plurality([2, 1]) == 0)
        #expect(plurality([1, 1]) == nil)
        #expect(plurality([0, 0]) == nil)
    }
}
