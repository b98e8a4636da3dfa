import HumanFeedback
import Testing

@Suite struct PreferencePairsTests {
    private let comparisons = [
        Comparison(prompt: "p", left: "a", right: "b", id: "1"),
        Comparison(prompt: "q", left: "c", right: "d", id: "2", promptID: "Q"),
    ]

    @Test func everyDecidedVoteIsAPair() {
        let made = PreferencePairs(
            comparisons: comparisons,
            votes: [
                Vote(comparisonID: "2", annotator: "x", verdict: .right, strength: 3),
                Vote(comparisonID: "1", annotator: "x", verdict: .left, isSimulated: true),
                Vote(comparisonID: "1", annotator: "y", verdict: .right),
                Vote(comparisonID: "1", annotator: "z", verdict: .tie),
                Vote(comparisonID: "1", annotator: "z", verdict: .bothBad),
                Vote(comparisonID: "2", annotator: "z", verdict: .skip),
                Vote(comparisonID: "3", annotator: "z", verdict: .left),
            ])
        #expect(
            made.pairs == [
                PreferencePair(
                    prompt: "q", chosen: "d", rejected: "c", margin: 3, promptID: "Q",
                    annotator: "x"),
                PreferencePair(
                    prompt: "p", chosen: "a", rejected: "b", annotator: "x", isSimulated: true),
                PreferencePair(prompt: "p", chosen: "b", rejected: "a", annotator: "y"),
            ])
        #expect(words(made.counts) == ["skipped 1", "tie 1", "both-bad 1", "unknown-pair 1"])
    }

    @Test(arguments: 0..<20) func pairsAndCountsAddUpAndSidesDoNotMatter(seed: Int) {
        var random = RandomTexts(seed: seed)
        let comparisons = (0..<10).map {
            Comparison(prompt: "p\($0 / 2)", left: "l\($0)", right: "r\($0)", id: "\($0)")
        }
        let votes = (0..<60).map { number in
            Vote(
                comparisonID: "\(random.number(below: 12))", annotator: "a\(number % 3)",
                verdict: Verdict.allCases[random.number(below: 5)])
        }
        let made = PreferencePairs(comparisons: comparisons, votes: votes)
        #expect(made.pairs.count + made.counts.reduce(0) { $0 + $1.count } == votes.count)
        // Exchanging the sides of everything gives the same pairs.
        let exchanged = PreferencePairs(
            comparisons: comparisons.map {
                Comparison(prompt: $0.prompt, left: $0.right, right: $0.left, id: $0.id)
            },
            votes: votes.map {
                Vote(
                    comparisonID: $0.comparisonID, annotator: $0.annotator,
                    verdict: $0.verdict.flipped)
            })
        #expect(exchanged == made)
    }
}
