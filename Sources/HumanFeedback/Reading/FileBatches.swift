import Glibc

/// A file cut into batches of whole rows, so that files of any size are read in constant memory.
///
/// JSON lines are cut at line ends, arrays at the commas between their elements, tables at line
/// ends outside of quotes; every batch but the first of an array gets its bracket back, and every
/// batch but the first of a table its header.
struct FileBatches {
    /// Some rows of a file.
    struct Batch {
        let bytes: [UInt8]
        /// The line of the file before the first line of `bytes`.
        let linesBefore: Int
    }

    let path: String
    var size = 1 << 23

    /// Calls `body` with one batch after the other; one is in memory at a time.
    ///
    /// - Throws: `FeedbackError.missingFile` and its kind, or what `body` throws.
    func forEach(_ body: (Batch) throws(FeedbackError) -> Void) throws(FeedbackError) {
        let descriptor = try FileBytes.open(path: path)
        defer { close(descriptor) }
        var cutter = BatchCutter()
        var rest: [UInt8] = []
        var linesBefore = 0
        var isFirst = true
        while true {
            let block = try FileBytes.readBlock(descriptor, size: size, path: path)
            let isLast = block.count < size
            if isFirst { cutter.begin(block) }
            rest += block
            // Nothing whole yet: a row longer than a block.
            guard isLast || cutter.scan(rest) != nil else { continue }
            let end = isLast ? rest.count : (cutter.cut ?? rest.count)
            if isLast, !isFirst, rest.allSatisfy(isWhiteSpace) { return }
            let bytes = cutter.header(isFirst: isFirst) + rest[..<end] + cutter.footer(isLast)
            try body(Batch(bytes: bytes, linesBefore: linesBefore - cutter.headerLines(isFirst)))
            if isLast { return }
            linesBefore += rest[..<end].count { $0 == 0x0A }
            rest = Array(rest[(end + cutter.skipped)...])
            cutter.advance(past: end + cutter.skipped)
            isFirst = false
        }
    }
}

/// Where a growing buffer can be cut between two rows.
private struct BatchCutter {
    private enum Form {
        case lines, array
        case table(header: [UInt8])
    }

    private var form = Form.lines
    private var position = 0
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    /// The last place where a row ends.
    private(set) var cut: Int?

    mutating func begin(_ block: [UInt8]) {
        let start = block.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if block[start...].first(where: { !isWhiteSpace($0) }) == UInt8(ascii: "[") {
            form = .array
        } else if let header = DelimitedRows.header(of: block) {
            form = .table(header: header)
        }
    }

    /// Bytes between two rows that belong to neither.
    var skipped: Int { if case .array = form { 1 } else { 0 } }

    func header(isFirst: Bool) -> [UInt8] {
        switch form {
        case .lines: []
        case .array: isFirst ? [] : [UInt8(ascii: "[")]
        case .table(let header): isFirst ? [] : header
        }
    }

    func headerLines(_ isFirst: Bool) -> Int {
        if case .table = form { isFirst ? 0 : 1 } else { 0 }
    }

    func footer(_ isLast: Bool) -> [UInt8] {
        if case .array = form { isLast ? [] : [UInt8(ascii: "]")] } else { [] }
    }

    mutating func advance(past end: Int) {
        position -= end
        cut = nil
    }

    /// Looks at what is new in the buffer; the last cut, or nil.
    mutating func scan(_ bytes: [UInt8]) -> Int? {
        switch form {
        case .lines: scanLines(bytes, respectsQuotes: false)
        case .table: scanLines(bytes, respectsQuotes: true)
        case .array: scanArray(bytes)
        }
        return cut
    }

    private mutating func scanLines(_ bytes: [UInt8], respectsQuotes: Bool) {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if respectsQuotes, byte == UInt8(ascii: "\"") { isInString.toggle() }
            if byte == 0x0A, !isInString { cut = position }
        }
    }

    private mutating func scanArray(_ bytes: [UInt8]) {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ","): if depth == 1 { cut = position - 1 }
            default: break
            }
        }
    }
}
