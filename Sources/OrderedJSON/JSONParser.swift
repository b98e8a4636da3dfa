extension JSON {
    /// Reads a whole text as one JSON value (RFC 8259).
    ///
    /// Refused, with line and column: bytes that are not UTF-8, repeated keys, text after the
    /// value, comments, trailing commas, `NaN`, numbers beyond `Double`, half surrogate pairs, and
    /// more than 512 levels. A byte order mark at the start is skipped.
    ///
    /// - Throws: `JSONError`.
    public init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// Reads bytes as one JSON value; see `init(parsing:)` for what is refused.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8.
    ///   - firstLine: The number of the first line, for a line of a JSON lines file.
    /// - Throws: `JSONError`.
    public init(parsing bytes: [UInt8], firstLine: Int = 1) throws(JSONError) {
        do {
            try JSONParser.checkUTF8(bytes)
            var parser = JSONParser(bytes)
            self = try parser.parseDocument()
        } catch {
            throw JSONError(error, in: bytes, firstLine: firstLine)
        }
    }

    /// Reads a line of a JSON lines file; see `JSONLines`.
    ///
    /// - Throws: `JSONError`.
    public init(parsing bytes: ArraySlice<UInt8>, firstLine: Int = 1) throws(JSONError) {
        try self.init(parsing: Array(bytes), firstLine: firstLine)
    }
}

/// A problem at a byte offset; lines and columns are counted only when there is one.
struct JSONProblem: Error {
    let offset: Int
    let text: String
}

