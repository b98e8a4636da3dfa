import Autograd
import Foundation
import LanguageModels
import Testing

@testable import Alignment

/// `Fixtures/gpt2-training`: logits, gradients and fifty training steps as transformers and PyTorch give
/// them, written by `References/gpt2_training.py`.
struct WholeModelFixture: Decodable {
    struct Row: Decodable {
        let prompt, completion: [Int]

        var example: TokenizedExample { TokenizedExample(prompt: prompt, completion: completion) }
    }

    struct Pair: Decodable {
        let chosen, rejected: [Int]
        let margin, weight: Float
    }

    struct Step: Decodable {
        let loss, gradientNorm, learningRate: Double
    }

    /// What is kept of a parameter: its norm, its largest magnitude and a few elements.
    struct Kept: Decodable {
        let name: String
        let norm, largest: Double
        let places: [Int]
        let values: [Float]
    }

    struct Run: Decodable {
        let schedule: String
        let warmupSteps: Int
        let learningRate, maximumNorm: Float
        let beta1, beta2, epsilon, weightDecay: Double
        let steps: [Step]
        /// After the last step.
        let parameters: [Kept]
    }

    struct Supervised: Decodable {
        let layers: Int
        /// Of the first batch, before any step.
        let loss: Float
        let runs: [Run]
    }

    struct Reward: Decodable {
        let layers: Int
        let loss, centeringCoefficient: Float
        let chosenScores: [Float]
        let runs: [Run]
    }

    let vocabulary, context, width, heads, batchSize, microBatches: Int
    let rows: [Row]
    let pairs: [Pair]
    let supervised: Supervised
    let reward: Reward

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/gpt2-training").path

    static func load() throws -> WholeModelFixture {
        let bytes = try Data(contentsOf: URL(filePath: folder + "/expected.json"))
        return try JSONDecoder().decode(Self.self, from: bytes)
    }

    static func tensors(_ name: String) throws -> SafetensorsFile {
        try SafetensorsFile(path: folder + "/" + name)
    }

    // MARK: - The models, by formula

    func languageModel() -> LanguageModel { model(layers: supervised.layers, heads: []) }

    func rewardModel() -> LanguageModel { model(layers: reward.layers, heads: [.score]) }

    /// Element e of parameter p is a number of [−1, 1) with 24 bits, times a power of two.
    private func model(layers: Int, heads scalarHeads: [ScalarHead]) -> LanguageModel {
        let model = LanguageModel(
            ModelConfiguration(
                vocabularySize: vocabulary, contextLength: context, width: width,
                layerCount: layers, headCount: heads),
            heads: scalarHeads)
        for (place, parameter) in model.parameters.parameters.enumerated() {
            let units = (0..<parameter.count).map { element in
                let bits = Self.mixed(UInt64(place) << 32 | UInt64(element)) >> 40
                return (Float(bits) - 0x1p23) / 0x1p23
            }
            let values: [Float]
            if parameter.name.hasSuffix(".bias") {
                values = units.map { 0.125 * $0 }
            } else if parameter.name.contains(".ln_") {
                values = units.map { 1 + 0.125 * $0 }
            } else {
                values = units.map { 0.25 * $0 }
            }
            model.parameters.assign(values, to: parameter)
        }
        return model
    }

    /// SplitMix64's output function (Steele, Lea and Flood 2014).
    private static func mixed(_ value: UInt64) -> UInt64 {
        var x = value &+ 0x9E37_79B9_7F4A_7C15
        x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
        return x ^ (x >> 31)
    }

    // MARK: - The data

    var examples: [TokenizedExample] { rows.map(\.example) }

    /// Every pair has a prompt of its own, so that batches are cut in the file's order.
    var tokenizedPairs: [TokenizedPair] {
        pairs.enumerated().map { index, pair in
            TokenizedPair(
                chosen: pair.chosen, rejected: pair.rejected, margin: pair.margin,
                weight: pair.weight, promptID: "\(index)")
        }
    }

    /// - Parameter shards: Micro-batches of a step.
    func options(of run: Run, shards: Int? = nil) throws -> TrainingOptions {
        TrainingOptions(
            length: .steps(run.steps.count), batchSize: batchSize, learningRate: run.learningRate,
            schedule: try #require(LearningRateSchedule.Form(rawValue: run.schedule)),
            warmupSteps: run.warmupSteps,
            adam: AdamW.Configuration(
                beta1: .init(run.beta1), beta2: .init(run.beta2), epsilon: .init(run.epsilon),
                weightDecay: .init(run.weightDecay)),
            maxGradientNorm: run.maximumNorm, shuffles: false,
            plan: ParallelPlan(shards: shards ?? microBatches, threads: 2))
    }
}
