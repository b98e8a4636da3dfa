/// Markdown prose for the terminal: headings, paragraphs, lists, quotes, fences, tables, rules.
///
/// It shows what tutorials use; HTML comments are left out, and links keep their text.
public struct MarkdownText: Renderable {
    let blocks: [MarkdownBlock]
    /// Whether long lines of code go on in the next line, so that nothing is hidden.
    let wrapsCode: Bool

    /// - Parameter wrapsCode: Break long lines of code instead of cutting them.
    public init(_ source: String, wrapsCode: Bool = false) {
        self.wrapsCode = wrapsCode
        var parser = MarkdownParser(lines: splitLines(source))
        blocks = parser.blocks()
    }

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        var lines: [StyledLine] = []
        for (index, block) in blocks.enumerated() {
            if index > 0, !block.isListItem || !blocks[index - 1].isListItem {
                lines.append(StyledLine())
            }
            if wrapsCode, case .fence(let code) = block {
                lines += code.flatMap {
                    StyledLine("  " + $0, .code).wrapped(to: width, hangingIndent: 2)
                }
            } else {
                lines += block.lines(width: width, capabilities: capabilities)
            }
        }
        return lines
    }
}

extension MarkdownBlock {
    fileprivate var isListItem: Bool {
        if case .item = self { true } else { false }
    }

    fileprivate func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        switch self {
        case .heading(let level, let text):
            let line = markdownLine(text, base: .title)
            if level > 1 { return line.wrapped(to: width) }
            let rule = capabilities.unicode ? "═" : "="
            let lines = line.wrapped(to: width)
            let widest = lines.map(\.displayWidth).max() ?? 0
            return lines + [StyledLine(String(repeating: rule, count: widest), .dim)]
        case .paragraph(let text):
            return markdownLine(text).wrapped(to: width)
        case .item(let depth, let marker, let text):
            let bullet = capabilities.unicode ? "•" : "*"
            let start = String(repeating: "  ", count: depth) + (marker ?? bullet) + " "
            return (StyledLine(start) + markdownLine(text)).wrapped(
                to: width, hangingIndent: displayWidth(of: start))
        case .quote(let text):
            let bar = StyledLine(capabilities.unicode ? "│ " : "| ", .dim)
            return markdownLine(text, base: .emphasis).wrapped(to: max(1, width - 2))
                .map { bar + $0 }
        case .fence(let lines):
            return lines.map {
                StyledLine("  " + $0, .code).truncated(to: width, ellipsis: capabilities.ellipsis)
            }
        case .table(let headers, let alignments, let rows):
            return Table(
                styledHeaders: headers.map { markdownLine($0, base: .title) },
                alignments: alignments, styledRows: rows.map { $0.map { markdownLine($0) } },
                overflow: .wrap
            ).lines(width: width, capabilities: capabilities)
        case .rule:
            return [
                StyledLine(String(repeating: capabilities.unicode ? "─" : "-", count: width), .dim)
            ]
        }
    }
}
