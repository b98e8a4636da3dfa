import OrderedJSON

/// Cuts a JSON array into the bytes of its elements, with the line and column of each.
///
/// Only strings and brackets are followed; whether an element is sound JSON is seen when it is
/// parsed, so a large file is never held as values all at once.
struct ArrayElements {
    struct Element {
        let line: Int
        let column: Int
        let bytes: ArraySlice<UInt8>
    }

    private let bytes: [UInt8]
    private var position: Int
    private var line = 1
    private var column = 1
    private var state = State.before

    private enum State {
        case before, first, inside, after
    }

    init(_ bytes: [UInt8], from start: Int) {
        self.bytes = bytes
        position = start
    }

    /// The next element, or nil after the last.
    mutating func next() throws(JSONError) -> Element? {
        if state == .before {
            skipWhiteSpace()
            advance()  // "[", which the caller has seen
            state = .first
        }
        guard state != .after else { return nil }
        skipWhiteSpace()
        if state == .first, current == UInt8(ascii: "]") {
            try finish()
            return nil
        }
        let (startLine, startColumn, start) = (line, column, position)
        try skipElement()
        let element = Element(
            line: startLine, column: startColumn, bytes: bytes[start..<position])
        if current == UInt8(ascii: "]") { try finish() } else { advance() }
        if state == .first { state = .inside }
        return element
    }

    /// Stops at the comma or the bracket after an element.
    private mutating func skipElement() throws(JSONError) {
        var depth = 0
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                skipString()
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "]"):
                if depth <= 0 { return }
                depth -= 1
            case UInt8(ascii: ","):
                if depth <= 0 { return }
            default: break
            }
            advance()
        }
        throw problem("the array does not end: expected \"]\"")
    }

    private mutating func skipString() {
        advance()
        while let byte = current {
            advance()
            if byte == UInt8(ascii: "\"") { return }
            if byte == UInt8(ascii: "\\") { advance() }
        }
    }

    /// Leaves the array; only white space may follow.
    private mutating func finish() throws(JSONError) {
        advance()
        state = .after
        skipWhiteSpace()
        if current != nil { throw problem("expected the end of the file after \"]\"") }
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipWhiteSpace() {
        while let byte = current, isWhiteSpace(byte) { advance() }
    }

    private mutating func advance() {
        guard let byte = current else { return }
        position += 1
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    private func problem(_ text: String) -> JSONError {
        JSONError(line: line, column: column, problem: text)
    }
}
