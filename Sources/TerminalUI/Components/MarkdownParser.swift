/// A block of Markdown; its text still holds the inline marks.
enum MarkdownBlock: Equatable {
    case heading(level: Int, String)
    case paragraph(String)
    /// `marker` is the number of a numbered item, nil for a bullet.
    case item(depth: Int, marker: String?, String)
    case quote(String)
    case fence([String])
    case table(headers: [String], alignments: [TextAlignment], rows: [[String]])
    case rule
}

/// Cuts Markdown into blocks, line by line.
struct MarkdownParser {
    let lines: [String]
    private var index = 0

    init(lines: [String]) {
        self.lines = lines
    }

    mutating func blocks() -> [MarkdownBlock] {
        var blocks: [MarkdownBlock] = []
        while index < lines.count {
            if trimmed(lines[index]).isEmpty {
                index += 1
            } else if let block = nextBlock() {
                blocks.append(block)
            }
        }
        return blocks
    }

    /// Nil for a comment.
    private mutating func nextBlock() -> MarkdownBlock? {
        let line = lines[index]
        let text = trimmed(line)
        if text.hasPrefix("<!--") {
            skipComment()
            return nil
        }
        if let mark = fenceMark(text) { return fence(closedBy: mark) }
        if let heading = heading(text) {
            index += 1
            return heading
        }
        if isRule(text) {
            index += 1
            return .rule
        }
        if let table = table() { return table }
        if text.hasPrefix(">") { return quote() }
        if let item = listItem(line) {
            index += 1
            return .item(
                depth: item.depth, marker: item.marker, joined(item.text, with: continuation()))
        }
        index += 1
        return .paragraph(joined(text, with: continuation()))
    }

    // MARK: Blocks

    private mutating func skipComment() {
        while index < lines.count {
            index += 1
            if contains(lines[index - 1], "-->") { return }
        }
    }

    private mutating func fence(closedBy mark: String) -> MarkdownBlock {
        index += 1
        var content: [String] = []
        while index < lines.count {
            let line = lines[index]
            index += 1
            let text = trimmed(line)
            if text.hasPrefix(mark), text.allSatisfy({ $0 == mark.first }) { break }
            content.append(line)
        }
        return .fence(content)
    }

    private mutating func quote() -> MarkdownBlock {
        var parts: [String] = []
        while index < lines.count, trimmed(lines[index]).hasPrefix(">") {
            parts.append(trimmed(String(trimmed(lines[index]).dropFirst())))
            index += 1
        }
        return .quote(parts.filter { !$0.isEmpty }.joined(separator: " "))
    }

    private mutating func table() -> MarkdownBlock? {
        guard index + 1 < lines.count, lines[index].contains("|") else { return nil }
        let rule = cells(of: lines[index + 1])
        let isRule = rule.allSatisfy { cell in
            cell.contains("-") && cell.allSatisfy { $0 == "-" || $0 == ":" }
        }
        let headers = cells(of: lines[index])
        guard isRule, rule.count == headers.count else { return nil }
        let alignments: [TextAlignment] = rule.map { cell in
            switch (cell.hasPrefix(":"), cell.hasSuffix(":")) {
            case (true, true): .center
            case (false, true): .right
            default: .left
            }
        }
        index += 2
        var rows: [[String]] = []
        while index < lines.count, lines[index].contains("|"), !trimmed(lines[index]).isEmpty {
            rows.append(cells(of: lines[index]))
            index += 1
        }
        return .table(headers: headers, alignments: alignments, rows: rows)
    }

    /// The lines that go on with a paragraph or an item.
    private mutating func continuation() -> [String] {
        var parts: [String] = []
        while index < lines.count {
            let line = lines[index]
            let text = trimmed(line)
            let isNew =
                text.isEmpty || fenceMark(text) != nil || heading(text) != nil || isRule(text)
                || text.hasPrefix(">") || text.hasPrefix("<!--") || listItem(line) != nil
            if isNew { break }
            parts.append(text)
            index += 1
        }
        return parts
    }

    private func joined(_ first: String, with rest: [String]) -> String {
        ([first] + rest).joined(separator: " ")
    }

    // MARK: Lines

    private func heading(_ text: String) -> MarkdownBlock? {
        let level = text.prefix { $0 == "#" }.count
        let rest = text.dropFirst(level)
        guard (1...6).contains(level), rest.first == " " else { return nil }
        return .heading(level: level, trimmed(String(rest)))
    }

    private func fenceMark(_ text: String) -> String? {
        for mark in ["`", "~"] {
            let run = text.prefix { String($0) == mark }
            if run.count >= 3 { return String(run) }
        }
        return nil
    }

    private func isRule(_ text: String) -> Bool {
        guard let first = text.first, "-*_".contains(first) else { return false }
        return text.filter { $0 != " " }.count >= 3 && text.allSatisfy { $0 == first || $0 == " " }
    }

    private func listItem(_ line: String) -> (depth: Int, marker: String?, text: String)? {
        let depth = line.prefix { $0 == " " }.count / 2
        let text = trimmed(line)
        guard let space = text.firstIndex(of: " ") else { return nil }
        let marker = String(text[..<space])
        let rest = trimmed(String(text[space...]))
        if ["-", "*", "+"].contains(marker) { return (depth, nil, rest) }
        let number = marker.dropLast()
        let isNumber = !number.isEmpty && number.count < 10 && number.allSatisfy(\.isWholeNumber)
        guard isNumber, marker.hasSuffix(".") || marker.hasSuffix(")") else { return nil }
        return (depth, marker, rest)
    }

    /// Cells between bars; `\|` is a bar inside a cell.
    private func cells(of line: String) -> [String] {
        var cells = [""]
        var isEscaped = false
        var row = Substring(trimmed(line))
        if row.hasPrefix("|") { row.removeFirst() }
        if row.hasSuffix("|"), !row.hasSuffix("\\|") { row.removeLast() }
        for character in row {
            if character == "|", !isEscaped {
                cells.append("")
            } else {
                if character == "|" { cells[cells.count - 1].removeLast() }
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\"
        }
        return cells.map(trimmed)
    }

    private func contains(_ line: String, _ mark: String) -> Bool {
        line.indices.contains { line[$0...].hasPrefix(mark) }
    }
}

/// The text without blanks at both ends.
func trimmed(_ text: String) -> String {
    var text = text[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
}
