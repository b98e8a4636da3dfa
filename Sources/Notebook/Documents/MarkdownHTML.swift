/// The Markdown that tutorials use, as HTML: headings, paragraphs, lists, quotations, tables, fenced
/// code, emphasis, code, links.
///
/// HTML in the text is shown, not obeyed; comments are left out. Of a link to a file nearby only the
/// words are kept, because the page may stand anywhere; links of other kinds are left as text.
enum MarkdownHTML {
    /// A text with the characters that mean something in HTML written out.
    static func escaped(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.unicodeScalars.append(character)
            }
        }
        return result
    }

    static func html(of markdown: String) -> String {
        var html = ""
        var lines = markdown.split(separator: "\n", omittingEmptySubsequences: false).map(
            String.init)[...]
        while let line = lines.first {
            let text = line.trimmed
            if text.isEmpty {
                lines.removeFirst()
            } else if text.hasPrefix("<!--") {
                lines = lines.drop { !$0.contains("-->") }.dropFirst()
            } else if let fence = Fence(opening: line) {
                let code = lines.dropFirst().prefix { !fence.isClosed(by: $0) }
                lines = lines.dropFirst(code.count + 2)
                html += "<pre>\(escaped(code.joined(separator: "\n")))</pre>\n"
            } else if let level = headingLevel(text) {
                lines.removeFirst()
                let title = inline(String(text.dropFirst(level)).trimmed)
                html += "<h\(level)>\(title)</h\(level)>\n"
            } else if text.hasPrefix(">") {
                let quoted = lines.prefix { $0.trimmed.hasPrefix(">") }
                lines = lines.dropFirst(quoted.count)
                let inner = quoted.map { String($0.trimmed.dropFirst()).trimmed }
                html += "<blockquote>\(self.html(of: inner.joined(separator: "\n")))</blockquote>\n"
            } else if text.hasPrefix("|") {
                let table = lines.prefix { $0.trimmed.hasPrefix("|") }
                lines = lines.dropFirst(table.count)
                html += self.table(Array(table))
            } else if let marker = ListMarker(line) {
                html += list(&lines, marker.tag)
            } else {
                let paragraph = lines.prefix { !interruptsParagraph($0) || $0 == line }
                lines = lines.dropFirst(paragraph.count)
                html += "<p>\(inline(paragraph.joined(separator: "\n")))</p>\n"
            }
        }
        return html
    }

    /// Rows of `| a | b |`; without a rule `|---|---|` in the second line they stay as they are.
    private static func table(_ lines: [String]) -> String {
        let rows = lines.map(cells)
        let isRule = { (cells: [String]) in
            !cells.isEmpty
                && cells.allSatisfy { !$0.isEmpty && $0.allSatisfy { "-:".contains($0) } }
        }
        guard rows.count > 1, isRule(rows[1]) else {
            return "<pre>\(escaped(lines.joined(separator: "\n")))</pre>\n"
        }
        func row(_ tag: String, _ cells: [String]) -> String {
            let texts = cells.enumerated().map { index, cell in
                let rule = index < rows[1].count ? rows[1][index] : ""
                let isRight = rule.hasSuffix(":") && !rule.hasPrefix(":")
                return "<\(tag)\(isRight ? " class=\"n\"" : "")>\(inline(cell))</\(tag)>"
            }
            return "<tr>\(texts.joined())</tr>\n"
        }
        return "<div class=\"scroll\"><table>\n<thead>\(row("th", rows[0]))</thead>\n<tbody>\n"
            + rows.dropFirst(2).map { row("td", $0) }.joined() + "</tbody></table></div>\n"
    }

    /// The cells of a row; `\\|` is no border.
    private static func cells(_ line: String) -> [String] {
        var cells = [""]
        var isEscaped = false
        for character in line.trimmed.dropFirst() {
            if character == "|", !isEscaped {
                cells.append("")
            } else {
                if character == "|" { cells[cells.count - 1].removeLast() }
                cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\" && !isEscaped
        }
        if cells.last?.trimmed.isEmpty == true { cells.removeLast() }
        return cells.map(\.trimmed)
    }

    private static func headingLevel(_ text: String) -> Int? {
        let level = text.prefix { $0 == "#" }.count
        return (1...6).contains(level) && text.dropFirst(level).first == " " ? level : nil
    }

    private static func interruptsParagraph(_ line: String) -> Bool {
        let text = line.trimmed
        return text.isEmpty || headingLevel(text) != nil || Fence(opening: line) != nil
            || ListMarker(line) != nil || text.hasPrefix(">") || text.hasPrefix("<!--")
    }

    /// `- text`, `* text` or `1. text`.
    private struct ListMarker {
        var tag: String
        var text: String

        init?(_ line: String) {
            let line = line.trimmed
            let digits = line.prefix { $0.isASCII && $0.isNumber }
            if line.hasPrefix("- ") || line.hasPrefix("* ") {
                tag = "ul"
                text = String(line.dropFirst(2))
            } else if !digits.isEmpty, line.dropFirst(digits.count).hasPrefix(". ") {
                tag = "ol"
                text = String(line.dropFirst(digits.count + 2))
            } else {
                return nil
            }
        }
    }

    private static func list(_ lines: inout ArraySlice<String>, _ tag: String) -> String {
        var items: [String] = []
        while let line = lines.first {
            if let marker = ListMarker(line) {
                guard marker.tag == tag else { break }
                items.append(marker.text)
            } else if line.leadingSpaces > 0, !line.trimmed.isEmpty, !items.isEmpty {
                items[items.count - 1] += "\n" + line.trimmed
            } else {
                break
            }
            lines.removeFirst()
        }
        let texts = items.map { "<li>\(inline($0))</li>\n" }
        return "<\(tag)>\n\(texts.joined())</\(tag)>\n"
    }

    /// Emphasis, code and links within a paragraph.
    static func inline(_ text: String) -> String {
        var html = ""
        var rest = Array(text)[...]
        while let character = rest.first {
            if character == "\\", let next = rest.dropFirst().first, next.isPunctuation {
                html += escaped(String(next))
                rest = rest.dropFirst(2)
            } else if let (inside, after) = enclosed(rest, "`") {
                html += "<code>\(escaped(String(inside)))</code>"
                rest = after
            } else if let (inside, after) = enclosed(rest, "**") {
                html += "<strong>\(inline(String(inside)))</strong>"
                rest = after
            } else if let (inside, after) = enclosed(rest, "*") {
                html += "<em>\(inline(String(inside)))</em>"
                rest = after
            } else if let (label, target, after) = link(rest) {
                html +=
                    target.isEmpty
                    ? inline(label) : "<a href=\"\(escaped(target))\">\(inline(label))</a>"
                rest = after
            } else {
                html += escaped(String(character))
                rest.removeFirst()
            }
        }
        return html
    }

    /// What stands between two marks when the text starts with one; nothing for `* ` and `**`.
    private static func enclosed(
        _ text: ArraySlice<Character>, _ mark: String
    ) -> (inside: ArraySlice<Character>, after: ArraySlice<Character>)? {
        guard text.starts(with: mark) else { return nil }
        let inside = text.dropFirst(mark.count)
        guard let first = inside.first, !first.isWhitespace, !mark.contains(first) else {
            return nil
        }
        var end = inside.startIndex
        while end < inside.endIndex {
            if inside[end...].starts(with: mark) {
                return (inside[..<end], inside[end...].dropFirst(mark.count))
            }
            end += 1
        }
        return nil
    }

    /// A link at the start of the text; its target is empty where only the words are kept.
    private static func link(
        _ text: ArraySlice<Character>
    ) -> (label: String, target: String, after: ArraySlice<Character>)? {
        guard text.first == "[", let close = text.firstIndex(of: "]"),
            text[(close + 1)...].first == "(",
            let end = text[(close + 1)...].firstIndex(of: ")")
        else { return nil }
        let target = String(text[(close + 2)..<end])
        let isWeb = ["https://", "http://", "#"].contains { target.hasPrefix($0) }
        guard isWeb || !target.contains(":") else { return nil }
        return (
            String(text[text.index(after: text.startIndex)..<close]), isWeb ? target : "",
            text[(end + 1)...]
        )
    }
}
