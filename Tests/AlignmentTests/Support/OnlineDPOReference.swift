import Foundation

/// What TRL's OnlineDPOTrainer computes: `Fixtures/trl/online_dpo.json`, written by
/// `References/trl_online_dpo.py`.
struct OnlineDPOReference: Decodable {
    struct Run: Decodable {
        let name: String
        let beta: Float
        let steps: [Step]
    }

    struct Step: Decodable {
        let loss, gradientNorm, chosenReward, rejectedReward: Double
    }

    let learningRate: Float
    let longest: Int
    let prompts: [[Int]]
    let completions: [[[Int]]]
    let scores: [[Float]]
    let runs: [Run]

    static func load() throws -> OnlineDPOReference {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Fixtures/trl/online_dpo.json")
        return try JSONDecoder().decode(Self.self, from: Data(contentsOf: file))
    }
}
