/// The lines of a text file, checked to be UTF-8, without line ends.
///
/// A byte order mark and `\r\n` are accepted and not kept.
struct DocumentText: Equatable, Sendable {
    let path: String
    let lines: [String]

    /// - Throws: `DocumentError.notText` with the first line that is not UTF-8.
    init(_ bytes: [UInt8], path: String) throws(DocumentError) {
        self.path = path
        var lines: [String] = []
        var rest = bytes[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
        var pieces = rest.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // The text after the last line end is a line only when there is some.
        if pieces.last?.isEmpty == true { pieces.removeLast() }
        for piece in pieces {
            let content = piece.last == UInt8(ascii: "\r") ? piece.dropLast() : piece
            guard let line = String(validating: content, as: UTF8.self) else {
                throw .notText(path: path, line: lines.count + 1)
            }
            lines.append(line)
        }
        self.lines = lines
    }
}

extension String {
    /// How many spaces the line starts with.
    var leadingSpaces: Int { utf8.prefix { $0 == UInt8(ascii: " ") }.count }

    /// The text without blank lines at both ends.
    var trimmingBlankLines: String {
        var lines = split(separator: "\n", omittingEmptySubsequences: false)[...]
        while lines.first.map(String.init)?.trimmed.isEmpty == true { lines = lines.dropFirst() }
        while lines.last.map(String.init)?.trimmed.isEmpty == true { lines = lines.dropLast() }
        return lines.joined(separator: "\n")
    }

    /// The text without spaces and tabs at both ends.
    var trimmed: String {
        let isSpace: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard let first = utf8.firstIndex(where: { !isSpace($0) }),
            let last = utf8.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[first...last])
    }
}
