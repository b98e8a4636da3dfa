import Autograd
import Foundation
import LanguageModels
import Testing

@testable import Alignment

/// Training runs of a tiny random GPT-2 as PyTorch makes them: `Fixtures/gpt2`, written by
/// `References/gpt2_model.py`.
struct TrainingFixture: Decodable {
    struct Run<Step: Decodable>: Decodable {
        let centeringCoefficient: Float?
        let steps: [Step]
    }

    struct SupervisedStep: Decodable {
        let loss, gradientNorm, learningRate: Double
    }

    struct RewardStep: Decodable {
        let loss, gradientNorm, learningRate, accuracy: Double
        let chosenScores, rejectedScores: [Float]
    }

    struct Supervised: Decodable {
        let batchSize: Int
        let learningRate, maximumNorm: Float
        let constant, linear: Run<SupervisedStep>
    }

    struct Reward: Decodable {
        let batchSize: Int
        let learningRate, maximumNorm: Float
        let plain, centred: Run<RewardStep>
    }

    let supervised: Supervised
    let rewardTraining: Reward

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/gpt2").path

    static func load() throws -> TrainingFixture {
        let bytes = try Data(contentsOf: URL(filePath: folder + "/expected.json"))
        return try JSONDecoder().decode(Self.self, from: bytes)
    }

    /// The model of a folder, with its weights.
    static func model(_ name: String, heads: [ScalarHead] = []) throws -> LanguageModel {
        let stored = try ModelFolder(path: folder + "/" + name)
        let model = LanguageModel(stored.configuration, heads: heads)
        for tensor in try stored.weights() {
            model.parameters.assign(
                tensor.values, to: try #require(model.parameters[tensor.name]))
        }
        return model
    }

    private struct Row: Decodable {
        let prompt: String
        let completion, chosen, rejected: String?
    }

    private static func rows(_ name: String) throws -> [Row] {
        try Data(contentsOf: URL(filePath: folder + "/" + name)).split(separator: 10)
            .map { try JSONDecoder().decode(Row.self, from: $0) }
    }

    /// `encode(prompt)` and `encode(completion) + [end]` of every row.
    static func examples() throws -> [TokenizedExample] {
        let tokenizer = try ModelFolder(path: folder + "/tiny").tokenizer()
        let end = try #require(tokenizer.endOfText)
        return try rows("rows.jsonl").map {
            TokenizedExample(
                prompt: tokenizer.encode($0.prompt),
                completion: tokenizer.encode(try #require($0.completion)) + [end])
        }
    }

    static func pairs() throws -> [TokenizedPair] {
        let tokenizer = try ModelFolder(path: folder + "/tiny").tokenizer()
        let end = try #require(tokenizer.endOfText)
        return try rows("pairs.jsonl").map { row in
            let prompt = tokenizer.encode(row.prompt)
            let completions = try [row.chosen, row.rejected].map {
                tokenizer.encode(try #require($0)) + [end]
            }
            return TokenizedPair(
                chosen: prompt + completions[0], rejected: prompt + completions[1],
                promptID: row.prompt, promptCount: prompt.count)
        }
    }
}
