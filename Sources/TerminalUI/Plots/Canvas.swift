/// A grid of dots, 2 × 4 in every character, drawn in braille, in quarter blocks or in ASCII with the
/// same geometry.
struct Canvas {
    /// The characters that dots become.
    enum Kind: Sendable {
        case braille, block, ascii

        var isUnicode: Bool { self != .ascii }
    }

    /// What a dot looks like, and what it lies under.
    struct Ink {
        var style: Style
        /// The sign of an ASCII cell.
        var marker: Character
        /// Higher levels hide lower ones in the same cell; equal levels mix.
        var level: Int
        /// Lines without colour differ by their strokes.
        var stroke = Stroke.solid
    }

    private struct Cell {
        var bits: UInt8 = 0
        var ink = Ink(style: .plain, marker: " ", level: Int.min)
    }

    let columns: Int
    let rows: Int
    private var cells: [Cell]

    var dotColumns: Int { columns * 2 }
    var dotRows: Int { rows * 4 }

    init(columns: Int, rows: Int) {
        self.columns = columns
        self.rows = rows
        cells = Array(repeating: Cell(), count: columns * rows)
    }

    /// Sets one dot; `y` grows downwards. Dots outside are ignored.
    mutating func dot(x: Int, y: Int, ink: Ink) {
        guard x >= 0, y >= 0, x < dotColumns, y < dotRows else { return }
        let place = (y / 4) * columns + x / 2
        if ink.level < cells[place].ink.level { return }
        if ink.level > cells[place].ink.level { cells[place].bits = 0 }
        cells[place].ink = ink
        cells[place].bits |= Self.bit(column: x % 2, row: y % 4)
    }

    /// Dots from one place to another, without gaps (Bresenham).
    mutating func line(from start: (x: Int, y: Int), to end: (x: Int, y: Int), ink: Ink) {
        let dx = abs(end.x - start.x)
        let dy = -abs(end.y - start.y)
        let stepX = start.x < end.x ? 1 : -1
        let stepY = start.y < end.y ? 1 : -1
        var error = dx + dy
        var (x, y) = start
        while true {
            if ink.stroke.covers(column: x) { dot(x: x, y: y, ink: ink) }
            if x == end.x, y == end.y { return }
            let doubled = 2 * error
            if doubled >= dy {
                error += dy
                x += stepX
            }
            if doubled <= dx {
                error += dx
                y += stepY
            }
        }
    }

    /// One row of characters.
    func line(_ row: Int, kind: Kind) -> StyledLine {
        var line = StyledLine()
        for column in 0..<columns {
            let cell = cells[row * columns + column]
            if cell.bits == 0 {
                line.append(" ")
            } else {
                line.append(String(Self.character(cell, kind)), cell.ink.style)
            }
        }
        return line
    }

    private static func character(_ cell: Cell, _ kind: Kind) -> Character {
        switch kind {
        case .ascii: cell.ink.marker
        case .block: quarterBlock(cell.bits)
        case .braille: Character(Unicode.Scalar(0x2800 + UInt32(cell.bits)) ?? " ")
        }
    }

    /// Each quarter of a character stands for a column of two dots.
    private static func quarterBlock(_ bits: UInt8) -> Character {
        let quarters: [UInt8] = [0x03, 0x18, 0x44, 0xA0]
        let index = quarters.indices.reduce(0) {
            $0 | (bits & quarters[$1] == 0 ? 0 : 1 << $1)
        }
        return Array(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")[index]
    }

    /// Braille counts its dots 1 2 3 7 down the left column and 4 5 6 8 down the right.
    private static func bit(column: Int, row: Int) -> UInt8 {
        switch (column, row) {
        case (0, 3): 0x40
        case (1, 3): 0x80
        case (0, _): 1 << UInt8(row)
        default: 1 << UInt8(row + 3)
        }
    }
}
