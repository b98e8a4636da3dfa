import OrderedJSON

/// The header of a safetensors file, checked against the length of the file.
///
/// The format's rules, all of them refusals: eight bytes give the header's length, little endian;
/// the header is a JSON object without repeated names, at most 100 MB; `__metadata__` holds
/// strings; every tensor's bytes are as many as type and shape say; together the tensors cover
/// the rest of the file, without hole, overlap or leftover.
struct SafetensorsHeader: Equatable, Sendable {
    /// Where a tensor stands in the file.
    struct Entry: Equatable, Sendable {
        var name: String
        var type: StoredType
        var shape: [Int]
        /// Relative to the end of the header.
        var begin: Int
        var end: Int
    }

    static let sizeLimit = 100_000_000
    static let metadataKey = "__metadata__"

    /// In the order of the header.
    let entries: [Entry]
    let metadata: [String: String]

    /// Reads the JSON text of a header whose data part has `dataCount` bytes.
    init(parsing bytes: [UInt8], dataCount: Int, file: String) throws(LanguageModelError) {
        func refuse(_ problem: SafetensorsProblem) -> LanguageModelError {
            .safetensors(file: file, problem)
        }
        guard bytes.first == UInt8(ascii: "{") else { throw refuse(.headerNotObject) }
        let json: JSON
        do {
            json = try JSON(parsing: bytes)
        } catch {
            throw refuse(
                .headerNotJSON(line: error.line, column: error.column, problem: error.problem))
        }
        guard let object = json.objectValue else { throw refuse(.headerNotObject) }
        var entries: [Entry] = []
        var metadata: [String: String] = [:]
        do {
            for (name, value) in object {
                if name == Self.metadataKey {
                    metadata = try Self.readMetadata(value)
                } else {
                    entries.append(try Self.readEntry(name, value))
                }
            }
            try Self.check(entries, dataCount: dataCount)
        } catch {
            throw refuse(error.problem)
        }
        self.entries = entries
        self.metadata = metadata
    }

    /// A problem without the file's name.
    private struct Refusal: Error {
        let problem: SafetensorsProblem
        init(_ problem: SafetensorsProblem) { self.problem = problem }
    }

    private static func readMetadata(_ json: JSON) throws(Refusal) -> [String: String] {
        guard let object = json.objectValue else {
            throw Refusal(.metadataNotText(key: metadataKey, found: json.kind))
        }
        var metadata: [String: String] = [:]
        for (key, value) in object {
            guard let text = value.stringValue else {
                throw Refusal(.metadataNotText(key: key, found: value.kind))
            }
            metadata[key] = text
        }
        return metadata
    }

    private static func readEntry(_ name: String, _ json: JSON) throws(Refusal) -> Entry {
        func malformed(_ key: String, _ expected: String, _ found: JSON?) -> Refusal {
            Refusal(
                .malformedEntry(
                    tensor: name, key: key, expected: expected, found: found?.kind ?? "nothing"))
        }
        guard let object = json.objectValue else { throw malformed("", "an object", json) }
        guard let typeName = object["dtype"]?.stringValue else {
            throw malformed("dtype", "a string", object["dtype"])
        }
        guard let type = StoredType(rawValue: typeName) else {
            throw Refusal(.unknownType(tensor: name, type: typeName))
        }
        guard let shape = counts(object["shape"]) else {
            throw malformed("shape", "an array of integers from 0 up", object["shape"])
        }
        guard let offsets = counts(object["data_offsets"]), offsets.count == 2 else {
            throw malformed("data_offsets", "two integers from 0 up", object["data_offsets"])
        }
        let known = ["dtype", "shape", "data_offsets"]
        if let key = object.keys.first(where: { !known.contains($0) }) {
            throw malformed(key, "only dtype, shape and data_offsets", object[key])
        }
        return Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
    }

    private static func counts(_ json: JSON?) -> [Int]? {
        guard let elements = json?.arrayValue else { return nil }
        var counts: [Int] = []
        for element in elements {
            guard let count = element.intValue, count >= 0 else { return nil }
            counts.append(count)
        }
        return counts
    }

    private static func check(_ entries: [Entry], dataCount: Int) throws(Refusal) {
        for entry in entries { try checkSize(entry, dataCount: dataCount) }
        let ordered = entries.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
        var covered = 0
        var last = ""
        for entry in ordered {
            if entry.begin < covered { throw Refusal(.overlap(first: last, second: entry.name)) }
            if entry.begin > covered {
                throw Refusal(.hole(before: entry.name, byteCount: entry.begin - covered))
            }
            if entry.end > entry.begin { last = entry.name }
            covered = entry.end
        }
        if covered < dataCount { throw Refusal(.trailingBytes(count: dataCount - covered)) }
    }

    private static func checkSize(_ entry: Entry, dataCount: Int) throws(Refusal) {
        let name = entry.name
        guard entry.begin <= entry.end else {
            throw Refusal(.reversedOffsets(tensor: name, begin: entry.begin, end: entry.end))
        }
        guard entry.end <= dataCount else {
            throw Refusal(.outOfRange(tensor: name, end: entry.end, available: dataCount))
        }
        var bits = entry.type.bits
        for dimension in entry.shape {
            let (product, overflow) = bits.multipliedReportingOverflow(by: dimension)
            guard !overflow else { throw Refusal(.shapeTooLarge(tensor: name, shape: entry.shape)) }
            bits = product
        }
        guard bits % 8 == 0 else {
            throw Refusal(
                .partialByte(tensor: name, shape: entry.shape, type: entry.type.rawValue))
        }
        guard bits / 8 == entry.end - entry.begin else {
            throw Refusal(
                .sizeMismatch(
                    tensor: name, shape: entry.shape, type: entry.type.rawValue,
                    expected: bits / 8, found: entry.end - entry.begin))
        }
        let elementSize = max(entry.type.bits / 8, 1)
        guard entry.begin % elementSize == 0 else {
            throw Refusal(
                .misaligned(tensor: name, begin: entry.begin, elementSize: elementSize))
        }
    }
}
