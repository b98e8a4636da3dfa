import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct AnswerRankingTests {
    private func pair(
        _ id: String, _ left: String, _ right: String, prompt: String = "p"
    ) -> Comparison {
        Comparison(prompt: prompt, left: left, right: right, id: id)
    }

    private func vote(_ id: String, _ verdict: Verdict, simulated: Bool = false) -> Vote {
        Vote(comparisonID: id, annotator: "x", verdict: verdict, isSimulated: simulated)
    }

    @Test func theAnswersOfAPromptAreInOrder() throws {
        let ranking = AnswerRanking(
            [vote("1", .left), vote("2", .left), vote("3", .right)],
            comparisons: [pair("1", "a", "b"), pair("2", "b", "c"), pair("3", "c", "a")])
        let group = try #require(ranking.groups.first)
        #expect(ranking.groups.count == 1 && group.isConnected)
        #expect(group.places.map(\.answer) == ["a", "b", "c"])
        #expect(group.places.map(\.votes) == [2, 2, 2])
        // Won as often as lost, by symmetry the middle one is average.
        #expect(isClose(group.places[1].strength, 0))
        #expect(isClose(group.places[0].strength, -group.places[2].strength))
        #expect(group.ranking.tiers == [["a"], ["b"], ["c"]])
    }

    @Test func moreVotesOfTheSameKindLeaveLessDoubt() throws {
        func width(_ wins: Int, _ losses: Int) throws -> Double {
            let verdicts =
                [Verdict](repeating: .left, count: wins)
                + [Verdict](repeating: .right, count: losses)
            let ranking = AnswerRanking(
                verdicts.enumerated().map {
                    Vote(comparisonID: "1", annotator: "\($0)", verdict: $1)
                }, comparisons: [pair("1", "a", "b")])
            let place = try #require(ranking.groups.first?.places.first)
            let interval = try #require(place.interval)
            #expect(interval.lower < place.rating && place.rating < interval.upper)
            return interval.upper - interval.lower
        }
        // A hundred times the votes, a tenth of the width; the prior counts less and less.
        let ratio = try width(30, 10) / width(3_000, 1_000)
        #expect(abs(ratio - 10) < 0.5, "\(ratio)")
        #expect(try width(3, 0) > width(30, 10))
    }

    @Test func ofTwoVotesOfOneAnnotatorTheLastCounts() throws {
        let votes = [vote("1", .left), vote("1", .right)]
        let ranking = AnswerRanking(votes, comparisons: [pair("1", "a", "b")])
        #expect(ranking.votes == 1)
        #expect(try #require(ranking.groups.first).places.map(\.answer) == ["b", "a"])
    }

    @Test func manyAnswersHaveNoIntervals() throws {
        let pairs = (0..<501).map { pair("\($0)", "\($0)", "\($0 + 1)") }
        let ranking = AnswerRanking(
            pairs.map { vote($0.id, .left) }, comparisons: pairs)
        let group = try #require(ranking.groups.first)
        #expect(group.places.count == 502 && group.places.allSatisfy { $0.interval == nil })
    }

    @Test func promptsAreRankedByThemselves() {
        let ranking = AnswerRanking(
            [vote("1", .left), vote("2", .right)],
            comparisons: [pair("1", "a", "b"), pair("2", "a", "b", prompt: "q")])
        #expect(ranking.groups.map(\.prompt) == ["p", "q"])
        #expect(ranking.groups.map { $0.places[0].answer } == ["a", "b"])
    }

    @Test func equallyStrongAnswersShareATier() {
        let ranking = AnswerRanking(
            [vote("1", .left), vote("2", .tie), vote("3", .bothBad)],
            comparisons: [
                pair("1", "a", "b"), pair("2", "a", "b"), pair("3", "c", "d", prompt: "q"),
            ]
        )
        #expect(ranking.groups.map(\.ranking.tiers) == [[["a"], ["b"]], [["c", "d"]]])
    }

    @Test func islandsAreNamed() {
        let ranking = AnswerRanking(
            [vote("1", .left), vote("2", .left)],
            comparisons: [pair("1", "a", "b"), pair("2", "c", "d")])
        #expect(ranking.groups.map(\.isConnected) == [false])
    }

    @Test func whatCompareNothingIsCounted() {
        let ranking = AnswerRanking(
            [vote("1", .skip), vote("2", .left), vote("3", .left)],
            comparisons: [pair("1", "a", "b"), pair("2", "a", "a")])
        #expect(ranking.groups.isEmpty)
        #expect(words(ranking.counts) == ["skipped 1", "unknown-pair 1", "identical-answers 1"])
    }

    @Test func aRankingIsSimulatedWhenAllItsVotesAre() {
        let pairs = [pair("1", "a", "b"), pair("2", "a", "b", prompt: "q")]
        let ranking = AnswerRanking(
            [
                vote("1", .left, simulated: true), vote("1", .left),
                vote("2", .left, simulated: true),
            ], comparisons: pairs)
        #expect(ranking.groups.map(\.ranking.isSimulated) == [false, true])
    }

    @Test func rankingsAreReadBackAsTheyWereWritten() throws {
        let rankings = AnswerRanking(
            [vote("1", .left), vote("2", .tie)],
            comparisons: [pair("1", "a", "b"), pair("2", "b", "c")]
        ).groups.map(\.ranking)
        #expect(try read(FeedbackWriter.jsonLines(rankings)).data == .rankings(rankings))
    }
}
