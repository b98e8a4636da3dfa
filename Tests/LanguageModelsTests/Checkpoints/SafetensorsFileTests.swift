import Foundation
import OrderedJSON
import Testing

@testable import LanguageModels

@Suite struct SafetensorsFileTests {
    /// Values as bit patterns; every NaN as one.
    static func patterns(_ values: [Float]) -> [Int] {
        values.map { $0.isNaN ? -1 : Int($0.bitPattern) }
    }

    static func expected(_ key: String) throws -> [Int] {
        let json = try JSON(parsing: Array(Data(contentsOf: CheckpointFixture.typesJSON)))
        let bits = try #require(json[key]?.arrayValue).compactMap(\.intValue)
        return patterns(bits.map { Float(bitPattern: UInt32($0)) })
    }

    @Test(arguments: ["float16", "bfloat16", "float32"])
    func valuesAreThoseTorchReads(name: String) throws {
        let file = try SafetensorsFile(path: CheckpointFixture.types)
        #expect(Self.patterns(try file.tensor(name).values) == (try Self.expected(name)))
    }

    @Test(arguments: [StoredPrecision.bfloat16, .float16])
    func roundingIsTorchs(precision: StoredPrecision) throws {
        let folder = try TemporaryFolder()
        let tensor = try SafetensorsFile(path: CheckpointFixture.types).tensor("float32")
        let path = folder.file("half.safetensors")
        try SafetensorsFile.write([tensor], to: path, precision: precision)
        let file = try SafetensorsFile(path: path)
        let key = "float32 as \(precision)"
        #expect(Self.patterns(try file.tensor("float32").values) == (try Self.expected(key)))
        #expect(file.type(of: "float32") == precision.rawValue)
    }

    @Test func namesShapesTypesAndMetadataAreListed() throws {
        let file = try SafetensorsFile(path: CheckpointFixture.types)
        #expect(
            file.names.sorted() == [
                "bfloat16", "doubles", "empty", "float16", "float32", "integers", "scalar",
            ])
        #expect(file.shape(of: "float32") == [2, 3, 4])
        #expect(file.shape(of: "empty") == [0, 3])
        #expect(file.type(of: "integers") == "I64")
        #expect(file.shape(of: "none") == nil)
        #expect(file.metadata == ["made by": "a test"])
        #expect(try file.tensor("scalar") == StoredTensor(name: "scalar", shape: [], values: [2.5]))
    }

    @Test(arguments: [("integers", "I64"), ("doubles", "F64")])
    func otherTypesAreListedButNotRead(name: String, type: String) throws {
        let path = CheckpointFixture.types
        let file = try SafetensorsFile(path: path)
        #expect(
            throws: LanguageModelError.safetensors(
                file: path, .unsupportedType(tensor: name, type: type))
        ) { try file.tensor(name) }
    }

    @Test func aMissingTensorIsNamed() throws {
        let path = CheckpointFixture.plain
        let file = try SafetensorsFile(path: path)
        #expect(
            throws: LanguageModelError.safetensors(file: path, .missingTensor(name: "c"))
        ) { try file.tensor("c") }
    }

    @Test func filesThatCannotBeReadAreNamed() throws {
        let folder = try TemporaryFolder()
        #expect(throws: LanguageModelError.file(path: folder.file("no"), .missing)) {
            try SafetensorsFile(path: folder.file("no"))
        }
        #expect(throws: LanguageModelError.file(path: folder.path, .isFolder)) {
            try SafetensorsFile(path: folder.path)
        }
    }

    @Test func aFileCutShortAfterOpeningIsNoticed() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("a.safetensors")
        try FileManager.default.copyItem(atPath: CheckpointFixture.plain, toPath: path)
        let file = try SafetensorsFile(path: path)
        try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: 170)
        #expect(
            throws: LanguageModelError.safetensors(
                file: path, .truncatedWhileReading(tensor: "b.weight"))
        ) { try file.tensor("b.weight") }
    }
}
