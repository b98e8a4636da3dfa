/// Rows and columns under headers, never wider than the place it gets.
///
///     step  loss
///     ────  ─────
///       10  0.412
///
/// Columns that are too wide together shrink, the widest first; short numbers are not cut. Where even
/// that leaves nothing to read, a row becomes a few lines.
public struct Table: Renderable {
    /// What happens to a cell that is wider than its column.
    public enum Overflow: Sendable {
        case truncate, wrap
    }

    let headers: [StyledLine]
    let alignments: [TextAlignment]
    let rows: [[StyledLine]]
    let overflow: Overflow
    let optional: [Int]

    /// - Parameters:
    ///   - alignments: One a column; empty means numbers to the right, text to the left.
    ///   - rows: Short rows are filled with empty cells, cells beyond the headers are kept too.
    ///   - optional: Columns that are left out where there is little room, the first to go first.
    public init(
        headers: [String], alignments: [TextAlignment] = [], rows: [[String]],
        overflow: Overflow = .truncate, optional: [Int] = []
    ) {
        self.init(
            headers: headers, alignments: alignments,
            styledRows: rows.map { $0.map { StyledLine($0) } }, overflow: overflow,
            optional: optional)
    }

    public init(
        headers: [String], alignments: [TextAlignment] = [], styledRows: [[StyledLine]],
        overflow: Overflow = .truncate, optional: [Int] = []
    ) {
        self.init(
            styledHeaders: headers.map { StyledLine($0, .title) }, alignments: alignments,
            styledRows: styledRows, overflow: overflow, optional: optional)
    }

    init(
        styledHeaders: [StyledLine], alignments: [TextAlignment], styledRows: [[StyledLine]],
        overflow: Overflow, optional: [Int] = []
    ) {
        self.optional = optional
        let count = max(styledHeaders.count, styledRows.map(\.count).max() ?? 0)
        func filled(_ cells: [StyledLine]) -> [StyledLine] {
            cells + Array(repeating: StyledLine(), count: count - cells.count)
        }
        headers = filled(styledHeaders)
        rows = styledRows.map(filled)
        self.alignments = (0..<count).map { column in
            column < alignments.count
                ? alignments[column] : Self.natural(styledRows.map { filled($0)[column] })
        }
        self.overflow = overflow
    }

    private static func natural(_ cells: [StyledLine]) -> TextAlignment {
        let texts = cells.map(\.plainText).filter { !$0.isEmpty && $0 != "–" && $0 != "-" }
        return !texts.isEmpty && texts.allSatisfy(looksLikeNumber) ? .right : .left
    }

    private static let gap = 2
    /// A window in which wide tables are told row by row.
    private static let narrow = 60
    /// A number that is longer is rather a text, in a window of the usual width.
    private static let longestNumber = 12

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        if headers.isEmpty { return [] }
        let natural = headers.indices.map { column in
            ([headers] + rows).map { $0[column].displayWidth }.max() ?? 0
        }
        var columns = Array(headers.indices)
        for column in optional where comfortable(columns, natural, label: 24) > width {
            columns.removeAll { $0 == column }
        }
        let isNarrow = width < Self.narrow
        if overflow == .truncate, columns.count > 2, isNarrow,
            comfortable(columns, natural, label: 12) > width
        {
            return rowByRow(columns, width: width).map {
                $0.truncated(to: width, ellipsis: capabilities.ellipsis)
            }
        }
        let widths = columnWidths(
            columns.map { natural[$0] }, available: width - Self.gap * (columns.count - 1),
            fixed: columns.indices.filter {
                alignments[columns[$0]] == .right
                    && (isNarrow || natural[columns[$0]] <= Self.longestNumber)
            })
        let rule = widths.map {
            StyledLine(String(repeating: capabilities.unicode ? "─" : "-", count: $0), .dim)
        }
        let shown = ([headers] + rows).map { row in columns.map { row[$0] } }
        let body = ([shown[0], rule] + shown.dropFirst()).flatMap { row in
            lines(
                of: row, widths: widths, alignments: columns.map { alignments[$0] },
                ellipsis: capabilities.ellipsis)
        }
        return body.map { $0.truncated(to: width, ellipsis: capabilities.ellipsis) }
    }

    /// How wide the table must be for some columns to say something: the numbers, the beginnings of
    /// texts, and so much of the first column.
    private func comfortable(_ columns: [Int], _ natural: [Int], label: Int) -> Int {
        columns.reduce(Self.gap * (columns.count - 1)) { sum, column in
            let enough =
                alignments[column] == .right ? natural[column] : column == 0 ? label : 12
            return sum + min(natural[column], enough)
        }
    }

    /// Every row below its first cell, a line for each of the others, so that nothing is cut.
    private func rowByRow(_ columns: [Int], width: Int) -> [StyledLine] {
        let first = columns[0]
        let header = headers[first].displayWidth == 0 ? [] : headers[first].wrapped(to: width)
        return header
            + rows.flatMap { row in
                row[first].wrapped(to: width)
                    + columns.dropFirst().filter { row[$0].displayWidth > 0 }.flatMap { column in
                        let name = StyledLine("  " + headers[column].plainText + "  ", .dim)
                        return (name + row[column]).wrapped(to: width, hangingIndent: 4)
                    }
            }
    }

    private func lines(
        of row: [StyledLine], widths: [Int], alignments: [TextAlignment], ellipsis: String
    ) -> [StyledLine] {
        let cells = zip(row, widths).map { cell, width in
            switch overflow {
            case .truncate: [cell.truncated(to: width, ellipsis: ellipsis)]
            case .wrap: cell.wrapped(to: max(1, width))
            }
        }
        let height = cells.map(\.count).max() ?? 0
        return (0..<height).map { index in
            var line = StyledLine()
            for column in row.indices {
                if column > 0 { line.append(String(repeating: " ", count: Self.gap)) }
                let cell = index < cells[column].count ? cells[column][index] : StyledLine()
                line += cell.padded(to: widths[column], alignment: alignments[column])
            }
            return line
        }
    }
}

/// Shrinks the widest columns, step by step, until all fit; none below three columns, and those that
/// are fixed only where the others are not enough.
func columnWidths(_ natural: [Int], available: Int, fixed: [Int] = []) -> [Int] {
    let others = natural.indices.filter { !fixed.contains($0) }
    let room = available - fixed.reduce(0) { $0 + natural[$1] }
    if !fixed.isEmpty, !others.isEmpty, room >= 3 * others.count {
        var widths = natural
        let shrunk = columnWidths(others.map { natural[$0] }, available: room)
        for (index, width) in zip(others, shrunk) { widths[index] = width }
        return widths
    }
    var widths = natural
    var total = widths.reduce(0, +)
    while total > available {
        guard let widest = widths.max(), widest > 3 else { break }
        let next = max(3, widths.filter { $0 < widest }.max() ?? 3)
        let tied = widths.indices.filter { widths[$0] == widest }
        let excess = total - available
        if excess < (widest - next) * tied.count {
            // One level lower for all of them, and what is left from the last ones.
            for (place, index) in tied.reversed().enumerated() {
                widths[index] -= excess / tied.count + (place < excess % tied.count ? 1 : 0)
            }
        } else {
            for index in tied { widths[index] = next }
        }
        total = widths.reduce(0, +)
    }
    return widths
}

/// "12", "-0.3", "1,234", "60%", "1.2e-5", "38.2 MB" and "± 0.1" count as numbers.
private func looksLikeNumber(_ text: String) -> Bool {
    let start = text.drop { "+-−±~<> ".contains($0) }
    return start.first?.isNumber == true || ["NaN", "inf"].contains(String(start))
}
