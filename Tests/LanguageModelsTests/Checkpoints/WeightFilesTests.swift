import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct WeightFilesTests {
    static let tensors = CheckpointFixture.weights(CheckpointFixture.smallest)

    /// The smallest model over two files; the index may be changed before it is written.
    static func folder(
        _ change: (inout JSONObject) -> Void = { _ in }
    ) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(CheckpointFixture.smallest.json(), to: "config.json")
        try SafetensorsFile.write(Array(tensors[..<5]), to: folder.file("one.safetensors"))
        try SafetensorsFile.write(Array(tensors[5...]), to: folder.file("two.safetensors"))
        var map = JSONObject()
        for (index, tensor) in tensors.enumerated() {
            map[tensor.name] = .string(index < 5 ? "one.safetensors" : "two.safetensors")
        }
        change(&map)
        let index: JSON = ["metadata": ["total_size": 1], "weight_map": .object(map)]
        try folder.write(Array(index.text.utf8), to: "model.safetensors.index.json")
        return folder
    }

    static func error(_ folder: TemporaryFolder) -> LanguageModelError? {
        #expect(throws: LanguageModelError.self) { try ModelFolder(path: folder.path).weights() }
    }

    @Test func aModelOverSeveralFilesIsRead() throws {
        let folder = try Self.folder()
        #expect(try ModelFolder(path: folder.path).weights() == Self.tensors)
    }

    @Test func filesOutsideTheFolderAreNotTaken() throws {
        for name in ["../one.safetensors", "/etc/passwd", "..", ""] {
            let folder = try Self.folder { $0[Self.tensors[0].name] = .string(name) }
            #expect(
                Self.error(folder)
                    == .setting(
                        file: folder.file("model.safetensors.index.json"),
                        key: "weight_map." + Self.tensors[0].name,
                        .outOfRange(expected: "the name of a file in the folder", found: name)))
        }
    }

    @Test func missingFilesAreNamed() throws {
        let folder = try Self.folder { $0["extra"] = "three.safetensors" }
        #expect(
            Self.error(folder)
                == .folder(path: folder.path, .missingFiles(["three.safetensors"])))
    }

    @Test func anIndexThatDisagreesWithTheFilesIsRefused() throws {
        let name = Self.tensors[0].name
        let moved = try Self.folder { $0[name] = "two.safetensors" }
        #expect(
            Self.error(moved)
                == .folder(
                    path: moved.path,
                    .indexDisagrees(tensor: name, file: "one.safetensors")))
        let forgotten = try Self.folder { $0[name] = nil }
        #expect(
            Self.error(forgotten)
                == .folder(
                    path: forgotten.path,
                    .indexDisagrees(tensor: name, file: "one.safetensors")))
        let invented = try Self.folder { $0["extra"] = "two.safetensors" }
        #expect(
            Self.error(invented)
                == .safetensors(
                    file: invented.file("two.safetensors"), .missingTensor(name: "extra")))
    }

    @Test func anIndexWithoutAMapIsRefused() throws {
        let folder = try Self.folder()
        try folder.write(Array("{}".utf8), to: "model.safetensors.index.json")
        #expect(
            Self.error(folder)
                == .setting(
                    file: folder.file("model.safetensors.index.json"), key: "weight_map", .missing))
    }
}
