import HumanFeedback
import OrderedJSON
import Testing

@Suite struct RankingTests {
    @Test func everyBetterOneMeetsEveryWorseOne() {
        let ranking = Ranking(prompt: "p", tiers: [["a"], ["b", "c"], ["d"]], annotator: "x")
        let pairs = ranking.pairs.map { "\($0.chosen)\($0.rejected)" }
        #expect(pairs == ["ab", "ac", "ad", "bd", "cd"])
        #expect(ranking.pairs.allSatisfy { $0.annotator == "x" && $0.prompt == "p" })
    }

    @Test(arguments: [(0, 0), (1, 0), (2, 1), (4, 6), (9, 36)])
    func withoutTiesThereIsOnePairForEveryTwo(count: Int, pairs: Int) {
        let ranking = Ranking(prompt: "p", tiers: (0..<count).map { ["\($0)"] })
        #expect(ranking.pairs.count == pairs)
    }

    @Test func aFlatListIsARankingWithoutTies() throws {
        let ranking = try Ranking(json: ["prompt": "p", "ranking": ["a", "b"]])
        #expect(ranking.tiers == [["a"], ["b"]])
    }
}
