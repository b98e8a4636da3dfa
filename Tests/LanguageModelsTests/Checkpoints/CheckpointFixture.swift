import Foundation
import OrderedJSON

@testable import LanguageModels

/// Files made with safetensors and transformers by `Tests/References`.
enum CheckpointFixture {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")

    static let types = fixtures.appending(path: "checkpoints/types.safetensors").path
    static let plain = fixtures.appending(path: "checkpoints/plain.safetensors").path
    static let typesJSON = fixtures.appending(path: "checkpoints/types.json")
    /// A language model and a reward model of two layers, written by transformers.
    static let tiny = fixtures.appending(path: "gpt2/tiny").path
    static let reward = fixtures.appending(path: "gpt2/reward").path

    /// A safetensors file by hand: any header, any data.
    static func file(header: String, data: Int = 0) -> [UInt8] {
        length(header.utf8.count) + Array(header.utf8) + [UInt8](repeating: 0, count: data)
    }

    static func length(_ count: Int) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    }

    /// A configuration of one layer, two features, three tokens and four positions.
    static let smallest = ModelConfiguration(
        vocabularySize: 3, contextLength: 4, width: 2, layerCount: 1, headCount: 1)

    /// Weights for a configuration, all different.
    static func weights(_ configuration: ModelConfiguration) -> [StoredTensor] {
        var next: Float = 0
        return configuration.parameterShapes.map { name, shape in
            let values = (0..<shape.reduce(1, *)).map { _ in
                next += 1
                return next / 64
            }
            return StoredTensor(name: name, shape: shape, values: values)
        }
    }
}
