import Testing

@testable import LanguageModels

/// Every rule of the format, broken once.
@Suite struct SafetensorsHeaderTests {
    static func problem(_ bytes: [UInt8]) throws -> SafetensorsProblem? {
        let folder = try TemporaryFolder()
        try folder.write(bytes, to: "bad.safetensors")
        let path = folder.file("bad.safetensors")
        let error = #expect(throws: LanguageModelError.self) { try SafetensorsFile(path: path) }
        guard case .safetensors(path, let problem) = error else {
            Issue.record("\(String(describing: error))")
            return nil
        }
        return problem
    }

    static func entry(_ type: String, _ shape: String, _ begin: Int, _ end: Int) -> String {
        "{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
    }

    @Test func aFileShorterThanItsLengthFieldIsRefused() throws {
        #expect(try Self.problem([]) == .tooShort(byteCount: 0))
        #expect(try Self.problem([1, 2, 3, 4, 5, 6, 7]) == .tooShort(byteCount: 7))
    }

    @Test(arguments: [100_000_001, Int.max, -1])
    func aHugeHeaderIsRefusedBeforeItIsRead(length: Int) throws {
        let problem = try Self.problem(CheckpointFixture.length(length) + Array("{}".utf8))
        let count = UInt64(bitPattern: Int64(length))
        #expect(problem == .headerTooLarge(byteCount: count, limit: 100_000_000))
    }

    @Test func aTruncatedHeaderIsRefused() throws {
        let problem = try Self.problem(CheckpointFixture.length(3) + Array("{}".utf8))
        #expect(problem == .headerTruncated(byteCount: 3, available: 2))
    }

    @Test(arguments: ["", "[]", " {}", "null", "\u{FEFF}{}", "x"])
    func aHeaderThatDoesNotStartWithABraceIsRefused(header: String) throws {
        #expect(try Self.problem(CheckpointFixture.file(header: header)) == .headerNotObject)
    }

    @Test(arguments: ["{", "{} x", "{\"a\":}", "{\"__metadata__\":{}}{}"])
    func aHeaderThatIsNotJSONIsRefused(header: String) throws {
        guard
            case .headerNotJSON(line: 1, _, _) = try Self.problem(
                CheckpointFixture.file(header: header))
        else {
            Issue.record("\(header)")
            return
        }
    }

