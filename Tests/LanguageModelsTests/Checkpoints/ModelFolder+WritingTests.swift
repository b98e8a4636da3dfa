import Foundation
import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct ModelFolderWritingTests {
    static let configuration = ModelConfiguration(
        vocabularySize: 300, contextLength: 8, width: 4, layerCount: 1, headCount: 2)
    static let names = [
        "config.json", "model.safetensors", "special_tokens_map.json", "tokenizer.json",
        "tokenizer_config.json",
    ]

    static func write(
        _ path: String, head: ModelConfiguration.Head = .languageModel,
        precision: StoredPrecision = .float32
    ) throws {
        var configuration = configuration
        configuration.head = head
        try ModelFolder.write(
            path, configuration: configuration, weights: CheckpointFixture.weights(configuration),
            tokenizer: TokenizerFixture.small(), precision: precision)
    }

    @Test(arguments: [ModelConfiguration.Head.languageModel, .reward])
    func aWrittenFolderReadsBack(head: ModelConfiguration.Head) throws {
        let folder = try TemporaryFolder()
        try Self.write(folder.file("a/model/"), head: head)
        #expect(try folder.names(in: "a") == ["model"])
        #expect(try folder.names(in: "a/model") == Self.names)
        let model = try ModelFolder(path: folder.file("a/model"))
        var expected = Self.configuration
        expected.head = head
        #expect(model.configuration.head == head)
        #expect(model.configuration.endOfText == 258)
        #expect(try model.weights() == CheckpointFixture.weights(expected))
        #expect(try model.tokenizer().merges == TokenizerFixture.small().merges)
    }

    @Test func writingAFolderOfTransformersAgainKeepsItsWeights() throws {
        let folder = try TemporaryFolder()
        let library = try ModelFolder(path: CheckpointFixture.reward)
        let weights = try library.weights()
        try ModelFolder.write(
            folder.file("m"), configuration: library.configuration, weights: weights,
            tokenizer: library.tokenizer())
        let back = try ModelFolder(path: folder.file("m"))
        #expect(try back.weights() == weights)
        let before = try JSON(parsing: FileAccess.read(CheckpointFixture.reward + "/config.json"))
        let after = try JSON(parsing: folder.bytes("m/config.json"))
        for (key, value) in try #require(before.objectValue) where key != "pad_token_id" {
            #expect(after[key]?.doubleValue == value.doubleValue, "\(key)")
            if value.doubleValue == nil { #expect(after[key] == value, "\(key)") }
        }
    }

    @Test func theSameModelGivesTheSameBytes() throws {
        let folder = try TemporaryFolder()
        try Self.write(folder.file("a"))
        try Self.write(folder.file("b"))
        for name in Self.names {
            #expect(try folder.bytes("a/" + name) == folder.bytes("b/" + name))
        }
    }

    @Test(arguments: [
        (StoredPrecision.float32, "float32"), (.bfloat16, "bfloat16"), (.float16, "float16"),
    ])
    func theElementTypeIsNoted(precision: StoredPrecision, name: String) throws {
        let folder = try TemporaryFolder()
        try Self.write(folder.file("m"), precision: precision)
        let json = try JSON(parsing: folder.bytes("m/config.json"))
        #expect(json["torch_dtype"]?.stringValue == name)
        // The weights of this test are multiples of 1/64 below 8: exact in half precision.
        let weights = try ModelFolder(path: folder.file("m")).weights()
        if precision != .bfloat16 {
            #expect(weights == CheckpointFixture.weights(Self.configuration))
        }
    }

    @Test func aFolderThatIsThereKeepsItsOtherFiles() throws {
        let folder = try TemporaryFolder()
        for name in ["notes.txt", "vocab.json", "merges.txt", "model.safetensors.index.json"] {
            try folder.write(Array("old".utf8), to: name)
        }
        try Self.write(folder.path)
        try Self.write(folder.path)
        #expect(try folder.names() == (Self.names + ["notes.txt"]).sorted())
        _ = try ModelFolder(path: folder.path).weights()
    }

    @Test func aFailedWriteLeavesTheOldFolderAsItWas() throws {
        let folder = try TemporaryFolder()
        try Self.write(folder.path)
        let before = try Self.names.map { try folder.bytes($0) }
        // A folder in the place of a file makes the very first replacement fail.
        try FileManager.default.removeItem(atPath: folder.file("model.safetensors"))
        try FileManager.default.createDirectory(
            atPath: folder.file("model.safetensors/x"), withIntermediateDirectories: true)
        let error = #expect(throws: LanguageModelError.self) { try Self.write(folder.path) }
        #expect(
            error
                == .file(
                    path: folder.file("model.safetensors"),
                    .cannotWrite(reason: "Is a directory")))
        #expect(try folder.names() == Self.names)
        for (name, bytes) in zip(Self.names, before) where name != "model.safetensors" {
            #expect(try folder.bytes(name) == bytes)
        }
    }

    @Test func aPlaceThatIsAFileIsRefused() throws {
        let folder = try TemporaryFolder()
        try folder.write([1], to: "file")
        #expect(throws: LanguageModelError.file(path: folder.file("file"), .isNotFolder)) {
            try Self.write(folder.file("file"))
        }
        #expect(throws: LanguageModelError.file(path: folder.file("file"), .isNotFolder)) {
            try Self.write(folder.file("file/model"))
        }
        #expect(try folder.names() == ["file"])
    }

    @Test func aPlaceThatCannotBeMadeIsNamed() throws {
        let error = #expect(throws: LanguageModelError.self) {
            try Self.write("/proc/no/such/model")
        }
        guard case .file(let path, .cannotWrite(let reason)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path == "/proc/no")
        #expect(reason == "No such file or directory")
    }

    @Test func partsThatDoNotFitAreRefusedBeforeAnythingIsWritten() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("m")
        func problem(
            _ configuration: ModelConfiguration, _ weights: [StoredTensor]
        ) -> LanguageModelError? {
            #expect(throws: LanguageModelError.self) {
                try ModelFolder.write(
                    path, configuration: configuration, weights: weights,
                    tokenizer: TokenizerFixture.small())
            }
        }
        let weights = CheckpointFixture.weights(Self.configuration)
        #expect(
            problem(CheckpointFixture.smallest, [])
                == .folder(path: path, .tokenizerTooLarge(tokenizer: 259, model: 3)))
        #expect(
            problem(Self.configuration, Array(weights.dropLast()))
                == .folder(path: path, .missingTensors(["transformer.ln_f.bias"])))
        let score = StoredTensor(name: "score.weight", shape: [1, 4], values: [0, 0, 0, 0])
        #expect(
            problem(Self.configuration, weights + [score])
                == .folder(path: path, .unexpectedTensors(["score.weight"])))
        var other = Self.configuration
        other.contextLength = 16
        #expect(
            problem(other, weights)
                == .folder(
                    path: path,
                    .shapeMismatch(
                        tensor: "transformer.wpe.weight", expected: [16, 4], found: [8, 4])))
        #expect(try folder.names() == [])
    }
}
