import Foundation

@testable import Alignment

/// What TRL's DPOTrainer computes: `Fixtures/trl/preferences.json`, written by
/// `References/trl_preferences.py`.
struct PreferenceReference: Decodable {
    /// Losses and gradients on given log-probabilities, all chosen answers first.
    struct Fixed: Decodable {
        let name: String
        let beta, noise, loss: Float
        let chosenCount: Int
        let logProbabilities, gradients: [[Float]]
        let reference: [Float]
    }

    struct Run: Decodable {
        let name: String
        let noise: Float
        let promptLengths: [Int]
        let steps: [Step]
    }

    struct Step: Decodable {
        let loss, gradientNorm, chosenReward, rejectedReward, accuracy: Double
        let chosenLogProbability, rejectedLogProbability: Double
    }

    let fixed: [Fixed]
    let batchSize: Int
    let learningRate, beta, sftCoefficient: Float
    let runs: [Run]

    static func load() throws -> PreferenceReference {
        let tests = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = tests.appending(path: "Fixtures/trl/preferences.json")
        return try JSONDecoder().decode(PreferenceReference.self, from: Data(contentsOf: file))
    }

    /// The loss of a name in the fixture, and whether the supervised term is added.
    static func loss(_ name: String, noise: Float) -> (PreferenceLoss, isSupervised: Bool)? {
        switch name {
        case "sigmoid": (.sigmoid, false)
        case "smoothed": (.smoothed(noise: noise), false)
        case "robust": (.robust(noise: noise), false)
        case "ipo": (.ipo, false)
        case "hinge": (.hinge, false)
        case "length-normalized": (.lengthNormalized, false)
        case "apo-zero": (.apoZero, false)
        case "apo-down": (.apoDown, false)
        case "sigmoid and sft": (.sigmoid, true)
        default: nil
        }
    }
}
