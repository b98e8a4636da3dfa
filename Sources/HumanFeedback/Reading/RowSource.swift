import OrderedJSON

/// The rows of a file as JSON values with their line numbers, from JSON lines or a JSON array.
///
/// A file whose first byte that is not white space is `[` is an array; any other is JSON lines,
/// or a single object that goes over several lines.
struct RowSource {
    let path: String
    let bytes: [UInt8]
    /// Lines of the file before `bytes`.
    var linesBefore = 0

    /// Calls `body` with each row and the line on which it starts, one row in memory at a time.
    ///
    /// - Throws: `FeedbackError.emptyFile`, `.notUTF8`, `.malformed`, or what `body` throws.
    func forEach(
        _ body: (_ line: Int, _ row: JSON) throws(FeedbackError) -> Void
    ) throws(FeedbackError) {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        let first = bytes[start...].first { !isWhiteSpace($0) }
        guard let first else { throw .emptyFile(path: path) }
        if DelimitedRows.header(of: bytes) != nil {
            try DelimitedRows(path: path, bytes: bytes).forEach {
                (line, row) throws(FeedbackError) in
                try body(line + linesBefore, row)
            }
        } else if first == UInt8(ascii: "[") {
            var elements = ArrayElements(bytes, from: start)
            var isEmpty = true
            while let element = try next(&elements) {
                isEmpty = false
                try body(
                    element.line + linesBefore,
                    try parse(element.bytes, line: element.line, column: element.column))
            }
            if isEmpty { throw .emptyFile(path: path) }
        } else {
            var isFirst = true
            for (line, slice) in JSONLines(bytes) {
                if isFirst, let answer = listOfTasks(slice) {
                    for task in answer { try body(line + linesBefore, task) }
                    return
                }
                if isFirst, slice.count < bytes.count, let whole = singleObject() {
                    return try body(line + linesBefore, whole)
                }
                isFirst = false
                try body(line + linesBefore, try parse(slice, line: line, column: 1))
            }
        }
    }

    /// The tasks of an answer of Label Studio's data manager, `{"tasks": […], "total": …}` in any
    /// order, which is the whole file.
    private func listOfTasks(_ first: ArraySlice<UInt8>) -> [JSON]? {
        let start = first.drop(while: isWhiteSpace).dropFirst().drop(while: isWhiteSpace)
        let isPretty = start.isEmpty && bytes.count < 1 << 26
        let isAnswer = ["\"tasks\"", "\"total"].contains { start.starts(with: $0.utf8) }
        guard isAnswer || isPretty,
            let object = (try? JSON(parsing: bytes))?.objectValue, object["total"] != nil
        else { return nil }
        return object["tasks"]?.arrayValue
    }

    /// The file as one object, when its first line alone is not a value.
    private func singleObject() -> JSON? {
        var lines = JSONLines(bytes).makeIterator()
        guard let first = lines.next(), (try? JSON(parsing: first.bytes)) == nil,
            let whole = try? JSON(parsing: bytes), whole.objectValue != nil
        else { return nil }
        return whole
    }

    private func next(
        _ elements: inout ArrayElements
    ) throws(FeedbackError) -> ArrayElements.Element? {
        do {
            return try elements.next()
        } catch {
            throw .malformed(
                path: path, line: error.line + linesBefore, column: error.column,
                problem: error.problem, excerpt: excerpt(ofLine: error.line))
        }
    }

    private func parse(
        _ slice: ArraySlice<UInt8>, line: Int, column: Int
    ) throws(FeedbackError) -> JSON {
        do {
            return try JSON(parsing: slice, firstLine: line)
        } catch {
            // The parser counts columns from the start of the slice.
            let errorColumn = error.line == line ? error.column + column - 1 : error.column
            if error.isEncoding {
                throw .notUTF8(
                    path: path, line: error.line + linesBefore, column: errorColumn)
            }
            throw .malformed(
                path: path, line: error.line + linesBefore, column: errorColumn,
                problem: error.problem, excerpt: excerpt(ofLine: error.line))
        }
    }

    /// The first 60 characters of a line, for messages.
    private func excerpt(ofLine line: Int) -> String {
        let lines = bytes.split(
            separator: UInt8(ascii: "\n"), maxSplits: line, omittingEmptySubsequences: false)
        guard lines.indices.contains(line - 1) else { return "" }
        let text = String(decoding: lines[line - 1].prefix(400), as: UTF8.self)
        return String(text.prefix(60).filter { !$0.isNewline })
    }
}

func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
}
