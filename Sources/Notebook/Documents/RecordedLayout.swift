import TerminalUI

/// What a recorded text is made of, so that a page can show it as what it is and not as a picture
/// of a terminal.
///
/// Outputs are recorded at 80 columns in the forms that `Table`, `KeyValueList`, `SideBySide` and
/// `Paragraph` draw; this reads them back. Whatever fits none of them stays as it is.
enum RecordedLayout: Equatable {
    /// Lines of prose, those that were wrapped joined again.
    case paragraph(String)
    case table(columns: [String], isNumeric: [Bool], rows: [[String]])
    case pairs([[String]])
    /// Texts in boxes: completions of two models.
    case boxes(titles: [String], texts: [String])
    case preformatted(String)

    static func blocks(of text: String) -> [RecordedLayout] {
        var blocks: [RecordedLayout] = []
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(
            RecordedLine.init)[...]
        while let line = lines.first {
            if line.isBlank {
                lines.removeFirst()
            } else if let boxes = boxes(&lines) ?? table(&lines) ?? pairs(&lines) {
                blocks.append(boxes)
            } else {
                blocks.append(prose(&lines))
            }
        }
        return blocks
    }

    // MARK: - Boxes

    private static func boxes(_ lines: inout ArraySlice<RecordedLine>) -> RecordedLayout? {
        guard let top = lines.first, top.text.hasPrefix("┌─ ") else { return nil }
        let ranges = top.boxes
        let inside = lines.dropFirst().prefix { $0.text.hasPrefix("│") }
        let end = inside.endIndex
        guard !ranges.isEmpty, end < lines.endIndex, lines[end].isBottom(of: ranges),
            top.isBlank(outside: ranges), inside.allSatisfy({ $0.isInside(ranges) }),
            ranges.allSatisfy({ top.slice($0).hasPrefix("┌─ ") })
        else { return nil }
        let titles = ranges.map { range in
            var title = Substring(top.slice(range.lowerBound + 3..<range.upperBound - 1))
            while title.last == "─" { title.removeLast() }
            return String(title).trimmed
        }
        let texts = ranges.map { range -> String in
            let content = range.lowerBound + 2..<range.upperBound - 2
            let pieces = inside.map { String($0.slice(content)).trimmingTrailingBlanks }
            return joined(pieces, width: content.count)
        }
        lines = lines[(end + 1)...]
        return .boxes(titles: titles, texts: texts)
    }

    // MARK: - Tables

    private static func table(_ lines: inout ArraySlice<RecordedLine>) -> RecordedLayout? {
        guard lines.count >= 2, let columns = lines[lines.startIndex + 1].ruledColumns,
            let header = lines.first?.cells(columns)
        else { return nil }
        var rows: [[String]] = []
        var slices: [[String]] = []
        var rest = lines.dropFirst(2)
        while let line = rest.first, !line.isBlank, let cells = line.cells(columns) {
            slices.append(cells)
            rows.append(cells.map { $0.trimmed })
            rest.removeFirst()
        }
        let isNumeric = columns.indices.map { column in
            let cells = slices.map { $0[column] }.filter { !$0.trimmed.isEmpty }
            return !cells.isEmpty
                && cells.allSatisfy {
                    !$0.hasSuffix(" ") && displayWidth(of: $0) == columns[column].count
                        && $0.trimmed.first.map { $0.isNumber || "+-−±~<>".contains($0) } == true
                }
        }
        lines = rest
        return .table(columns: header.map { $0.trimmed }, isNumeric: isNumeric, rows: rows)
    }

    // MARK: - Names and values

    private static func pairs(_ lines: inout ArraySlice<RecordedLine>) -> RecordedLayout? {
        let first = lines.prefix { $0.keyEnd != nil || ($0.isIndented && !$0.isBlank) }
        guard let column = first.compactMap(\.keyEnd).max().map({ $0 + 2 }), column <= 42,
            first.first?.keyEnd != nil
        else { return nil }
        var pairs: [[String]] = []
        var values: [[String]] = []
        var rest = lines
        while let line = rest.first, !line.isBlank, line.isBlank(column - 2..<column) {
            let key = line.slice(0..<column).trimmed
            let value = line.slice(column..<max(column, line.width))
            if value.trimmed.isEmpty { break }
            if key.isEmpty {
                guard !values.isEmpty else { break }
                values[values.count - 1].append(value)
            } else {
                guard line.keyEnd != nil else { break }
                pairs.append([key])
                values.append([value])
            }
            rest.removeFirst()
        }
        guard !pairs.isEmpty else { return nil }
        lines = rest
        return .pairs(
            zip(pairs, values).map { $0 + [joined($1, width: 80 - column).trimmed] })
    }

    // MARK: - Prose

