import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct ModelRankingTests {
    private let comparisons: [Comparison] = (0..<60).map { index in
        let models = [["a", "b"], ["b", "c"], ["a", "c"]][index % 3]
        return Comparison(
            prompt: "p\(index / 3)", left: "x\(index)", right: "y\(index)", id: "\(index)",
            leftModel: models[0], rightModel: models[1])
    }

    private var votes: [Vote] {
        comparisons.enumerated().map { index, pair in
            let verdict: Verdict = index % 10 == 0 ? .tie : index % 4 == 3 ? .right : .left
            return Vote(comparisonID: pair.id, annotator: "x", verdict: verdict)
        }
    }

    @Test func modelsAreRankedWithIntervalsByPrompt() throws {
        let ranking = ModelRanking(votes, comparisons: comparisons, seed: 1)
        #expect(ranking.places.map(\.name) == ["a", "b", "c"])
        #expect(ranking.battles == 60)
        #expect(ranking.ties == 6)
        #expect(!ranking.needsPrior)
        for place in ranking.places {
            let interval = try #require(place.interval)
            #expect(interval.lower < place.rating && place.rating < interval.upper)
        }
        #expect(ranking == ModelRanking(votes, comparisons: comparisons, seed: 1))
    }

    @Test func davidsonGivesTheTiesAParameter() {
        let ranking = ModelRanking(
            votes, comparisons: comparisons, ties: .davidson, resamples: 5)
        #expect(ranking.tieParameter > 0)
        #expect(ranking.places.map(\.name) == ["a", "b", "c"])
    }

    @Test func pairsWithoutModelsAreCounted() {
        let plain = Comparison(prompt: "p", left: "x", right: "y", id: "0")
        let ranking = ModelRanking(
            [Vote(comparisonID: "0", annotator: "x", verdict: .left)], comparisons: [plain])
        #expect(ranking.places.isEmpty)
        #expect(words(ranking.counts) == ["no-model-names 1"])
    }
}
