/// Anything that can be shown: it answers with lines for a given width.
public protocol Renderable: Sendable {
    /// Lines of at most `width` columns.
    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine]
}

extension Renderable {
    /// The text for a terminal, every line ended by a newline.
    public func text(width: Int? = nil, capabilities: TerminalCapabilities) -> String {
        lines(width: width ?? capabilities.columns, capabilities: capabilities)
            .map { $0.rendered(for: capabilities) + "\n" }.joined()
    }
}

extension StyledLine: Renderable {
    /// The line wrapped by words.
    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        wrapped(to: width)
    }
}

/// Text of one or more lines, each wrapped by words.
public struct Paragraph: Renderable {
    let text: String
    let style: Style
    let indent: Int

    /// - Parameter indent: Spaces before every line.
    public init(_ text: String, _ style: Style = .plain, indent: Int = 0) {
        self.text = text
        self.style = style
        self.indent = indent
    }

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let margin = StyledLine(String(repeating: " ", count: max(0, min(indent, width - 1))))
        return splitLines(text).flatMap { line in
            StyledLine(line, style).wrapped(to: width - margin.displayWidth).map { margin + $0 }
        }
    }
}

/// Parts one below the other.
public struct Stack: Renderable {
    let parts: [any Renderable]
    let spacing: Int

    /// - Parameter spacing: Empty lines between two parts.
    public init(_ parts: [any Renderable], spacing: Int = 0) {
        self.parts = parts
        self.spacing = spacing
    }

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let gap = Array(repeating: StyledLine(), count: spacing)
        let blocks = parts.map { $0.lines(width: width, capabilities: capabilities) }
        return Array(blocks.joined(separator: gap))
    }
}

/// The lines of a text; a newline at its end makes no further line.
func splitLines(_ text: String) -> [String] {
    var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        .map(String.init)
    if lines.count > 1, lines.last == "" { lines.removeLast() }
    return lines
}
