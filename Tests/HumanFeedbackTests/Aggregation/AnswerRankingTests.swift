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

    @Test func threeEqualVotesLeaveMoreDoubtThanThirty() throws {
        let pairs = [pair("1", "a", "b")]
        func width(_ count: Int) throws -> Double {
            let ranking = AnswerRanking(
                (0..<count).map { _ in vote("1", .left) }, comparisons: pairs)
            let place = try #require(ranking.groups.first?.places.first)
            #expect(place.interval.lower < place.rating && place.rating < place.interval.upper)
            // How sure it is that the answer is better than the other one.
            return place.strength / (place.interval.upper - place.rating)
        }
        #expect(try width(3) < width(30))
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
