/// Rows and columns under headers, never wider than the place it gets.
///
///     step  loss
///     ────  ─────
///       10  0.412
///
/// Columns that are too wide together shrink, the widest first.
public struct Table: Renderable {
    /// What happens to a cell that is wider than its column.
    public enum Overflow: Sendable {
        case truncate, wrap
    }

    let headers: [StyledLine]
    let alignments: [TextAlignment]
    let rows: [[StyledLine]]
    let overflow: Overflow

    /// - Parameters:
    ///   - alignments: One a column; empty means numbers to the right, text to the left.
    ///   - rows: Short rows are filled with empty cells, cells beyond the headers are kept too.
    public init(
        headers: [String], alignments: [TextAlignment] = [], rows: [[String]],
        overflow: Overflow = .truncate
    ) {
        self.init(
            headers: headers, alignments: alignments,
            styledRows: rows.map { $0.map { StyledLine($0) } }, overflow: overflow)
    }

    public init(
        headers: [String], alignments: [TextAlignment] = [], styledRows: [[StyledLine]],
        overflow: Overflow = .truncate
    ) {
        self.init(
            styledHeaders: headers.map { StyledLine($0, .title) }, alignments: alignments,
            styledRows: styledRows, overflow: overflow)
    }

    init(
        styledHeaders: [StyledLine], alignments: [TextAlignment], styledRows: [[StyledLine]],
        overflow: Overflow
    ) {
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

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        if headers.isEmpty { return [] }
        let available = width - Self.gap * (headers.count - 1)
        let natural = headers.indices.map { column in
            ([headers] + rows).map { $0[column].displayWidth }.max() ?? 0
        }
        let widths = columnWidths(natural, available: available)
        let rule = widths.map {
            StyledLine(String(repeating: capabilities.unicode ? "─" : "-", count: $0), .dim)
        }
        let body = ([headers, rule] + rows).flatMap { row in
            lines(of: row, widths: widths, ellipsis: capabilities.ellipsis)
        }
        return body.map { $0.truncated(to: width, ellipsis: capabilities.ellipsis) }
    }

    private func lines(of row: [StyledLine], widths: [Int], ellipsis: String) -> [StyledLine] {
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

/// Shrinks the widest columns, step by step, until all fit; none below three columns.
func columnWidths(_ natural: [Int], available: Int) -> [Int] {
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