    @Test func bytesThatAreNotTextAreRefused() throws {
        let header: [UInt8] = Array("{\"".utf8) + [0xFF] + Array("\":1}".utf8)
        let problem = try Self.problem(CheckpointFixture.length(header.count) + header)
        #expect(
            problem == .headerNotJSON(line: 1, column: 3, problem: "the bytes are not UTF-8"))
    }

    @Test func aRepeatedNameIsRefused() throws {
        let entry = Self.entry("F32", "[1]", 0, 4)
        let header = "{\"a\":\(entry),\"a\":\(entry)}"
        guard
            case .headerNotJSON(line: 1, _, let problem) = try Self.problem(
                CheckpointFixture.file(header: header, data: 4))
        else {
            Issue.record("not refused as JSON")
            return
        }
        #expect(problem == "the key \"a\" is there twice")
    }

    @Test func metadataHoldsOnlyStrings() throws {
        #expect(
            try Self.problem(CheckpointFixture.file(header: #"{"__metadata__":{"a":1}}"#))
                == .metadataNotText(key: "a", found: "an integer"))
        #expect(
            try Self.problem(CheckpointFixture.file(header: #"{"__metadata__":[]}"#))
                == .metadataNotText(key: "__metadata__", found: "an array"))
    }

    @Test(arguments: [
        ("1", "", "an object", "an integer"),
        (#"{"shape":[1],"data_offsets":[0,4]}"#, "dtype", "a string", "nothing"),
        (
            #"{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}"#, "shape",
            "an array of integers from 0 up", "an array"
        ),
        (
            #"{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}"#, "shape",
            "an array of integers from 0 up", "an array"
        ),
        (
            #"{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}"#, "data_offsets",
            "two integers from 0 up", "an array"
        ),
        (
            #"{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}"#, "data_offsets",
            "two integers from 0 up", "an array"
        ),
        (
            #"{"dtype":"F32","shape":[1],"data_offsets":[0,99999999999999999999]}"#,
            "data_offsets", "two integers from 0 up", "an array"
        ),
        (
            #"{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}"#, "x",
            "only dtype, shape and data_offsets", "an integer"
        ),
    ])
    func aMalformedEntryIsNamed(
        entry: String, key: String, expected: String, found: String
    ) throws {
        let problem = try Self.problem(
            CheckpointFixture.file(header: "{\"t\":\(entry)}", data: 4))
        #expect(
            problem
                == .malformedEntry(tensor: "t", key: key, expected: expected, found: found))
    }

    @Test(
        arguments: [
            ("F33", "[1]", 0, 4, .unknownType(tensor: "t", type: "F33")),
            ("F32", "[1]", 4, 0, .reversedOffsets(tensor: "t", begin: 4, end: 0)),
            ("F32", "[1]", 4, 8, .outOfRange(tensor: "t", end: 8, available: 4)),
            (
                "F32", "[1]", 0, 9_223_372_036_854_775_807,
                .outOfRange(tensor: "t", end: .max, available: 4)
            ),
            (
                "F32", "[2]", 0, 4,
                .sizeMismatch(tensor: "t", shape: [2], type: "F32", expected: 8, found: 4)
            ),
            (
                "F64", "[1]", 0, 4,
                .sizeMismatch(tensor: "t", shape: [1], type: "F64", expected: 8, found: 4)
            ),
            (
                "F32", "[0]", 0, 4,
                .sizeMismatch(tensor: "t", shape: [0], type: "F32", expected: 0, found: 4)
            ),
            (
                "F32", "[4611686018427387904,4]", 0, 4,
                .shapeTooLarge(tensor: "t", shape: [1 << 62, 4])
            ),
            ("F4", "[3]", 0, 4, .partialByte(tensor: "t", shape: [3], type: "F4")),
            ("U8", "[3]", 0, 3, .trailingBytes(count: 1)),
            ("U8", "[0]", 0, 0, .trailingBytes(count: 4)),
            ("U8", "[3]", 1, 4, .hole(before: "t", byteCount: 1)),
        ] as [(String, String, Int, Int, SafetensorsProblem)])
    func aTensorThatDoesNotFitItsBytesIsRefused(
        type: String, shape: String, begin: Int, end: Int, expected: SafetensorsProblem
    ) throws {
        let header = "{\"t\":\(Self.entry(type, shape, begin, end))}"
        #expect(try Self.problem(CheckpointFixture.file(header: header, data: 4)) == expected)
    }

    @Test(
        arguments: [
            ((0, 8), (4, 12), .overlap(first: "a", second: "b")),
            ((0, 8), (0, 8), .overlap(first: "a", second: "b")),
            ((4, 12), (0, 8), .overlap(first: "b", second: "a")),
            ((0, 4), (8, 12), .hole(before: "b", byteCount: 4)),
            ((8, 12), (0, 4), .hole(before: "a", byteCount: 4)),
            ((0, 4), (4, 8), .trailingBytes(count: 4)),
        ] as [((Int, Int), (Int, Int), SafetensorsProblem)])
    func tensorsCoverTheDataExactlyOnce(
        first: (Int, Int), second: (Int, Int), expected: SafetensorsProblem
    ) throws {
        let a = Self.entry("F32", "[\((first.1 - first.0) / 4)]", first.0, first.1)
        let b = Self.entry("F32", "[\((second.1 - second.0) / 4)]", second.0, second.1)
        let bytes = CheckpointFixture.file(header: "{\"a\":\(a),\"b\":\(b)}", data: 12)
        #expect(try Self.problem(bytes) == expected)
    }

    @Test func aMisalignedTensorIsRefused() throws {
        let header =
            "{\"a\":\(Self.entry("U8", "[2]", 0, 2)),\"b\":\(Self.entry("F32", "[1]", 2, 6))}"
        let problem = try Self.problem(CheckpointFixture.file(header: header, data: 6))
        #expect(problem == .misaligned(tensor: "b", begin: 2, elementSize: 4))
    }

    @Test func aTruncatedFileIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("t.safetensors")
        let tensor = StoredTensor(
            name: "a", shape: [100], values: [Float](repeating: 1, count: 100))
        try SafetensorsFile.write([tensor], to: path)
        let whole = try folder.bytes("t.safetensors")
        for count in 0..<whole.count {
            #expect(try Self.problem(Array(whole[..<count])) != nil)
        }
    }

    @Test func emptyTensorsAndSpacesAfterTheHeaderAreFine() throws {
        let folder = try TemporaryFolder()
        let header =
            "{\"a\":\(Self.entry("F32", "[0,3]", 0, 0)),\"b\":\(Self.entry("F32", "[]", 0, 4)),"
            + "\"c\":\(Self.entry("F32", "[5,0]", 4, 4))}    "
        try folder.write(CheckpointFixture.file(header: header, data: 4), to: "f")
        let file = try SafetensorsFile(path: folder.file("f"))
        #expect(try file.tensor("a").values == [])
        #expect(try file.tensor("b") == StoredTensor(name: "b", shape: [], values: [0]))
        #expect(file.shape(of: "c") == [5, 0])
    }

    @Test func namesThatSwiftCallsEqualAreDifferentTensors() throws {
        let folder = try TemporaryFolder()
        let header =
            "{\"\u{E9}\":\(Self.entry("F32", "[1]", 0, 4)),"
            + "\"e\u{301}\":\(Self.entry("F32", "[]", 4, 8))}"
        try folder.write(CheckpointFixture.file(header: header, data: 8), to: "f")
        let file = try SafetensorsFile(path: folder.file("f"))
        #expect(file.shape(of: "\u{E9}") == [1])
        #expect(file.shape(of: "e\u{301}") == [])
    }
}