extension JSONError {
    fileprivate init(_ problem: JSONProblem, in bytes: [UInt8], firstLine: Int) {
        var line = firstLine
        var column = 1
        for byte in bytes[..<min(problem.offset, bytes.count)] {
            if byte == Ascii.newline {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        self.init(line: line, column: column, problem: problem.text)
    }
}

/// A recursive-descent reader over bytes known to be UTF-8.
struct JSONParser {
    static let greatestDepth = 512

    let bytes: [UInt8]
    var position: Int
    private var depth = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        position = bytes.starts(with: Ascii.byteOrderMark) ? 3 : 0
    }

    static func checkUTF8(_ bytes: [UInt8]) throws(JSONProblem) {
        do {
            _ = try UTF8Span(validating: bytes.span)
        } catch {
            let offset = error.byteOffsets.lowerBound
            throw JSONProblem(offset: offset, text: JSONError.encodingProblem)
        }
    }

    mutating func parseDocument() throws(JSONProblem) -> JSON {
        skipWhiteSpace()
        if position == bytes.count { throw problem("there is no JSON value, only white space") }
        let value = try parseValue()
        skipWhiteSpace()
        if position < bytes.count {
            throw problem("expected the end, found \(found) after the value")
        }
        return value
    }

    private mutating func parseValue() throws(JSONProblem) -> JSON {
        guard position < bytes.count else { throw problem("expected a value, found \(found)") }
        switch bytes[position] {
        case Ascii.quote: return .string(try parseString())
        case Ascii.openBrace: return try parseObject()
        case Ascii.openBracket: return try parseArray()
        case Ascii.minus, Ascii.zero...Ascii.nine: return try parseNumber()
        default:
            if skip(word: "true") { return .bool(true) }
            if skip(word: "false") { return .bool(false) }
            if skip(word: "null") { return .null }
            throw problem("expected a value, found \(found)")
        }
    }

    private mutating func parseArray() throws(JSONProblem) -> JSON {
        try enter()
        var elements: [JSON] = []
        skipWhiteSpace()
        if !skip(Ascii.closeBracket) {
            while true {
                skipWhiteSpace()
                elements.append(try parseValue())
                skipWhiteSpace()
                if skip(Ascii.closeBracket) { break }
                guard skip(Ascii.comma) else {
                    throw problem("expected \",\" or \"]\" in an array, found \(found)")
                }
            }
        }
        depth -= 1
        return .array(elements)
    }

    private mutating func parseObject() throws(JSONProblem) -> JSON {
        try enter()
        var object = JSONObject()
        skipWhiteSpace()
        if !skip(Ascii.closeBrace) {
            while true {
                skipWhiteSpace()
                let start = position
                guard start < bytes.count, bytes[start] == Ascii.quote else {
                    throw problem("expected a key in double quotes, found \(found)")
                }
                let key = try parseString()
                skipWhiteSpace()
                guard skip(Ascii.colon) else {
                    throw problem("expected \":\" after a key, found \(found)")
                }
                skipWhiteSpace()
                let value = try parseValue()
                guard object.append(key, value) else {
                    throw JSONProblem(
                        offset: start, text: "the key \(JSON.string(key).text) is there twice")
                }
                skipWhiteSpace()
                if skip(Ascii.closeBrace) { break }
                guard skip(Ascii.comma) else {
                    throw problem("expected \",\" or \"}\" in an object, found \(found)")
                }
            }
        }
        depth -= 1
        return .object(object)
    }

    private mutating func enter() throws(JSONProblem) {
        depth += 1
        if depth > Self.greatestDepth {
            throw problem("more than \(Self.greatestDepth) levels of arrays and objects")
        }
        position += 1
    }

    private mutating func parseNumber() throws(JSONProblem) -> JSON {
        let start = position
        var isInteger = true
        let isNegative = skip(Ascii.minus)
        let firstDigit = position
        var integer = 0
        var fits = true
        while position < bytes.count, isDigit(bytes[position]) {
            let digit = Int(bytes[position] - Ascii.zero)
            let (product, overflowed) = integer.multipliedReportingOverflow(by: 10)
            let (sum, overflowedToo) =
                isNegative
                ? product.subtractingReportingOverflow(digit)
                : product.addingReportingOverflow(digit)
            integer = sum
            if overflowed || overflowedToo { fits = false }
            position += 1
        }
        if position == firstDigit { throw problem("expected a digit, found \(found)") }
        if bytes[firstDigit] == Ascii.zero, position - firstDigit > 1 {
            throw JSONProblem(offset: start, text: "a number starts with a needless 0")
        }
        if skip(Ascii.point) {
            isInteger = false
            try skipDigits()
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            isInteger = false
            if !skip(Ascii.plus) { _ = skip(Ascii.minus) }
            try skipDigits()
        }
        // "-0" is kept as a number: an integer has no negative zero.
        if isInteger, fits, !(isNegative && integer == 0) { return .integer(integer) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            throw JSONProblem(offset: start, text: "the number \(text) is too large")
        }
        return .number(number)
    }

    private mutating func skipDigits() throws(JSONProblem) {
        guard position < bytes.count, isDigit(bytes[position]) else {
            throw problem("expected a digit, found \(found)")
        }
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
    }
}

extension JSONParser {
    mutating func skipWhiteSpace() {
        while position < bytes.count, isWhiteSpace(bytes[position]) { position += 1 }
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func skip(word: StaticString) -> Bool {
        let letters = word.description.utf8
        guard bytes[position...].starts(with: letters) else { return false }
        position += letters.count
        return true
    }

    func isDigit(_ byte: UInt8) -> Bool { byte >= Ascii.zero && byte <= Ascii.nine }

    func problem(_ text: String) -> JSONProblem { JSONProblem(offset: position, text: text) }

    /// What stands at the current position, in words.
    var found: String {
        guard position < bytes.count else { return "the end of the text" }
        let byte = bytes[position]
        if byte == Ascii.newline || byte == Ascii.carriageReturn { return "the end of the line" }
        if byte < 0x20 || byte == 0x7F { return "a control character" }
        let word = bytes[position...].prefix(12).prefix { isWordByte($0) }
        if !word.isEmpty { return "\"" + String(decoding: word, as: UTF8.self) + "\"" }
        let rest = String(decoding: bytes[position...].prefix(4), as: UTF8.self)
        return "\"" + String(rest.unicodeScalars.prefix(1)) + "\""
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20) >= UInt8(ascii: "a") && (byte | 0x20) <= UInt8(ascii: "z")
    }
}
