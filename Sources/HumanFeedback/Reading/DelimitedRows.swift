import OrderedJSON

/// Rows of a table with a header, separated by commas or tabs, as objects.
///
/// Columns that hold numbers, truth values or names are read as such and are left out where they are
/// empty; the cells of all others are texts, an answer "4" too. Quotes in a cell are doubled (RFC 4180).
/// A cell of Label Studio's that holds a list of results is read as that list.
struct DelimitedRows {
    let path: String
    let bytes: [UInt8]

    /// The columns that hold no texts.
    private static let valued: Set<String> = [
        "id", "annotation_id", "annotator", "created_at", "updated_at", "lead_time", "agreement",
        "pair_id", "prompt_id", "question_id", "margin", "weight", "confidence", "simulated",
        "label", "rating", "strength", "seconds", "shown_order", "criterion", "ground_truth",
        "left_rating", "right_rating", "flagged", "repeat", "selection", "swapped", "gold",
    ]
    /// What the first object of a list of results has one of.
    private static let results = [
        "selected", "rating", "ranker", "choices", "text", "number", "labels", "taxonomy",
    ]

    /// The columns without which a table is none of ours.
    private static let known = ["prompt", "annotation_id", "chosen", "instruction", "pair_id"]

    /// The first line with its end, if the bytes begin with a table's header.
    static func header(of bytes: [UInt8]) -> [UInt8]? {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard let first = bytes[start...].first, first != UInt8(ascii: "{"),
            first != UInt8(ascii: "["), let end = bytes.firstIndex(of: 0x0A)
        else { return nil }
        let line = Array(bytes[...end])
        var cells = Cells(line, from: start, separator: separator(of: line))
        let names = cells.next()?.map(\.text) ?? []
        return names.count > 1 && names.contains(where: known.contains) ? line : nil
    }

    private static func separator(of line: [UInt8]) -> UInt8 {
        let tabs = line.count { $0 == 0x09 }
        return tabs > line.count { $0 == UInt8(ascii: ",") } ? 0x09 : UInt8(ascii: ",")
    }

    /// Calls `body` with each row and its line.
    func forEach(
        _ body: (_ line: Int, _ row: JSON) throws(FeedbackError) -> Void
    ) throws(FeedbackError) {
        guard let header = Self.header(of: bytes) else { return }
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var cells = Cells(bytes, from: start, separator: Self.separator(of: header))
        let names = cells.next()?.map(\.text) ?? []
        while true {
            let line = cells.line
            guard let row = cells.next() else { return }
            if row.count == 1, row[0].text.isEmpty { continue }
            if row.count > names.count {
                throw .malformed(
                    path: path, line: line, column: 1,
                    problem: "\(row.count) cells under \(names.count) columns; a text with a "
                        + "separator in it stands in quotes",
                    excerpt: String(row.map(\.text).joined(separator: " | ").prefix(60)))
            }
            var object = JSONObject()
            for (name, cell) in zip(names, row) {
                if Self.valued.contains(name) {
                    if !cell.text.isEmpty { object[name] = Self.value(cell) }
                } else {
                    object[name] = Self.text(cell)
                }
            }
            try body(line, .object(object))
        }
    }

    private static func text(_ cell: Cells.Cell) -> JSON {
        if cell.isQuoted, cell.text.hasPrefix("[{\"") || cell.text.hasPrefix("{\"choices\""),
            let json = try? JSON(parsing: Array(cell.text.utf8)),
            let result = json[0]?.objectValue ?? json.objectValue,
            results.contains(where: { result[$0] != nil })
        {
            return json
        }
        return .string(cell.text)
    }

    private static func value(_ cell: Cells.Cell) -> JSON {
        switch cell.text {
        case "True", "true": return true
        case "False", "false": return false
        default: break
        }
        if !cell.isQuoted, let number = try? JSON(parsing: Array(cell.text.utf8)),
            number.doubleValue != nil
        {
            return number
        }
        return .string(cell.text)
    }
}

/// The cells of a table, row by row.
private struct Cells {
    struct Cell {
        let text: String
        let isQuoted: Bool
    }

    private let bytes: [UInt8]
    private let separator: UInt8
    private var position: Int
    private(set) var line = 1

    init(_ bytes: [UInt8], from start: Int, separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
        position = start
    }

    mutating func next() -> [Cell]? {
        guard position < bytes.count else { return nil }
        var cells: [Cell] = []
        while true {
            cells.append(cell())
            guard position < bytes.count, bytes[position] == separator else { break }
            position += 1
        }
        if position < bytes.count, bytes[position] == 0x0D { position += 1 }
        if position < bytes.count, bytes[position] == 0x0A {
            position += 1
            line += 1
        }
        return cells
    }

    private mutating func cell() -> Cell {
        var text: [UInt8] = []
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            while position < bytes.count, bytes[position] != separator,
                bytes[position] != 0x0A, bytes[position] != 0x0D
            {
                text.append(bytes[position])
                position += 1
            }
            return Cell(text: String(decoding: text, as: UTF8.self), isQuoted: false)
        }
        position += 1
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 0x0A { line += 1 }
            if byte == UInt8(ascii: "\"") {
                guard position < bytes.count, bytes[position] == byte else { break }
                position += 1
            }
            text.append(byte)
        }
        return Cell(text: String(decoding: text, as: UTF8.self), isQuoted: true)
    }
}
