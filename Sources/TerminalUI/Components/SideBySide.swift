/// A text with a title in a frame, alone or beside another.
public struct TextBox: Renderable {
    let title: String
    let content: any Renderable

    public init(title: String, text: String, style: Style = .plain) {
        self.init(title: title, content: Paragraph(text, style))
    }

    /// A box around anything that wraps to its width.
    public init(title: String, content: any Renderable) {
        self.title = title
        self.content = content
    }

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        lines(width: width, height: 0, capabilities: capabilities)
    }
}

/// Two texts in boxes beside each other, or one above the other where there is little room.
///
///     ┌─ left ───────────┐ ┌─ right ──────────┐
///     │ Certainly.       │ │ No idea.         │
///     └──────────────────┘ └──────────────────┘
public struct SideBySide: Renderable {
    let left: TextBox
    let right: TextBox

    /// Narrower boxes are set one above the other.
    private static let narrowestBox = 30

    public init(left: TextBox, right: TextBox) {
        self.left = left
        self.right = right
    }

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let half = (width - 1) / 2
        if half < Self.narrowestBox {
            return [left, right].flatMap {
                $0.lines(width: width, height: 0, capabilities: capabilities)
            }
        }
        let height = [left, right].map { $0.inner(width: half, capabilities: capabilities).count }
            .max()!
        let boxes = [left, right].map {
            $0.lines(width: half, height: height, capabilities: capabilities)
        }
        return zip(boxes[0], boxes[1]).map { $0 + " " + $1 }
    }
}

extension TextBox {
    fileprivate func inner(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        content.lines(width: max(1, width - 4), capabilities: capabilities)
    }

    /// - Parameter height: At least so many lines inside.
    fileprivate func lines(
        width: Int, height: Int, capabilities: TerminalCapabilities
    ) -> [StyledLine] {
        let frame = capabilities.unicode ? Frame.drawn : Frame.ascii
        let inside = max(1, width - 4)
        var content = inner(width: width, capabilities: capabilities)
        content += Array(repeating: StyledLine(), count: max(0, height - content.count))
        let name = StyledLine(title, .strong).truncated(
            to: max(0, width - 6), ellipsis: capabilities.ellipsis)
        let rest = max(0, width - 5 - name.displayWidth)
        let top =
            StyledLine(frame.topLeft + frame.line + " ", .dim) + name
            + StyledLine(" " + String(repeating: frame.line, count: rest) + frame.topRight, .dim)
        let line = String(repeating: frame.line, count: max(0, width - 2))
        let bottom = StyledLine(frame.bottomLeft + line + frame.bottomRight, .dim)
        let side = StyledLine(frame.side, .dim)
        return [top]
            + content.map { side + " " + $0.padded(to: inside) + " " + side }
            + [bottom]
    }
}

private struct Frame {
    let topLeft, topRight, bottomLeft, bottomRight, line, side: String

    static let drawn = Frame(
        topLeft: "┌", topRight: "┐", bottomLeft: "└", bottomRight: "┘", line: "─", side: "│")
    static let ascii = Frame(
        topLeft: "+", topRight: "+", bottomLeft: "+", bottomRight: "+", line: "-", side: "|")
}
