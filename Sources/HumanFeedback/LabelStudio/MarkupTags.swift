/// The tags of an XML text, read one after the other: enough for a labelling configuration.
///
/// Knows elements, attributes, comments, CDATA, processing instructions and the five named
/// entities; text between tags is skipped. Tags must be closed in order.
struct MarkupTags {
    struct Tag: Equatable {
        let name: String
        let attributes: [(name: String, value: String)]
        let line: Int
        /// The index, in the result, of the tag this one stands in; nil at the top.
        let parent: Int?

        subscript(attribute: String) -> String? {
            attributes.first { $0.name == attribute }?.value
        }

        static func == (left: Tag, right: Tag) -> Bool {
            left.name == right.name && left.line == right.line && left.parent == right.parent
                && left.attributes.elementsEqual(right.attributes, by: ==)
        }
    }

    struct Problem: Error, Equatable {
        let line: Int
        let text: String
    }

    private let characters: [Character]
    private var position = 0
    private var line = 1

    private init(_ text: String) { characters = Array(text) }

    /// All opening and empty tags, in the order of the text.
    static func parse(_ text: String) throws(Problem) -> [Tag] {
        var reader = MarkupTags(text)
        var tags: [Tag] = []
        var open: [Int] = []
        while reader.skip(past: "<") {
            if reader.take("!--") {
                try reader.require("-->", toEnd: "a comment")
            } else if reader.take("![CDATA[") {
                try reader.require("]]>", toEnd: "a CDATA section")
            } else if reader.take("?") || reader.take("!") {
                try reader.require(">", toEnd: "a declaration")
            } else if reader.take("/") {
                let name = try reader.name()
                reader.skipSpace()
                guard reader.take(">") else { throw reader.problem("</\(name) does not end") }
                guard let last = open.popLast(), tags[last].name == name else {
                    throw reader.problem("</\(name)> closes a tag that is not open")
                }
            } else {
                let tag = try reader.tag(parent: open.last)
                tags.append(tag.tag)
                if !tag.isEmpty { open.append(tags.count - 1) }
            }
        }
        if let last = open.last {
            throw Problem(line: tags[last].line, text: "<\(tags[last].name)> is never closed")
        }
        return tags
    }

    private mutating func tag(parent: Int?) throws(Problem) -> (tag: Tag, isEmpty: Bool) {
        let start = line
        let name = try name()
        var attributes: [(name: String, value: String)] = []
        while true {
            skipSpace()
            let isEmpty = take("/>")
            if isEmpty || take(">") {
                let tag = Tag(name: name, attributes: attributes, line: start, parent: parent)
                return (tag, isEmpty)
            }
            if position == characters.count { throw problem("<\(name) does not end") }
            let attribute = try self.name()
            skipSpace()
            guard take("=") else { throw problem("the attribute \(attribute) has no value") }
            skipSpace()
            guard let quote = ["\"", "'"].first(where: { take($0) }) else {
                throw problem("the value of \(attribute) is not in quotes")
            }
            let from = position
            try require(quote, toEnd: "the value of \(attribute)")
            let value = Self.unescaped(String(characters[from..<(position - 1)]))
            attributes.append((attribute, value))
        }
    }

    private mutating func name() throws(Problem) -> String {
        let start = position
        while position < characters.count, Self.belongsToName(characters[position]) {
            position += 1
        }
        if start == position { throw problem("a name is missing after \"<\" or in a tag") }
        return String(characters[start..<position])
    }

    private static func belongsToName(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || "-_.:".contains(character)
    }

    private mutating func skipSpace() {
        while position < characters.count, characters[position].isWhitespace { advance() }
    }

    private mutating func advance() {
        if characters[position].isNewline { line += 1 }
        position += 1
    }

    private mutating func take(_ text: String) -> Bool {
        guard characters[position...].starts(with: text) else { return false }
        for _ in text { advance() }
        return true
    }

    private mutating func skip(past text: String) -> Bool {
        while position < characters.count {
            if take(text) { return true }
            advance()
        }
        return false
    }

    private mutating func require(_ text: String, toEnd what: String) throws(Problem) {
        let start = line
        guard skip(past: text) else {
            throw Problem(line: start, text: "\(what) does not end: expected \(text)")
        }
    }

    private func problem(_ text: String) -> Problem { Problem(line: line, text: text) }

    /// Replaces `&amp;` and its kind; other ampersands stay as they are.
    static func unescaped(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        while let ampersand = rest.firstIndex(of: "&") {
            result += rest[..<ampersand]
            rest = rest[ampersand...]
            if let end = rest.firstIndex(of: ";"), let character = entity(rest[..<end].dropFirst())
            {
                result.append(character)
                rest = rest[rest.index(after: end)...]
            } else {
                result.append("&")
                rest = rest.dropFirst()
            }
        }
        return result + rest
    }

    private static func entity(_ name: Substring) -> Character? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let digits = name.dropFirst()
            let code =
                digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
            return code.flatMap(Unicode.Scalar.init).map(Character.init)
        }
    }
}
