import Foundation
import OrderedJSON
import Testing

@testable import LanguageModels

/// Files made with the tokenizers library by `Tests/References/tokenizer`.
enum TokenizerFixture {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/tokenizer").path

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: folder + "/" + name)))
    }

    static func text(_ name: String) throws -> String {
        String(decoding: try bytes(name), as: UTF8.self)
    }

    static func lines(_ name: String) throws -> [JSON] {
        try JSONLines(bytes(name)).map { try JSON(parsing: $0.bytes, firstLine: $0.line) }
    }

    /// `[text, ids]` or `[ids, text]`.
    static func pair(_ json: JSON, text: Int, ids: Int) throws -> (text: String, ids: [Int]) {
        let strings = try #require(json[text]?.stringValue)
        return (strings, try #require(json[ids]?.arrayValue).compactMap(\.intValue))
    }

    static func tokenizer() throws -> Tokenizer { try Tokenizer(folder: folder) }

    /// A tokenizer over all bytes and a few merges, from the text of a `tokenizer.json`.
    static func small(_ change: (inout JSONObject) -> Void = { _ in }) throws -> Tokenizer {
        try Tokenizer(tokenizerJSON: smallJSON(change), file: "t.json")
    }

    /// `ab` has id 256, `abc` 257, and `<|endoftext|>` 258.
    static func smallJSON(_ change: (inout JSONObject) -> Void = { _ in }) -> [UInt8] {
        var vocabulary = JSONObject()
        for byte in ByteAlphabet.bytesInScalarOrder {
            vocabulary[ByteAlphabet.spelling(of: [byte])] = .integer(vocabulary.count)
        }
        for token in ["ab", "abc"] { vocabulary[token] = .integer(vocabulary.count) }
        let model: JSON = [
            "type": "BPE", "vocab": .object(vocabulary), "merges": ["a b", ["ab", "c"]],
        ]
        var root = JSONObject([
            (
                "added_tokens",
                [["id": 258, "content": "<|endoftext|>", "special": true, "normalized": false]]
            ),
            ("normalizer", nil),
            ("pre_tokenizer", ["type": "ByteLevel", "add_prefix_space": false]),
            ("decoder", ["type": "ByteLevel"]), ("model", model),
        ])
        change(&root)
        return Array(JSON.object(root).text.utf8)
    }
}

extension JSONObject {
    /// Changes a member of a member.
    mutating func set(_ key: String, in section: String, to value: JSON?) {
        var object = self[section]?.objectValue ?? JSONObject()
        object[key] = value
        self[section] = .object(object)
    }
}

/// A folder that is removed with everything in it when the test ends.
final class TemporaryFolder {
    let path: String

    init() throws {
        path =
            FileManager.default.temporaryDirectory
            .appending(path: "language-models-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(filePath: file(name)))
    }

    func names(in folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: file(folder)).sorted()
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: file(name))))
    }
}
