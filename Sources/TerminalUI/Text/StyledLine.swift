/// A piece of a line in one style.
public struct StyledSpan: Hashable, Sendable {
    /// Always printable: see `visibleText`.
    public let text: String
    public let style: Style

    public init(_ text: String, _ style: Style = .plain) {
        self.text = visibleText(text)
        self.style = style
    }
}

/// One line of styled text.
public struct StyledLine: Hashable, Sendable, ExpressibleByStringLiteral {
    public private(set) var spans: [StyledSpan]

    public init(_ text: String = "", _ style: Style = .plain) {
        self.init(spans: [StyledSpan(text, style)])
    }

    public init(spans: [StyledSpan]) {
        self.spans = []
        for span in spans { append(span) }
    }

    public init(stringLiteral text: String) {
        self.init(text)
    }

    /// The text without styles.
    public var plainText: String { spans.map(\.text).joined() }

    /// The columns the line takes.
    public var displayWidth: Int { spans.reduce(0) { $0 + TerminalUI.displayWidth(of: $1.text) } }

    public mutating func append(_ text: String, _ style: Style = .plain) {
        append(StyledSpan(text, style))
    }

    /// Neighbours of one style become one span, so that equal lines compare equal.
    private mutating func append(_ span: StyledSpan) {
        if span.text.isEmpty { return }
        if let last = spans.last, last.style == span.style {
            spans[spans.count - 1] = StyledSpan(last.text + span.text, span.style)
        } else {
            spans.append(span)
        }
    }

    public static func += (left: inout StyledLine, right: StyledLine) {
        for span in right.spans { left.append(span) }
    }

    public static func + (left: StyledLine, right: StyledLine) -> StyledLine {
        var sum = left
        sum += right
        return sum
    }
}

extension StyledLine {
    /// The line as bytes for a terminal: escape sequences where styles show, ASCII where it must
    /// be, no blanks at the end.
    public func rendered(for capabilities: TerminalCapabilities) -> String {
        var output = ""
        for span in droppingTrailingBlanks.spans {
            let codes = span.style.codes(for: capabilities)
            // A file keeps its text; a terminal without Unicode would show rubbish.
            let mustFold = capabilities.isTerminal && !capabilities.unicode
            let text = mustFold ? asciiText(span.text) : span.text
            if codes.isEmpty {
                output += text
            } else {
                output += "\u{1B}[\(codes.map(String.init).joined(separator: ";"))m\(text)\u{1B}[0m"
            }
        }
        return output
    }

    private var droppingTrailingBlanks: StyledLine {
        var spans = spans
        while let last = spans.popLast() {
            var text = Substring(last.text)
            while text.last == " " { text.removeLast() }
            if text.isEmpty { continue }
            spans.append(StyledSpan(String(text), last.style))
            break
        }
        return StyledLine(spans: spans)
    }
}