    private static func prose(_ lines: inout ArraySlice<RecordedLine>) -> RecordedLayout {
        var taken: [RecordedLine] = []
        while let line = lines.first, !line.isBlank {
            var rest = lines
            if !taken.isEmpty, boxes(&rest) ?? table(&rest) ?? pairs(&rest) != nil { break }
            taken.append(line)
            lines.removeFirst()
        }
        let texts = taken.map { $0.text.trimmingTrailingBlanks }
        if taken.contains(where: { $0.isDrawn || $0.isIndented }) {
            return .preformatted(texts.joined(separator: "\n"))
        }
        return .paragraph(joined(texts, width: 80))
    }

    /// Joins lines where the first word of the next had no room on the line before.
    private static func joined(_ lines: [String], width: Int) -> String {
        var result = ""
        var previous = 0
        for (index, line) in lines.enumerated() {
            let word = line.prefix { $0 != " " }
            if index > 0 {
                let isWrapped =
                    !word.isEmpty && previous > 0 && previous + 1 + displayWidth(of: word) > width
                result += isWrapped ? " " : "\n"
            }
            result += line
            previous = displayWidth(of: line)
        }
        return result.trimmingFinalNewlines
    }
}

/// A line of a recorded text, cut by columns of the screen.
struct RecordedLine {
    let text: String
    let width: Int
    /// The columns where characters start, with the width of each.
    private let characters: [(character: Character, column: Int)]

    init(_ text: Substring) {
        self.text = String(text)
        var column = 0
        var characters: [(character: Character, column: Int)] = []
        for character in text {
            characters.append((character, column))
            column += displayWidth(of: String(character))
        }
        self.characters = characters
        width = column
    }

    var isBlank: Bool { text.trimmed.isEmpty }
    var isIndented: Bool { text.hasPrefix("  ") }

    /// Whether the line is a drawing: braille, blocks, frames.
    var isDrawn: Bool {
        text.unicodeScalars.contains {
            (0x2500...0x259F).contains($0.value) || (0x2800...0x28FF).contains($0.value)
        }
    }

    func slice(_ columns: Range<Int>) -> String {
        String(characters.filter { columns.contains($0.column) }.map(\.character))
    }

    func isBlank(_ columns: Range<Int>) -> Bool { slice(columns).trimmed.isEmpty }

    /// Where a name ends that two blanks part from its value.
    var keyEnd: Int? {
        guard let first = characters.first, first.character != " " else { return nil }
        for (index, place) in characters.enumerated().dropLast(2)
        where place.character == " " && characters[index + 1].character == " " {
            let rest = characters[index...].contains { $0.character != " " }
            return rest && !isDrawn ? place.column : nil
        }
        return nil
    }

    /// The columns under the rule of a table: `────  ─────`.
    var ruledColumns: [Range<Int>]? {
        guard text.hasPrefix("─"), text.allSatisfy({ $0 == "─" || $0 == " " }) else { return nil }
        var columns: [Range<Int>] = []
        for place in characters where place.character == "─" {
            if let last = columns.last, last.upperBound == place.column {
                columns[columns.count - 1] = last.lowerBound..<(place.column + 1)
            } else {
                columns.append(place.column..<(place.column + 1))
            }
        }
        return columns
    }

    /// The cells under some columns; nil when something stands between them.
    func cells(_ columns: [Range<Int>]) -> [String]? {
        for (left, right) in zip(columns, columns.dropFirst())
        where !isBlank(left.upperBound..<right.lowerBound) { return nil }
        guard let end = columns.last?.upperBound, isBlank(end..<max(end, width)) else { return nil }
        return columns.map { slice($0) }
    }

    func isBlank(outside ranges: [Range<Int>]) -> Bool {
        characters.allSatisfy { place in
            place.character == " " || ranges.contains { $0.contains(place.column) }
        }
    }

    /// Whether the line has text between the sides of boxes, and nothing elsewhere.
    func isInside(_ boxes: [Range<Int>]) -> Bool {
        isBlank(outside: boxes)
            && boxes.allSatisfy {
                slice($0.lowerBound..<$0.lowerBound + 2) == "│ "
                    && slice($0.upperBound - 2..<$0.upperBound) == " │"
            }
    }

    func isBottom(of boxes: [Range<Int>]) -> Bool {
        isBlank(outside: boxes)
            && boxes.allSatisfy {
                slice($0) == "└" + String(repeating: "─", count: $0.count - 2) + "┘"
            }
    }

    /// The columns of the boxes whose upper edge the line is.
    var boxes: [Range<Int>] {
        var ranges: [Range<Int>] = []
        var start: Int?
        for place in characters {
            if start == nil, place.character == "┌" { start = place.column }
            if let open = start, place.character == "┐", place.column - open >= 5 {
                ranges.append(open..<(place.column + 1))
                start = nil
            }
        }
        return start == nil ? ranges : []
    }
}

extension String {
    /// Without blanks at the end.
    var trimmingTrailingBlanks: String {
        var text = self[...]
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
