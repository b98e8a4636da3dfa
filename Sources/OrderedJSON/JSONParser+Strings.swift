extension JSONParser {
    /// Reads a string from its opening to its closing quote.
    mutating func parseString() throws(JSONProblem) -> String {
        let start = position + 1
        position = start
        while position < bytes.count {
            let byte = bytes[position]
            if byte == Ascii.quote {
                position += 1
                return String(decoding: bytes[start..<(position - 1)], as: UTF8.self)
            }
            if byte == Ascii.backslash { return try parseEscapedString(from: start) }
            if byte < 0x20 { throw unescapedControl() }
            position += 1
        }
        throw JSONProblem(offset: start - 1, text: "a string does not end")
    }

    /// The slow path: copies the bytes from `start`, replacing escapes.
    private mutating func parseEscapedString(from start: Int) throws(JSONProblem) -> String {
        var unescaped = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            if byte == Ascii.quote {
                position += 1
                return String(decoding: unescaped, as: UTF8.self)
            }
            if byte == Ascii.backslash {
                try parseEscape(into: &unescaped)
            } else if byte < 0x20 {
                throw unescapedControl()
            } else {
                unescaped.append(byte)
                position += 1
            }
        }
        throw JSONProblem(offset: start - 1, text: "a string does not end")
    }

    private mutating func parseEscape(into unescaped: inout [UInt8]) throws(JSONProblem) {
        let start = position
        position += 1
        guard position < bytes.count else { throw problem("a string does not end") }
        let letter = bytes[position]
        position += 1
        switch letter {
        case Ascii.quote, Ascii.backslash, UInt8(ascii: "/"): unescaped.append(letter)
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"):
            var code = try parseHexDigits()
            if code & 0xFC00 == 0xD800, skip(Ascii.backslash), skip(UInt8(ascii: "u")) {
                let low = try parseHexDigits()
                if low & 0xFC00 == 0xDC00 {
                    code = 0x10000 + (code & 0x3FF) << 10 + (low & 0x3FF)
                }
            }
            guard let scalar = Unicode.Scalar(code) else {
                let text = "a \\u escape is half of a surrogate pair"
                throw JSONProblem(offset: start, text: text)
            }
            unescaped += Character(scalar).utf8
        default:
            position = start
            throw problem("\"\\\" starts no escape that JSON knows")
        }
    }

    private mutating func parseHexDigits() throws(JSONProblem) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count else { throw problem("a string does not end") }
            let byte = bytes[position]
            let digit: UInt8
            switch byte {
            case Ascii.zero...Ascii.nine: digit = byte - Ascii.zero
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw problem("expected four hexadecimal digits after \"\\u\"")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }

    private func unescapedControl() -> JSONProblem {
        bytes[position] == Ascii.newline || bytes[position] == Ascii.carriageReturn
            ? problem("a string does not end on its line (write a line end as \\n)")
            : problem("a control character in a string is not escaped")
    }
}
