/// One line of styled text from Markdown's inline marks: `code`, **strong**, *emphasis*, links with the
/// addresses that lead away.
func markdownLine(_ source: String, base: Style = .plain) -> StyledLine {
    var reader = InlineReader(Array(source), base: base, depth: 0)
    return reader.line()
}

private struct InlineReader {
    let characters: [Character]
    let base: Style
    let depth: Int
    private var index = 0
    private var output = StyledLine()
    private var plain = ""
    /// Marks that do not come any more: what is full of open brackets is read in one go.
    private var absent: Set<String> = []

    /// Marks within marks; deeper ones stand as they are.
    private static let deepest = 8

    init(_ characters: [Character], base: Style, depth: Int) {
        self.characters = characters
        self.base = base
        self.depth = depth
    }

    /// What stands between two marks.
    private func inner(_ range: Range<Int>, _ style: Style) -> StyledLine {
        var reader = InlineReader(Array(characters[range]), base: style, depth: depth + 1)
        return reader.line()
    }

    mutating func line() -> StyledLine {
        while index < characters.count {
            if !readMark() {
                plain.append(characters[index])
                index += 1
            }
        }
        flush()
        return output
    }

    /// Reads one marked piece, if one starts here and is closed.
    private mutating func readMark() -> Bool {
        if depth > Self.deepest { return false }
        return switch characters[index] {
        case "\\": readEscape()
        case "`": readCode()
        case "*", "_": readEmphasis()
        case "!" where peek(1) == "[":
            readLink(from: index + 1)
        case "[": readLink(from: index)
        case "<": readAddress()
        default: false
        }
    }

    private mutating func readEscape() -> Bool {
        guard let next = peek(1), next.isPunctuation || next.isSymbol else { return false }
        plain.append(next)
        index += 2
        return true
    }

    private mutating func readCode() -> Bool {
        let mark = characters[index...].prefix { $0 == "`" }.count
        let start = index + mark
        guard let end = find(String(repeating: "`", count: mark), from: start) else {
            // A run of marks that is never closed is text as a whole.
            plain += String(repeating: "`", count: mark)
            index = start
            return true
        }
        add(StyledLine(trimmed(String(characters[start..<end])), .code))
        index = end + mark
        return true
    }

    private mutating func readEmphasis() -> Bool {
        let sign = characters[index]
        let isDouble = peek(1) == sign
        let mark = String(repeating: sign, count: isDouble ? 2 : 1)
        let start = index + mark.count
        // An underscore inside a word is a letter: snake_case.
        let before = index > 0 ? characters[index - 1] : " "
        if sign == "_", before.isLetter || before.isNumber { return false }
        guard start < characters.count, !characters[start].isWhitespace,
            let end = closing(mark, from: start)
        else { return false }
        let style: Style = isDouble ? .strong : .emphasis
        add(inner(start..<end, style))
        index = end + mark.count
        return true
    }

    private mutating func readLink(from bracket: Int) -> Bool {
        guard !absent.contains(")"), let end = find("](", from: bracket + 1),
            let close = find(")", from: end + 2)
        else { return false }
        add(inner((bracket + 1)..<end, base))
        // An address within the same folder says nothing that the text does not say.
        let address = String(characters[(end + 2)..<close].prefix { !$0.isWhitespace })
        if address.contains(":") { plain += " (" + address + ")" }
        index = close + 1
        return true
    }

    private mutating func readAddress() -> Bool {
        guard let end = find(">", from: index + 1) else { return false }
        let address = String(characters[(index + 1)..<end])
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else { return false }
        plain += address
        index = end + 1
        return true
    }

    // MARK: Searching

    private func peek(_ distance: Int) -> Character? {
        index + distance < characters.count ? characters[index + distance] : nil
    }

    private mutating func find(_ mark: String, from start: Int) -> Int? {
        if absent.contains(mark) { return nil }
        let signs = Array(mark)
        var place = start
        while place + signs.count <= characters.count {
            if characters[place] == signs[0],
                characters[place..<(place + signs.count)].elementsEqual(signs)
            {
                return place
            }
            place += 1
        }
        absent.insert(mark)
        return nil
    }

    /// A closing mark stands after a character that is not blank, and is not part of a longer one.
    private mutating func closing(_ mark: String, from start: Int) -> Int? {
        var place = find(mark, from: start)
        while let found = place {
            let after = found + mark.count
            let next = after < characters.count ? characters[after] : " "
            let isLonger =
                next == mark.first || (mark.count == 1 && characters[found - 1] == mark.first)
            let isInsideWord = mark.first == "_" && (next.isLetter || next.isNumber)
            if found > start, !characters[found - 1].isWhitespace, !isLonger, !isInsideWord {
                return found
            }
            place = find(mark, from: found + 1)
        }
        absent.insert(mark)
        return nil
    }

    private mutating func add(_ line: StyledLine) {
        flush()
        output += line
    }

    private mutating func flush() {
        output.append(plain, base)
        plain = ""
    }
}
