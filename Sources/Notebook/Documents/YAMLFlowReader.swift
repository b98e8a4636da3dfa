import OrderedJSON

/// Reads one YAML value in flow style: a scalar, `[a, b]` or `{a: 1, b: "x"}`.
struct YAMLFlowReader {
    /// Why a value cannot be read.
    enum Problem: Error, Equatable {
        /// The text ends inside a bracket or a quotation: more lines may follow.
        case unfinished
        case unexpected(String)
        case repeatedKey(String)
        case unsupported(Character)
        case badEscape(String)

        var words: String {
            switch self {
            case .unfinished: "a bracket or a quotation is not closed"
            case .unexpected(let text): "\"\(text)\" is not expected here; put text in quotes"
            case .repeatedKey(let key): "\"\(key)\" is there twice"
            case .unsupported(let character):
                "a value that starts with \(character) is not supported; put text in quotes"
            case .badEscape(let escape): "\\\(escape) means nothing in double quotes"
            }
        }
    }

    private let characters: [Character]
    private var position = 0

    init(_ text: String) { characters = Array(text) }

    /// The value that the whole text is.
    mutating func wholeValue() throws(Problem) -> JSON {
        let value = try value(stops: "")
        try requireEnd()
        return value
    }

    /// The scalar that the whole text is: for keys.
    mutating func wholeScalar() throws(Problem) -> JSON {
        let value = try scalar(stops: "")
        try requireEnd()
        return value
    }

    private var current: Character? { position < characters.count ? characters[position] : nil }

    /// Whether a comment or the end of the text is next, behind spaces.
    private mutating func skipSpaces() {
        while current == " " || current == "\t" { position += 1 }
    }

    private mutating func requireEnd() throws(Problem) {
        skipSpaces()
        guard let next = current, next != "#" else { return }
        throw .unexpected(String(characters[position...]))
    }

    private mutating func value(stops: String) throws(Problem) -> JSON {
        skipSpaces()
        return switch current {
        case "[": try sequence()
        case "{": try mapping()
        default: try scalar(stops: stops)
        }
    }

    private mutating func sequence() throws(Problem) -> JSON {
        position += 1
        var items: [JSON] = []
        while true {
            skipSpaces()
            if try take("]") { return .array(items) }
            items.append(try value(stops: ",]"))
            try separate(before: "]")
        }
    }

    private mutating func mapping() throws(Problem) -> JSON {
        position += 1
        var object = JSONObject()
        while true {
            skipSpaces()
            if try take("}") { return .object(object) }
            let start = position
            let scalar = try scalar(stops: ",}:")
            let key = scalar.stringValue ?? String(characters[start..<position]).trimmed
            skipSpaces()
            guard object[key] == nil else { throw .repeatedKey(key) }
            if current == ":" {
                position += 1
                object[key] = try value(stops: ",}")
            } else {
                object[key] = .null
            }
            try separate(before: "}")
        }
    }

    private mutating func take(_ bracket: Character) throws(Problem) -> Bool {
        guard let next = current else { throw .unfinished }
        guard next == bracket else { return false }
        position += 1
        return true
    }

    /// Skips the comma between two elements; none is needed before the closing bracket.
    private mutating func separate(before bracket: Character) throws(Problem) {
        skipSpaces()
        guard let next = current else { throw .unfinished }
        if next == "," {
            position += 1
        } else if next != bracket {
            throw .unexpected(String(characters[position...]))
        }
    }

    private mutating func scalar(stops: String) throws(Problem) -> JSON {
        skipSpaces()
        guard let first = current else { return .null }
        if first == "\"" { return .string(try doubleQuoted()) }
        if first == "'" { return .string(try singleQuoted()) }
        if "&*!|>%@`".contains(first) { throw .unsupported(first) }
        var text = ""
        while let next = current {
            let follower = position + 1 < characters.count ? characters[position + 1] : " "
            let isInFlow = !stops.isEmpty
            if next == ":", follower == " " || (isInFlow && stops.contains(follower)) {
                if stops.contains(":") { break }
                throw .unexpected(": " + String(characters[(position + 1)...]).trimmed)
            }
            if next == "#", text.isEmpty || text.hasSuffix(" ") { break }
            if next != ":", stops.contains(next) { break }
            if isInFlow, "[]{}".contains(next) { throw .unexpected(String(next)) }
            text.append(next)
            position += 1
        }
        return Self.plain(text.trimmed)
    }

    /// What a scalar without quotes means.
    private static func plain(_ text: String) -> JSON {
        switch text {
        case "", "~", "null": return .null
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        if let integer = Int(text) { return .integer(integer) }
        let isNumeric = text.utf8.allSatisfy { "0123456789+-.eE".utf8.contains($0) }
        if isNumeric, let number = Double(text) { return .number(number) }
        return .string(text)
    }

    private mutating func singleQuoted() throws(Problem) -> String {
        position += 1
        var text = ""
        while let next = current {
            position += 1
            guard next == "'" else {
                text.append(next)
                continue
            }
            guard current == "'" else { return text }
            text.append("'")
            position += 1
        }
        throw .unfinished
    }

    private mutating func doubleQuoted() throws(Problem) -> String {
        position += 1
        var text = ""
        while let next = current {
            position += 1
            switch next {
            case "\"": return text
            case "\\": text.append(try escaped())
            default: text.append(next)
            }
        }
        throw .unfinished
    }

    private mutating func escaped() throws(Problem) -> Character {
        guard let escape = current else { throw .unfinished }
        position += 1
        switch escape {
        case "n": return "\n"
        case "t": return "\t"
        case "r": return "\r"
        case "0": return "\0"
        case "\"", "\\", "/", " ": return escape
        case "x", "u", "U":
            let count = escape == "x" ? 2 : escape == "u" ? 4 : 8
            let digits = String(characters[position...].prefix(count))
            guard digits.count == count, let code = UInt32(digits, radix: 16),
                let scalar = Unicode.Scalar(code)
            else { throw .badEscape("\(escape)\(digits)") }
            position += count
            return Character(scalar)
        default: throw .badEscape(String(escape))
        }
    }
}
