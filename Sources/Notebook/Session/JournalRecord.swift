import OrderedJSON

/// One line of a journal: what happened, as an object whose unknown keys are kept.
///
/// On disk a record is one JSON object on one line:
///
///     {"v":1,"seq":42,"t":"…Z","type":"cell.end",…fields…,"prev":"<crc before>","crc":"9f3c11aa"}
///
/// `crc` is the CRC-32 of all bytes before `,"crc":`. It is always the last key, so a torn line can
/// never pass and every line stays plain JSON. `prev` is the `crc` of the line before (zeros in the
/// first), so a missing or swapped line is seen.
struct JournalRecord: Equatable, Sendable {
    /// The version of the line format written by this program.
    static let version = 1
    static let firstPrevious = "00000000"

    /// The place in the journal, starting at 1.
    var sequence: Int
    /// When it was written; information only.
    var time: String
    /// What happened: `cell.begin`, `cell.end`, …
    var type: String
    /// Everything but the keys of the frame, in order.
    var fields: JSONObject

    /// The records that are on the device before anything is written behind them.
    static let durableTypes = [
        "cell.end", "cell.checkpoint", "cell.edit", "cell.delete", "cell.move", "undo", "redo",
        "close",
    ]

    static let frameKeys = ["v", "seq", "t", "type", "prev", "crc"]

    /// The line of this record with its newline, and its check for the next record's `prev`.
    func line(previous: String) -> (bytes: [UInt8], crc: String) {
        var object = JSONObject([
            ("v", .integer(Self.version)), ("seq", .integer(sequence)), ("t", .string(time)),
            ("type", .string(type)),
        ])
        for (key, value) in fields where !Self.frameKeys.contains(key) { object[key] = value }
        object["prev"] = .string(previous)
        var bytes = Array(JSON.object(object).text.utf8)
        bytes.removeLast()
        let crc = CRC32.hex(of: bytes)
        bytes += Array(",\"crc\":\"\(crc)\"}\n".utf8)
        return (bytes, crc)
    }

    /// Whether a line is sound in itself, whatever stands before it, and is of one of these types.
    static func isIntact(_ line: ArraySlice<UInt8>, ofTypes types: [String]) -> Bool {
        guard line.count > tail.count, hasRightCheck(line),
            let type = (try? JSON(parsing: Array(line)))?["type"]?.stringValue
        else { return false }
        return types.contains(type)
    }

    private static let tail = Array(",\"crc\":\"00000000\"}".utf8)

    /// Whether a line that is longer than `tail` ends with the check of what stands before it.
    private static func hasRightCheck(_ line: ArraySlice<UInt8>) -> Bool {
        let end = line.suffix(tail.count)
        return end.starts(with: tail.prefix(8)) && end.suffix(2).elementsEqual(tail.suffix(2))
            && end.dropFirst(8).prefix(8).elementsEqual(
                CRC32.digits(of: line.dropLast(tail.count)))
    }

    /// The eight digits of the check with which a sound line ends.
    static func check(endOf line: ArraySlice<UInt8>) -> String {
        String(decoding: line.dropLast(2).suffix(8), as: UTF8.self)
    }

    /// Reads a line without its newline and checks it.
    ///
    /// - Returns: The record, or what is wrong.
    static func read(
        _ line: ArraySlice<UInt8>, sequence: Int, previous: String, acceptsNewer: Bool
    ) -> Result<JournalRecord, JournalProblem> {
        guard line.count > tail.count, line.last == UInt8(ascii: "}") else {
            return .failure(.incomplete)
        }
        guard hasRightCheck(line) else { return .failure(.wrongCheck) }
        if let record = asWritten(line, sequence: sequence, previous: previous) {
            return .success(record)
        }
        guard let json = try? JSON(parsing: Array(line)), let object = json.objectValue,
            let type = object["type"]?.stringValue, let found = object["seq"]?.intValue
        else { return .failure(.notARecord) }
        if let version = object["v"]?.intValue, version > Self.version, !acceptsNewer {
            return .failure(.newer(version: version))
        }
        guard found == sequence else {
            return .failure(.wrongSequence(expected: sequence, found: found))
        }
        guard object["prev"]?.stringValue == previous else { return .failure(.wrongPrevious) }
        return .success(
            JournalRecord(
                sequence: found, time: object["t"]?.stringValue ?? "", type: type,
                fields: object.without(frameKeys)))
    }

    /// The record of a line whose frame stands byte for byte as this program writes it; nil for any
    /// other, which may still be a good one. Six of a line's ten keys are then not read as JSON.
    private static func asWritten(
        _ line: ArraySlice<UInt8>, sequence: Int, previous: String
    ) -> JournalRecord? {
        let end = line.dropLast(tail.count)
        let link = end.suffix(linkKey.count + previous.utf8.count + 1)
        guard link.starts(with: linkKey), link.last == UInt8(ascii: "\""),
            link.dropFirst(linkKey.count).dropLast().elementsEqual(previous.utf8)
        else { return nil }
        var rest = end.dropLast(link.count)
        guard take(versionAndKey, from: &rest), take(String(sequence).utf8, from: &rest),
            take(timeKey, from: &rest)
        else { return nil }
        guard let time = plainText(takenFrom: &rest), take(typeKey, from: &rest),
            let type = plainText(takenFrom: &rest)
        else { return nil }
        guard !rest.isEmpty else {
            return JournalRecord(
                sequence: sequence, time: time, type: type, fields: JSONObject())
        }
        guard rest.first == UInt8(ascii: ",") else { return nil }
        let object = [UInt8(ascii: "{")] + rest.dropFirst() + [UInt8(ascii: "}")]
        guard let fields = (try? JSON(parsing: object))?.objectValue,
            !frameKeys.contains(where: { fields[$0] != nil })
        else { return nil }
        return JournalRecord(sequence: sequence, time: time, type: type, fields: fields)
    }

    private static let versionAndKey = Array("{\"v\":\(version),\"seq\":".utf8)
    private static let timeKey = Array(",\"t\":\"".utf8)
    private static let typeKey = Array(",\"type\":\"".utf8)
    private static let linkKey = Array(",\"prev\":\"".utf8)

    /// Takes these bytes off the front; false where others stand there.
    private static func take(
        _ bytes: some Collection<UInt8>, from rest: inout ArraySlice<UInt8>
    ) -> Bool {
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }

    /// Takes a string up to its closing quote, and the quote; nil where not all of it is plain ASCII.
    private static func plainText(takenFrom rest: inout ArraySlice<UInt8>) -> String? {
        guard let quote = rest.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
        let text = rest[..<quote]
        guard text.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            return nil
        }
        rest = rest[(quote + 1)...]
        return String(decoding: text, as: UTF8.self)
    }
}

/// Why a line of a journal is not a good record.
enum JournalProblem: Error, Equatable, Sendable {
    case incomplete
    case wrongCheck
    case notARecord
    case wrongSequence(expected: Int, found: Int)
    case wrongPrevious
    case newer(version: Int)

    /// Whether a write that was cut short can have left this.
    var isTearing: Bool { self == .incomplete || self == .wrongCheck }

    /// The problem in words that continue "line 12 is damaged: ".
    var words: String {
        switch self {
        case .incomplete: "the record is not complete"
        case .wrongCheck: "the checksum does not fit the bytes"
        case .notARecord: "the checksum fits, but this is not a record"
        case .wrongSequence(let expected, let found):
            "record \(expected) was expected, record \(found) was found"
        case .wrongPrevious: "the record does not follow the line before it"
        case .newer(let version): "the record has format version \(version)"
        }
    }
}
