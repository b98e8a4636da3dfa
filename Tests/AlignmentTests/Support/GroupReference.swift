import Foundation
import LanguageModels

@testable import Alignment

/// What TRL's RLOOTrainer and GRPOTrainer compute: `Fixtures/trl/groups.json`, written by
/// `References/trl_groups.py`.
struct GroupReference: Decodable {
    struct Fixed: Decodable {
        let name: String
        let beta, loss: Float
        let new, old, reference, gradients: [[Float]]
        let advantages: [Float]
    }

    struct Run: Decodable {
        let name: String
        let beta: Float
        let advantages: [[Float]]
        let steps: [Step]
    }

    struct Step: Decodable {
        let loss, gradientNorm, entropy, clipFraction: Double
    }

    let groupSize, epochs, longest: Int
    let learningRate: Float
    let prompts: [[Int]]
    let completions: [[[Int]]]
    let scores: [[Float]]
    let fixed: [Fixed]
    let runs: [Run]

    static func load() throws -> GroupReference {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Fixtures/trl/groups.json")
        return try JSONDecoder().decode(GroupReference.self, from: Data(contentsOf: file))
    }

    /// The objective of a name in the fixture, and ε_high.
    static func objective(_ name: String) -> (GroupObjective, upperClipRange: Float?)? {
        switch name {
        case "rloo": (.rloo(standardizes: false), nil)
        case "rloo standardized": (.rloo(standardizes: true), nil)
        case "grpo sequence group": (.grpo(scale: .group, normalizer: .sequence), nil)
        case "grpo token batch": (.grpo(scale: .batch, normalizer: .token), nil)
        case "grpo fixed none": (.grpo(scale: .none, normalizer: .fixed), nil)
        case "grpo token group high": (.grpo(scale: .group, normalizer: .token), 0.28)
        default: nil
        }
    }
}
