import Foundation
import LanguageModels

@testable import Alignment

/// What TRL's KTOTrainer computes: `Fixtures/trl/unpaired.json`, written by
/// `References/trl_unpaired.py`.
struct UnpairedReference: Decodable {
    struct Fixed: Decodable {
        let name: String
        let beta, loss, referencePoint: Float
        let isGood: [Bool]
        let logProbabilities, gradients: [[Float]]
        let reference, otherPolicy, otherReference: [Float]
    }

    struct Row: Decodable {
        let prompt, completion: [Int]
        let isGood: Bool
    }

    struct Run: Decodable {
        let name: String
        let steps: [Step]
    }

    struct Step: Decodable {
        let loss, gradientNorm, referencePoint: Double
        let goodReward, badReward, goodLogProbability, badLogProbability: Double?
    }

    let weights: [String: [Float]]
    let batchSize: Int
    let learningRate, beta: Float
    let rows: [Row]
    let fixed: [Fixed]
    let runs: [Run]

    static func load() throws -> UnpairedReference {
        try fixture("unpaired.json")
    }

    var examples: [LabelledExample] {
        rows.map {
            LabelledExample(
                TokenizedExample(prompt: $0.prompt, completion: $0.completion), isGood: $0.isGood)
        }
    }

    static func loss(_ name: String) -> UnpairedLoss { name == "apo-zero" ? .apoZero : .kto }
}

/// What TRL's ORPOTrainer computes: `Fixtures/trl/orpo.json`, written by `References/trl_orpo.py`.
struct OddsReference: Decodable {
    struct Fixed: Decodable {
        let beta, loss, logSigmoidRatio, logOddsRatio: Float
        let chosenCount: Int
        let logProbabilities, gradients: [[Float]]
    }

    struct Pair: Decodable {
        let chosen, rejected: [Int]
        let promptCount: Int
    }

    struct Run: Decodable {
        let beta: Float
        let steps: [Step]
    }

    struct Step: Decodable {
        let loss, gradientNorm, supervisedLoss, logSigmoidRatio, logOddsRatio: Double
        let chosenReward, rejectedReward: Double
    }

    let batchSize: Int
    let learningRate: Float
    let pairs: [Pair]
    let fixed: [Fixed]
    let runs: [Run]

    static func load() throws -> OddsReference { try fixture("orpo.json") }
}

/// A file of `Fixtures/trl`.
private func fixture<Value: Decodable>(_ name: String) throws -> Value {
    let tests = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    let file = tests.appending(path: "Fixtures/trl/" + name)
    return try JSONDecoder().decode(Value.self, from: Data(contentsOf: file))
}
