import Testing

@testable import LanguageModels

@Suite struct SafetensorsWriterTests {
    @Test func theBytesAreThoseOfTheSafetensorsLibrary() throws {
        let folder = try TemporaryFolder()
        let library = try SafetensorsFile(path: CheckpointFixture.plain)
        let tensors = try library.names.map { try library.tensor($0) }
        #expect(tensors.map(\.name) == ["a", "b.weight"])
        #expect(tensors[0].values == [0, 0.125, 0.25, 0.375, 0.5, 0.625])
        try SafetensorsFile.write(tensors, to: folder.file("plain.safetensors"))
        let plain = try FileAccess.read(CheckpointFixture.plain)
        #expect(try folder.bytes("plain.safetensors") == plain)
    }

    @Test func whatIsWrittenReadsBack() throws {
        let folder = try TemporaryFolder()
        let tensors = [
            StoredTensor(name: "z \"é\" \\", shape: [2, 2], values: [1, -.infinity, 0.1, -0.0]),
            StoredTensor(name: "empty", shape: [0], values: []),
            StoredTensor(name: "a", shape: [], values: [.greatestFiniteMagnitude]),
        ]
        try SafetensorsFile.write(tensors, to: folder.file("t"))
        let file = try SafetensorsFile(path: folder.file("t"))
        #expect(file.names == tensors.map(\.name))
        #expect(try file.names.map { try file.tensor($0) } == tensors)
        #expect(file.metadata == ["format": "pt"])
    }

    @Test func anOldFileIsReplacedAndNothingElseIsLeft() throws {
        let folder = try TemporaryFolder()
        try folder.write([1, 2, 3], to: "t")
        let tensor = StoredTensor(name: "a", shape: [1], values: [1])
        try SafetensorsFile.write([tensor], to: folder.file("t"))
        #expect(try folder.names() == ["t"])
        #expect(try SafetensorsFile(path: folder.file("t")).tensor("a") == tensor)
    }

    @Test func aPlaceThatCannotBeWrittenIsNamed() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("none/t")
        #expect(
            throws: LanguageModelError.file(
                path: path, .cannotWrite(reason: "No such file or directory"))
        ) { try SafetensorsFile.write([], to: path) }
    }
}
