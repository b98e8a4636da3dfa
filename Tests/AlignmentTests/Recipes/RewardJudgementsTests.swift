import Autograd
import LanguageModels
import Testing

@testable import Alignment

@Suite("Reward models from other judgements than pairs")
struct RewardJudgementsTests {
    private func options(_ steps: Int, threads: Int = 1) -> TrainingOptions {
        TrainingOptions(
            length: .steps(steps), batchSize: 6, learningRate: 0.01, schedule: .constant,
            plan: Toy.plan(threads: threads))
    }

    /// A completion is as good as the number of its fives.
    private func rankings(_ prompts: Int) -> [TokenizedRanking] {
        (0..<prompts).map { prompt in
            let head = [prompt % 11 + 1, prompt / 11 + 1]
            return TokenizedRanking(
                tiers: [
                    [head + [5, 5, 5, 0]], [head + [5, 5, 0], head + [5, 7, 5, 0]],
                    [head + [6, 5, 0]], [head + [7, 6, 0]],
                ], promptID: "\(prompt)")
        }
    }

    private func train(
        _ judgements: RewardJudgements, steps: Int = 60, heads: Int = 0, threads: Int = 1,
        stopAfter stop: Int? = nil, resume: TrainingCheckpoint? = nil
    ) -> (model: LanguageModel, record: RunRecord) {
        let model = LanguageModel(copying: .toy(), heads: [.score], scoreHeads: heads)
        model.initializeScoreHead(seed: 3)
        let record = RunRecord()
        _ = RewardTrainer(options: options(steps, threads: threads)).train(
            model, on: judgements, resume: resume, report: record.report(stopAfter: stop))
        return (model, record)
    }

    private func score(_ model: LanguageModel, _ sequence: [Int]) -> Float {
        sequenceScores(of: model, on: [sequence], plan: Toy.plan())[0]
    }

    @Test("rankings order what they rank")
    func ranked() {
        let all = rankings(12)
        let (model, record) = train(.rankings(all))
        let accuracy = record.values("rewards/accuracies")
        #expect(accuracy.suffix(5).reduce(0, +) / 5 > 0.85)
        let scores = all[0].tiers.map { score(model, $0[0]) }
        #expect(scores == scores.sorted(by: >))
    }

    @Test("thumbs make a classifier whose score is positive for good answers")
    func thumbs() {
        let ratings = rankings(12).flatMap { ranking in
            ranking.tiers.enumerated().map { tier, sequences in
                TokenizedRating(
                    sequence: sequences[0], rating: tier < 2 ? 1 : 0, promptID: ranking.promptID)
            }
        }
        let (model, record) = train(.thumbs(ratings))
        #expect(record.values("rewards/accuracies").suffix(5).reduce(0, +) / 5 > 0.85)
        #expect(record.values("rewards/margins").last ?? 0 > 0.5)
        #expect(score(model, ratings[0].sequence) > 0)
        #expect(score(model, ratings[3].sequence) < 0)
    }

    @Test("ratings are come close to")
    func ratings() {
        let ratings = rankings(12).flatMap { ranking in
            ranking.tiers.enumerated().map { tier, sequences in
                TokenizedRating(
                    sequence: sequences[0], rating: Float(2 - tier) / 1.5,
                    promptID: ranking.promptID)
            }
        }
        let record = train(.ratings(ratings), steps: 120).record
        let errors = record.values("rewards/error")
        #expect(errors.suffix(5).reduce(0, +) / 5 < 0.5 * errors[0])
        #expect(record.values("rewards/accuracies").isEmpty)
    }

    @Test("an ensemble's score is the mean of its heads, which differ, and it resumes to the bit")
    func ensemble() throws {
        let pairs = Toy.pairs(prompts: 8)
        let (model, record) = train(.pairs(pairs), heads: 3)
        #expect(model.scoreHeadCount == 3)
        let batch = PackedSequences(pairs.prefix(4).map(\.chosen))
        let heads = model.headScores(of: batch).map(\.array)
        let mean = model.scores(of: batch).array
        for place in mean.indices {
            #expect(abs(mean[place] - heads.reduce(0) { $0 + $1[place] } / 3) < 1e-5)
        }
        let apart = scoreDisagreements(of: model, on: pairs.map(\.chosen), plan: Toy.plan())
        #expect(apart.count == pairs.count && apart.allSatisfy { $0 > 0 })
        #expect(record.values("rewards/accuracies").suffix(5).reduce(0, +) / 5 > 0.8)

        let half = train(.pairs(pairs), heads: 3, threads: 3, stopAfter: 20)
        let checkpoint = try #require(half.record.checkpoints.last)
        let rest = train(.pairs(pairs), heads: 3, threads: 2, resume: checkpoint)
        #expect(rest.model.parameters.flatValues == model.parameters.flatValues)

        // Normalising moves every head alike.
        let before = heads.map { $0[0] - mean[0] }
        model.shiftScores(by: 2)
        let after = model.headScores(of: batch).map(\.array)
        #expect(abs(model.scores(of: batch).array[0] - mean[0] - 2) < 1e-3)
        for head in 0..<3 {
            #expect(abs(after[head][0] - model.scores(of: batch).array[0] - before[head]) < 1e-3)
        }
    }

    @Test("a model without an ensemble has no disagreement, and its one head is its score")
    func oneHead() {
        let (model, _) = train(.pairs(Toy.pairs(prompts: 4)), steps: 3)
        let batch = PackedSequences([[1, 2, 3]])
        #expect(model.headScores(of: batch).map(\.array) == [model.scores(of: batch).array])
        #expect(scoreDisagreements(of: model, on: [[1, 2]], plan: Toy.plan()).isEmpty)
    }
}
