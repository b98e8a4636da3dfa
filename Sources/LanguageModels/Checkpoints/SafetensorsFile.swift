/// A weights file in the safetensors format, opened for reading.
///
/// Opening checks the whole header (`SafetensorsHeader`), so what is read afterwards can only fail
/// because the disk does. Values are read tensor by tensor and converted to `Float`.
public final class SafetensorsFile: Sendable {
    /// The path, for errors.
    public let path: String
    private let file: ReadableFile
    private let header: SafetensorsHeader
    private let dataStart: Int
    private let places: [[UInt8]: Int]

    /// Opens and checks a file.
    ///
    /// - Throws: `LanguageModelError.safetensors` with the rule that the file breaks, or `.file`.
    public init(path: String) throws(LanguageModelError) {
        let file = try ReadableFile(path: path)
        func refuse(_ problem: SafetensorsProblem) -> LanguageModelError {
            .safetensors(file: path, problem)
        }
        let lengthBytes = try file.bytes(at: 0, count: 8)
        guard lengthBytes.count == 8 else {
            throw refuse(.tooShort(byteCount: lengthBytes.count))
        }
        let length = lengthBytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(SafetensorsHeader.sizeLimit) else {
            throw refuse(.headerTooLarge(byteCount: length, limit: SafetensorsHeader.sizeLimit))
        }
        let dataStart = 8 + Int(length)
        guard dataStart <= file.byteCount else {
            throw refuse(
                .headerTruncated(byteCount: Int(length), available: file.byteCount - 8))
        }
        let header = try SafetensorsHeader(
            parsing: file.bytes(at: 8, count: Int(length)),
            dataCount: file.byteCount - dataStart, file: path)
        var places: [[UInt8]: Int] = [:]
        for (index, entry) in header.entries.enumerated() { places[Array(entry.name.utf8)] = index }
        self.path = path
        self.file = file
        self.header = header
        self.dataStart = dataStart
        self.places = places
    }

    /// The tensors' names, in the order of the file's header.
    public var names: [String] { header.entries.map(\.name) }

    /// What the writer noted about the file: `["format": "pt"]`, usually.
    public var metadata: [String: String] { header.metadata }

    /// The shape of a tensor, or nil when the file has none of this name.
    public func shape(of name: String) -> [Int]? { entry(name)?.shape }

    /// The element type as the format spells it (`F32`, `BF16`), or nil without such a tensor.
    public func type(of name: String) -> String? { entry(name)?.type.rawValue }

    /// Reads a tensor. Half-sized types become `Float` without loss.
    ///
    /// - Throws: `.unsupportedType` for anything but F32, F16 and BF16, `.missingTensor`.
    public func tensor(_ name: String) throws(LanguageModelError) -> StoredTensor {
        guard let entry = entry(name) else {
            throw .safetensors(file: path, .missingTensor(name: name))
        }
        let offset = dataStart + entry.begin
        let count = (entry.end - entry.begin) * 8 / entry.type.bits
        let values: [Float]
        switch entry.type {
        case .f32:
            values = try file.read(Float.self, at: offset, count: count)
        case .bf16:
            let bits = try file.read(UInt16.self, at: offset, count: count)
            values = HalfPrecision.values(bfloat16: bits)
        case .f16:
            let bits = try file.read(UInt16.self, at: offset, count: count)
            values = HalfPrecision.values(float16: bits)
        default:
            throw .safetensors(
                file: path, .unsupportedType(tensor: name, type: entry.type.rawValue))
        }
        guard values.count == count else {
            throw .safetensors(file: path, .truncatedWhileReading(tensor: name))
        }
        return StoredTensor(name: name, shape: entry.shape, values: values)
    }

    private func entry(_ name: String) -> SafetensorsHeader.Entry? {
        places[Array(name.utf8)].map { header.entries[$0] }
    }
}
