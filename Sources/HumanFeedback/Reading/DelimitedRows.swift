import OrderedJSON

/// Rows of a table with a header, separated by commas or tabs, as objects.
///
/// Quoted cells are texts; bare ones are numbers, `True`, `False` or, failing that, texts; quotes
/// in a cell are doubled (RFC 4180). A cell of Label Studio's that holds a list of JSON is read as
/// that list; an empty cell is left out.
struct DelimitedRows {
    let bytes: [UInt8]

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
            var object = JSONObject()
            for (name, cell) in zip(names, row) where !cell.text.isEmpty {
                object[name] = Self.value(cell)
            }
            try body(line, .object(object))
        }
    }

    private static func value(_ cell: Cells.Cell) -> JSON {
        if cell.isQuoted {
            let isResult = cell.text.hasPrefix("[{\"") || cell.text.hasPrefix("{\"choices\"")
            if isResult, let json = try? JSON(parsing: Array(cell.text.utf8)) { return json }
            return .string(cell.text)
        }
        switch cell.text {
        case "True", "true": return true
        case "False", "false": return false
        default: break
        }
        if let number = try? JSON(parsing: Array(cell.text.utf8)), number.doubleValue != nil {
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
