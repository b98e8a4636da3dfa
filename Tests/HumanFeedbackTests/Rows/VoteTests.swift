import HumanFeedback
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
}
