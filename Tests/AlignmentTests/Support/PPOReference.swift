import Foundation

/// PPO's updates as PyTorch computes them: `Fixtures/losses/ppo_update.json`, written by
/// `References/ppo_update.py`.
struct PPOReference: Decodable {
    struct Update: Decodable {
        let scores: [Float]
        let prompts, completions: [[Int]]
        let advantages, returns: [[Float]]
        let metrics: [String: Double]
    }

    let klCoefficient, discount, gaeLambda, missingEndScore, learningRate, criticRate: Float
    let epochs: Int
    let updates: [Update]

    static func load() throws -> PPOReference {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Fixtures/losses/ppo_update.json")
        return try JSONDecoder().decode(PPOReference.self, from: Data(contentsOf: file))
    }
}
