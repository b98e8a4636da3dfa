import HumanFeedback
import OrderedJSON
import Testing

@Suite struct VoteTests {
    @Test func flippingTwiceChangesNothing() {
        for verdict in Verdict.allCases { #expect(verdict.flipped.flipped == verdict) }
        #expect(Verdict.left.flipped == .right)
        #expect(Verdict.tie.flipped == .tie)
        #expect(Verdict.bothBad.flipped == .bothBad)
    }

    @Test func onlyTwoVerdictsDecide() {
        #expect(Verdict.allCases.filter(\.isDecided) == [.left, .right])
    }

    @Test func whatWasSaidBesideTheVerdictIsKept() throws {
        let vote = Vote(
            comparisonID: "c", annotator: "me", verdict: .left, strength: 3, seconds: 2.5,
            shownOrder: .rightFirst, criterion: "helpful", leftRating: 5, rightRating: 2,
            note: "the right one is rude", isFlagged: true, isRepeat: true,
            selection: "uncertain")
        #expect(try Vote(json: vote.json) == vote)
        let plain = Vote(comparisonID: "c", annotator: "me", verdict: .tie)
        #expect(
            plain.json.text
                == #"{"pair_id":"c","annotator":"me","verdict":"tie","shown_order":"left_first"}"#)
        #expect(
            throws: RowProblem(key: "left_rating", expected: "an integer", found: "a string")
        ) {
            try Vote(
                json: ["pair_id": "c", "annotator": "me", "verdict": "tie", "left_rating": "5"])
        }
    }
}
