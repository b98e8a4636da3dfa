import Autograd
import Foundation
import LanguageModels
import Testing

@testable import Alignment

/// `Fixtures/trl/rewards.json`, written by `References/trl_rewards.py`.
struct RewardReference: Decodable {
    struct Step: Decodable { let loss, gradientNorm, accuracy, margin: Double }
    struct RankingCase: Decodable {
        let name: String
        let rankings: [[[Int]]]
        let weights, scores, gradients: [Float]
        let loss: Float
    }
    struct RatingCase: Decodable {
        let name: String
        let targets, scores, gradients: [Float]
        let loss: Float
    }
    let batchSize: Int
    let learningRate, centeringCoefficient: Float
    let margins: [Float]
    let steps: [Step]
    let rankings: [RankingCase]
    let ratings: [RatingCase]

    static func load() throws -> RewardReference {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/trl/rewards.json")
        return try JSONDecoder().decode(RewardReference.self, from: Data(contentsOf: file))
    }
}

@Suite("Losses of rankings and ratings")
struct RankingLossTests {
    @Test("Plackett and Luce's loss and its gradients are PyTorch's")
    func rankings() throws {
        let cases = try RewardReference.load().rankings
        #expect(cases.count == 4)
        for example in cases {
            let tape = Tape()
            let scores = tape.watch(Tensor(example.scores))
            let loss = plackettLuceLoss(
                scores: scores, rankings: example.rankings, weights: example.weights)
            tape.backward(from: loss)
            #expect(
                abs(loss.scalar - example.loss) < 1e-5 * max(1, example.loss), "\(example.name)")
            expectClose(tape.gradient(of: scores).array, example.gradients, within: 1e-5)
        }
    }

    @Test("classification and regression are PyTorch's")
    func ratings() throws {
        let cases = try RewardReference.load().ratings
        #expect(cases.map(\.name) == ["classifier", "regression"])
        for example in cases {
            let tape = Tape()
            let scores = tape.watch(Tensor(example.scores))
            let weights = [Float](repeating: 1 / Float(5), count: 5)
            let loss =
                example.name == "classifier"
                ? classificationLoss(scores: scores, targets: example.targets, weights: weights)
                : regressionLoss(scores: scores, targets: example.targets, weights: weights)
            tape.backward(from: loss)
            #expect(
                abs(loss.scalar - example.loss) < 1e-5 * max(1, example.loss), "\(example.name)")
            expectClose(tape.gradient(of: scores).array, example.gradients, within: 1e-5)
        }
    }

    @Test("a ranking of two is Bradley and Terry's pair, and one tier costs nothing")
    func twoAndNone() {
        let scores = Tensor([0.5, -0.25])
        let ranking = plackettLuceLoss(scores: scores, rankings: [[[0], [1]]], weights: [1])
        let pair = bradleyTerryLoss(
            chosen: Tensor([0.5]), rejected: Tensor([-0.25]), margins: [0], weights: [1])
        #expect(abs(ranking.scalar - pair.scalar) < 1e-6)
        #expect(plackettLuceLoss(scores: scores, rankings: [[[0, 1]]], weights: [1]).scalar == 0)
    }

    @Test("ten steps with margins and centring follow TRL's RewardTrainer", arguments: [1, 4])
    func trl(shards: Int) throws {
        let reference = try RewardReference.load()
        let model = try TrainingFixture.model("reward", heads: [.score])
        var pairs = Array(try TrainingFixture.pairs().prefix(reference.margins.count))
        for index in pairs.indices { pairs[index].margin = reference.margins[index] }
        let record = RunRecord()
        let outcome = RewardTrainer(
            options: TrainingOptions(
                length: .steps(reference.steps.count), batchSize: reference.batchSize,
                learningRate: reference.learningRate, shuffles: false,
                plan: ParallelPlan(shards: shards, threads: 2)),
            centeringCoefficient: reference.centeringCoefficient
        ).train(model, on: pairs, report: record.report())
        #expect(outcome == .finished)
        for (row, step) in zip(record.rows, reference.steps) {
            for (key, expected) in [
                ("loss", step.loss), ("grad_norm", step.gradientNorm),
                ("rewards/margins", step.margin), ("rewards/accuracies", step.accuracy),
            ] {
                let found = try #require(row[key])
                #expect(
                    abs(found - expected) <= 1e-3 * max(1, abs(expected)),
                    "step \(row.step), \(key): \(found), not \(expected)")
            }
        }
    }
}
