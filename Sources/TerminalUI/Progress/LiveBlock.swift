/// A block of lines at the bottom of a terminal that is drawn over itself, in one write a frame.
///
/// The cursor stays at the end of its last line. Terminals that know synchronized output show a
/// frame at once (https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036), others
/// ignore the two sequences. Nothing is cleared first, so nothing flickers.
struct LiveBlock {
    private var drawn: [Int] = []
    private var drawnColumns = 0

    var isDrawn: Bool { !drawn.isEmpty }

    /// The bytes that put the lines in the place of those before.
    ///
    /// - Parameter lines: Narrower than the terminal, so that none wraps.
    mutating func frame(
        _ lines: [StyledLine], columns: Int, capabilities: TerminalCapabilities
    ) -> String {
        guard capabilities.cursorControl else {
            // One line, wiped with blanks.
            let line = lines.last ?? StyledLine()
            let width = line.displayWidth
            let blanks = max(0, (drawn.last ?? 0) - width)
            drawn = [width]
            return "\r" + line.rendered(for: capabilities) + String(repeating: " ", count: blanks)
        }
        var frame = drawn.count > 1 || lines.count > 1 ? "\u{1B}[?2026h" : ""
        let isSynchronized = !frame.isEmpty
        // A narrower window has wrapped the lines anew.
        let isReflowed = columns != drawnColumns && isDrawn
        // A window that has become narrower is told of late: what is drawn until then is cut off
        // at its edge, so that the rows stay those that are counted on.
        frame += "\u{1B}[?7l" + start(columns: columns)
        if isReflowed { frame += "\u{1B}[J" }
        frame += lines.map { $0.rendered(for: capabilities) + "\u{1B}[K" }.joined(separator: "\n")
        if lines.count < drawn.count { frame += "\u{1B}[J" }
        frame += "\u{1B}[?7h"
        if isSynchronized { frame += "\u{1B}[?2026l" }
        drawn = lines.map(Self.visibleWidth)
        drawnColumns = columns
        return frame
    }

    /// Blanks at the end of a line are not written, so they do not wrap either.
    private static func visibleWidth(_ line: StyledLine) -> Int {
        let text = line.plainText
        let blanks = text.reversed().prefix { $0 == " " }.count
        return displayWidth(of: text.dropLast(blanks))
    }

    /// The bytes that leave nothing of the block.
    mutating func erasure(columns: Int, capabilities: TerminalCapabilities) -> String {
        defer { drawn = [] }
        guard isDrawn else { return "" }
        guard capabilities.cursorControl else {
            return "\r" + String(repeating: " ", count: drawn.last ?? 0) + "\r"
        }
        return start(columns: columns) + (rows(columns: columns) > 1 ? "\u{1B}[J" : "\u{1B}[K")
    }

    /// To the first column of the block's first row.
    private func start(columns: Int) -> String {
        let rows = rows(columns: columns)
        return rows > 1 ? "\r\u{1B}[\(rows - 1)A" : "\r"
    }

    /// How many rows the block takes in a window of this width.
    private func rows(columns: Int) -> Int {
        let columns = max(1, columns)
        return drawn.reduce(0) { $0 + max(1, ($1 + columns - 1) / columns) }
    }
}
