import Testing

@testable import HumanFeedback

@Suite struct VoteAggregationTests {
    private static let pair = Comparison(prompt: "p", left: "a", right: "b", id: "1")

    private func pairs(
        _ verdicts: [Verdict], method: AggregationMethod = .majority, ties: TiedVotes = .drop
    ) -> PreferencePairs {
        let votes = verdicts.enumerated().map {
            Vote(comparisonID: "1", annotator: "w\($0)", verdict: $1)
        }
        return PreferencePairs(
            VoteAggregation(votes, comparisons: [Self.pair], method: method),
            comparisons: [Self.pair], ties: ties)
    }

    @Test(arguments: AggregationMethod.allCases)
    func aTiedVoteIsNeverDecided(method: AggregationMethod) {
        let dropped = pairs([.left, .right], method: method)
        #expect(dropped.pairs.isEmpty)
        #expect(words(dropped.counts) == ["no-consensus 1"])
        let both = pairs([.left, .right], method: method, ties: .half)
        #expect(both.pairs.map(\.chosen) == ["a", "b"])
        #expect(both.pairs.map(\.weight) == [0.5, 0.5])
        #expect(words(both.counts) == ["no-consensus 1"])
    }

    @Test func theMajorityWinsWithTheConfidenceOfItsVotes() {
        let result = pairs([.left, .left, .right])
        #expect(result.pairs.map(\.chosen) == ["a"])
        #expect(isClose(result.pairs[0].weight, 1.0 / 3))
        #expect(pairs([.right, .right, .skip]).pairs.map(\.weight) == [1])
    }

    @Test func softPairsSayHowSureTheVotesAre() {
        func soft(_ verdicts: [Verdict], ties: TiedVotes = .drop) -> PreferencePairs {
            let votes = verdicts.enumerated().map {
                Vote(comparisonID: "1", annotator: "w\($0)", verdict: $1)
            }
            return PreferencePairs(
                VoteAggregation(votes, comparisons: [Self.pair], method: .majority),
                comparisons: [Self.pair], ties: ties, weighing: .soft)
        }
        let result = soft([.right, .right, .right, .left])
        #expect(result.pairs.map(\.chosen) == ["b"])
        #expect(result.pairs.map(\.weight) == [1])
        #expect(isClose(result.pairs[0].confidence, 0.75))
        // A tie is half a vote for either side, and decides nothing by winning.
        let leaning = soft([.tie, .tie, .left])
        #expect(leaning.pairs.map(\.chosen) == ["a"])
        #expect(isClose(leaning.pairs[0].confidence, 2.0 / 3))
        #expect(words(soft([.left, .right]).counts) == ["no-consensus 1"])
        #expect(soft([.tie, .tie], ties: .half).pairs.map(\.weight) == [0.5, 0.5])
        #expect(words(soft([.bothBad, .bothBad, .left]).counts) == ["both-bad 1"])
    }

    @Test func tiesAndBothBadThatWinAreCounted() {
        #expect(words(pairs([.tie, .tie, .left]).counts) == ["tie 1"])
        #expect(words(pairs([.bothBad, .bothBad]).counts) == ["both-bad 1"])
    }

    @Test func strengthsBecomeTheMargin() {
        let votes = [(1.0, Verdict.left), (3, .left), (3, .right)].enumerated().map {
            Vote(
                comparisonID: "1", annotator: "w\($0)", verdict: $1.1, strength: $1.0)
        }
        let result = PreferencePairs(
            VoteAggregation(votes, comparisons: [Self.pair], method: .majority),
            comparisons: [Self.pair], weighing: .none)
        #expect(result.pairs.map(\.margin) == [2])
        #expect(result.pairs.map(\.weight) == [1])
    }

    /// One careful annotator, one who tosses coins and one who answers the other way round.
    @Test(arguments: [AggregationMethod.dawidSkene, .glad, .crowdBT])
    func modelsThatWeighAnnotatorsBeatTheMajority(method: AggregationMethod) {
        let annotators = [
            AnnotatorReportTests.annotator("good", AnnotatorErrors(temperature: 0.5)),
            AnnotatorReportTests.annotator("fair", AnnotatorErrors(temperature: 0.9)),
            AnnotatorReportTests.annotator(
                "coin", AnnotatorErrors(temperature: 1, lapseRate: 1)),
            SimulatedAnnotator(
                name: "reversed", errors: AnnotatorErrors(temperature: 1, lapseRate: 0.2),
                criterionName: "worth"
            ) { -AnnotatorReportTests.worth($0, $1) },
        ]
        let comparisons = AnnotatorReportTests.comparisons
        let votes = SimulatedPanel(annotators).votes(on: comparisons, votesEach: 4, seed: 11)
        func accuracy(_ method: AggregationMethod) -> Double {
            let made = PreferencePairs(
                VoteAggregation(votes, comparisons: comparisons, method: method),
                comparisons: comparisons)
            let right = made.pairs.count {
                AnnotatorReportTests.worth("", $0.chosen)
                    > AnnotatorReportTests.worth("", $0.rejected)
            }
            return Double(right) / Double(comparisons.count)
        }
        #expect(accuracy(method) > accuracy(.majority) + 0.03)
    }

    @Test func fewVotesAnAnnotatorGiveOneCoin() {
        let votes = [Vote(comparisonID: "1", annotator: "x", verdict: .left)]
        #expect(
            VoteAggregation(votes, comparisons: [Self.pair], method: .dawidSkene).isOneCoin)
    }

    @Test func votesOnPairsThatAreNotThereAreCounted() {
        let votes = [Vote(comparisonID: "2", annotator: "x", verdict: .left)]
        let result = PreferencePairs(
            VoteAggregation(votes, comparisons: [Self.pair], method: .wawa),
            comparisons: [Self.pair])
        #expect(words(result.counts) == ["unknown-pair 1"])
    }

    @Test(arguments: AggregationMethod.allCases)
    func noVotesGiveNoOpinions(method: AggregationMethod) {
        #expect(VoteAggregation([], comparisons: [], method: method).opinions.isEmpty)
    }
}
