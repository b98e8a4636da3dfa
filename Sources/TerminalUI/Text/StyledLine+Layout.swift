/// Where text stands in a space wider than itself.
public enum TextAlignment: Hashable, Sendable {
    case left, right, center
}

extension StyledLine {
    /// The line cut to `width` columns, with an ellipsis where something is missing.
    public func truncated(to width: Int, ellipsis: String = "…") -> StyledLine {
        if displayWidth <= width { return self }
        let mark = String(prefix(of: Substring(ellipsis), columns: max(0, width)))
        var room = max(0, width) - TerminalUI.displayWidth(of: mark)
        var result = StyledLine()
        var style = Style.plain
        for span in spans {
            let kept = prefix(of: Substring(span.text), columns: room)
            result.append(String(kept), span.style)
            style = span.style
            if kept.endIndex < span.text.endIndex { break }
            room -= TerminalUI.displayWidth(of: kept)
        }
        result.append(mark, style)
        return result
    }

    /// The line filled with spaces to `width` columns; longer lines stay as they are.
    public func padded(to width: Int, alignment: TextAlignment = .left) -> StyledLine {
        let space = width - displayWidth
        if space <= 0 { return self }
        let before =
            switch alignment {
            case .left: 0
            case .right: space
            case .center: space / 2
            }
        return StyledLine(String(repeating: " ", count: before)) + self
            + StyledLine(String(repeating: " ", count: space - before))
    }

    /// The line broken between words, every part at most `width` columns wide.
    ///
    /// A word longer than a line is broken inside; parts after the first start with
    /// `hangingIndent` spaces.
    public func wrapped(to width: Int, hangingIndent: Int = 0) -> [StyledLine] {
        let indent = max(0, min(hangingIndent, width - 1))
        var wrapper = LineWrapper(width: max(1, width), indent: indent)
        for span in spans { wrapper.add(span) }
        return wrapper.finished()
    }
}

/// Collects words of mixed styles into lines.
private struct LineWrapper {
    let width: Int
    let indent: Int
    private var lines: [StyledLine] = []
    private var line = StyledLine()
    private var used = 0
    private var word = Word()
    private var blanks = StyledLine()

    init(width: Int, indent: Int) {
        self.width = width
        self.indent = indent
    }

    mutating func add(_ span: StyledSpan) {
        for piece in runs(of: span.text) {
            if piece.first == " " {
                placeWord()
                blanks.append(String(piece), span.style)
            } else {
                word.pieces.append((piece, span.style))
            }
        }
    }

    mutating func finished() -> [StyledLine] {
        placeWord()
        lines.append(line)
        return lines
    }

    /// Puts the blanks and the word on the line, or the word alone on the next.
    private mutating func placeWord() {
        if word.pieces.isEmpty { return }
        let blankWidth = blanks.displayWidth
        var wordWidth = word.displayWidth
        if used + blankWidth + wordWidth <= width {
            line += blanks
            used += blankWidth
        } else if used > startOfLine {
            breakLine()
        }
        while used + wordWidth > width {
            wordWidth -= word.move(columns: max(1, width - used), to: &line)
            used = width
            if word.pieces.isEmpty { break }
            breakLine()
        }
        for piece in word.pieces { line.append(String(piece.text), piece.style) }
        used += wordWidth
        word = Word()
        blanks = StyledLine()
    }

    private var startOfLine: Int { lines.isEmpty ? 0 : indent }

    private mutating func breakLine() {
        lines.append(line)
        line = StyledLine(String(repeating: " ", count: indent))
        used = indent
    }

    private func runs(of text: String) -> [Substring] {
        var pieces: [Substring] = []
        var rest = Substring(text)
        while let first = rest.first {
            let piece = first == " " ? rest.prefix { $0 == " " } : rest.prefix { $0 != " " }
            pieces.append(piece)
            rest = rest[piece.endIndex...]
        }
        return pieces
    }
}

/// A word of one or more styles. It is taken apart from its start without a copy of the rest: a word
/// may be a megabyte long.
private struct Word {
    var pieces: [(text: Substring, style: Style)] = []

    var displayWidth: Int { pieces.reduce(0) { $0 + TerminalUI.displayWidth(of: $1.text) } }

    /// Moves what fits into so many columns to the end of a line, and answers their number. At least one
    /// character is moved, so that a wide one in a narrow line is no end without a start.
    mutating func move(columns: Int, to line: inout StyledLine) -> Int {
        var moved = 0
        while let (text, style) = pieces.first {
            var head = prefix(of: text, columns: columns - moved)
            if head.isEmpty, moved == 0 { head = text.prefix(1) }
            if head.isEmpty { break }
            line.append(String(head), style)
            moved += TerminalUI.displayWidth(of: head)
            if head.endIndex == text.endIndex {
                pieces.removeFirst()
            } else {
                pieces[0].text = text[head.endIndex...]
                break
            }
        }
        return moved
    }
}
