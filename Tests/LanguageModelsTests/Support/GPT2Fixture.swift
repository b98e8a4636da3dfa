import Autograd
import Foundation
import Testing

@testable import LanguageModels

/// A tiny random GPT-2 made with transformers, and what it says: `Fixtures/gpt2`, written by
/// `References/gpt2_model.py`.
struct GPT2Fixture: Decodable {
    struct Scored: Decodable {
        let prompt, completion: String
        let ids: [Int]
        let promptLength: Int
        let tokenLogProbabilities, lastLogits: [Float]
        let logProbability: Float

        var example: TokenizedExample {
            TokenizedExample(
                prompt: Array(ids[..<promptLength]), completion: Array(ids[promptLength...]))
        }
    }

    struct FirstBatch: Decodable { let loss: Float }

    struct Greedy: Decodable {
        let prompt, completion: String
        let promptIDs, ids: [Int]
        let stoppedAtEnd: Bool
    }

    struct Score: Decodable {
        let ids: [Int]
        let score: Float
    }

    let endOfText: EndOfText
    let scored: [Scored]
    let firstBatch: FirstBatch
    let greedy: [Greedy]
    let rewardScores: [Score]

    struct EndOfText: Decodable {
        let token: String
        let id: Int
    }

    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/gpt2").path

    static func load() throws -> GPT2Fixture {
        let bytes = try Data(contentsOf: URL(filePath: folder + "/expected.json"))
        return try JSONDecoder().decode(Self.self, from: bytes)
    }

    static func languageModel() throws -> LanguageModel {
        let folder = try ModelFolder(path: folder + "/tiny")
        let model = LanguageModel(folder.configuration)
        try model.fill(with: folder.weights())
        return model
    }

    static func rewardModel() throws -> LanguageModel {
        let folder = try ModelFolder(path: folder + "/reward")
        let model = LanguageModel(folder.configuration, heads: [.score])
        try model.fill(with: folder.weights())
        return model
    }
}

extension LanguageModel {
    /// Fills every parameter with the stored tensor of its name.
    fileprivate func fill(with tensors: [StoredTensor]) throws {
        let stored = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
        #expect(stored.count == parameters.parameters.count)
        for parameter in parameters.parameters {
            let tensor = try #require(stored[parameter.name])
            #expect(tensor.shape == parameter.shape)
            parameters.assign(tensor.values, to: parameter)
        }
    }

    /// A small model with random parameters, large enough that its distributions are not flat.
    static func random(
        vocabulary: Int = 33, context: Int = 24, width: Int = 12, layers: Int = 2, heads: Int = 3,
        scalarHeads: [ScalarHead] = [], seed: UInt64 = 1
    ) -> LanguageModel {
        var configuration = ModelConfiguration(
            vocabularySize: vocabulary, contextLength: context, width: width, layerCount: layers,
            headCount: heads)
        configuration.initializerRange = 0.4
        let model = LanguageModel(configuration, heads: scalarHeads)
        model.initialize(seed: seed)
        return model
    }

    /// The parameter of this name.
    func parameter(_ name: String) throws -> Parameter { try #require(parameters[name]) }
}

/// The largest difference between two lists; infinite where one is not finite or the counts differ.
func largestDifference(_ found: [Float], _ expected: [Float]) -> Double {
    guard found.count == expected.count else { return .infinity }
    return zip(found, expected).reduce(0) {
        let difference = abs(Double($1.0) - Double($1.1))
        return difference.isNaN ? .infinity : max($0, difference)
    }
}

/// Pearson's χ² of counts against probabilities.
func chiSquare(_ counts: [Int], probabilities: [Double]) -> Double {
    let total = Double(counts.reduce(0, +))
    return zip(counts, probabilities).reduce(0) {
        let expected = total * $1.1
        if expected == 0 { return $1.0 == 0 ? $0 : .infinity }
        return $0 + (Double($1.0) - expected) * (Double($1.0) - expected) / expected
    }
}
