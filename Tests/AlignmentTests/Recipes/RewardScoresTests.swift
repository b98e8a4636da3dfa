import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("Scores of a reward model")
struct RewardScoresTests {
    @Test("normalised scores have mean 0 and deviation 1, and keep their order")
    func normalization() {
        let model = LanguageModel.toy(heads: [.score])
        model.scaleScores(by: 3)
        model.shiftScores(by: 20)
        let sequences = Toy.examples(100).map { $0.prompt + $0.completion }
        let before = sequenceScores(of: model, on: sequences, plan: Toy.plan())
        let found = normalizeScores(of: model, on: sequences, plan: Toy.plan())
        let summary = Summary(before)
        #expect(abs(found.mean - summary.mean) < 1e-4)
        #expect(abs(found.mean - 20) < 5)

        let after = sequenceScores(of: model, on: sequences, plan: Toy.plan())
        let mean = after.reduce(0.0) { $0 + Double($1) } / 100
        let squares = after.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        #expect(abs(mean) < 1e-4)
        #expect(abs((squares / 100).squareRoot() - 1) < 1e-4)
        let expected = before.map { Float((Double($0) - found.mean) / found.deviation) }
        expectClose(after, expected, within: 1e-4)
    }

    @Test("scores do not depend on how many are asked for at once, nor on the threads")
    func scoring() {
        let model = LanguageModel.toy(heads: [.score])
        let pairs = Toy.pairs(prompts: 15)
        let sequences = pairs.map(\.chosen)
        let scores = sequenceScores(of: model, on: sequences, plan: Toy.plan())
        #expect(scores == sequenceScores(of: model, on: sequences, plan: Toy.plan(threads: 2)))
        let alone = sequences.flatMap { sequenceScores(of: model, on: [$0], plan: Toy.plan()) }
        expectClose(scores, alone, within: 1e-5)
        let both = pairScores(of: model, on: pairs, plan: Toy.plan())
        expectClose(both.map(\.chosen), scores, within: 1e-5)
        #expect(pairScores(of: model, on: [], plan: Toy.plan()) == [])
    }

    @Test("ties count half, and the margin is the mean lead")
    func pairScoreSummary() {
        let scores = PairScores([
            PairScore(chosen: 2, rejected: 1), PairScore(chosen: 0, rejected: 0),
            PairScore(chosen: -1, rejected: 4), PairScore(chosen: 3, rejected: -3),
        ])
        #expect(scores.accuracy == 0.625)
        #expect(scores.meanChosen == 1 && scores.meanRejected == 0.5 && scores.meanMargin == 0.5)
    }
}
