import OrderedJSON

/// The part of YAML that tutorials use, read into ordered JSON.
///
/// Block mappings and sequences, flow mappings and sequences over one or more lines, plain and
/// quoted scalars, comments. Anchors, tags, block scalars (`|`, `>`) and several documents are
/// refused with the line. Scalars follow YAML 1.2: only `true`, `false`, `null` and `~` are special
/// words.
struct YAMLReader {
    /// What was read, and on which line each key stands: `rlhf.expect.accuracy` → 7.
    struct Result: Equatable, Sendable {
        var value: JSON
        fileprivate(set) var keyLines: [String: Int] = [:]
    }

    private struct Line {
        var number: Int
        var indent: Int
        /// The text after the indentation.
        var text: String
    }

    private let path: String
    private var lines: [Line] = []
    private var position = 0
    private var keyLines: [String: Int] = [:]

    /// Reads some lines of a file; `firstLine` is the number of the first.
    ///
    /// - Throws: `DocumentError.badYAML`.
    static func read(
        _ lines: some Sequence<String>, path: String, firstLine: Int
    ) throws(DocumentError) -> Result {
        var reader = try YAMLReader(lines, path: path, firstLine: firstLine)
        guard let first = reader.lines.first else { return Result(value: .object(JSONObject())) }
        let value = try reader.block(indent: first.indent, keyPath: "")
        if let extra = reader.current {
            throw reader.error(extra, "the indentation fits no line above")
        }
        return Result(value: value, keyLines: reader.keyLines)
    }

    private init(
        _ lines: some Sequence<String>, path: String, firstLine: Int
    ) throws(DocumentError) {
        self.path = path
        var number = firstLine
        for line in lines {
            let indent = line.leadingSpaces
            let text = String(line.utf8.dropFirst(indent)) ?? ""
            if text.hasPrefix("\t") {
                throw .badYAML(
                    path: path, line: number, problem: "indent with spaces, not with a tab")
            }
            if !text.trimmed.isEmpty, !text.hasPrefix("#") {
                self.lines.append(Line(number: number, indent: indent, text: text.trimmed))
            }
            number += 1
        }
    }

    private var current: Line? { position < lines.count ? lines[position] : nil }

    private func error(_ line: Line, _ problem: String) -> DocumentError {
        .badYAML(path: path, line: line.number, problem: problem)
    }

    private mutating func block(indent: Int, keyPath: String) throws(DocumentError) -> JSON {
        guard let line = current else { return .null }
        if isItem(line) { return try sequence(indent: indent, keyPath: keyPath) }
        if line.text.hasPrefix("{") || line.text.hasPrefix("[") || keyEnd(line.text) == nil {
            position += 1
            return try scalarOrFlow(line.text, line, keyPath: keyPath)
        }
        return try mapping(indent: indent, keyPath: keyPath)
    }

    private func isItem(_ line: Line) -> Bool { line.text == "-" || line.text.hasPrefix("- ") }

    private mutating func sequence(indent: Int, keyPath: String) throws(DocumentError) -> JSON {
        var items: [JSON] = []
        while let line = current, line.indent == indent, isItem(line) {
            let rest = String(line.text.dropFirst()).trimmed
            let itemPath = "\(keyPath)[\(items.count)]"
            guard rest != "-", !rest.hasPrefix("- ") else {
                throw error(line, "a list in a list is written [[x]]")
            }
            if rest.isEmpty || rest.hasPrefix("#") {
                position += 1
                items.append(try nested(under: indent, keyPath: itemPath))
            } else if keyEnd(rest) != nil, !rest.hasPrefix("{"), !rest.hasPrefix("[") {
                // A mapping that starts behind the dash continues below its first key.
                let inner = indent + line.text.count - rest.count
                lines[position] = Line(number: line.number, indent: inner, text: rest)
                items.append(try mapping(indent: inner, keyPath: itemPath))
            } else {
                position += 1
                items.append(try scalarOrFlow(rest, line, keyPath: itemPath))
            }
        }
        try refuseDeeper(than: indent)
        return .array(items)
    }

    private mutating func mapping(indent: Int, keyPath: String) throws(DocumentError) -> JSON {
        var object = JSONObject()
        while let line = current, line.indent == indent, !isItem(line) {
            guard let (key, rest) = try splitKey(line) else {
                throw error(line, "a line \"key: value\" was expected")
            }
            guard object[key] == nil else { throw error(line, "\"\(key)\" is there twice") }
            let path = keyPath.isEmpty ? key : "\(keyPath).\(key)"
            keyLines[path] = line.number
            position += 1
            if rest.isEmpty || rest.hasPrefix("#") {
                if let next = current, next.indent == indent, isItem(next) {
                    object[key] = try sequence(indent: indent, keyPath: path)
                } else {
                    object[key] = try nested(under: indent, keyPath: path)
                }
            } else {
                object[key] = try scalarOrFlow(rest, line, keyPath: path)
            }
        }
        try refuseDeeper(than: indent)
        return .object(object)
    }

    private mutating func nested(under indent: Int, keyPath: String) throws(DocumentError) -> JSON {
        guard let next = current, next.indent > indent else { return .null }
        return try block(indent: next.indent, keyPath: keyPath)
    }

    private func refuseDeeper(than indent: Int) throws(DocumentError) {
        guard let line = current, line.indent > indent else { return }
        throw error(line, "the indentation fits no line above")
    }

    /// The key of a line and the text behind its colon; nil when there is no key.
    private func splitKey(_ line: Line) throws(DocumentError) -> (key: String, rest: String)? {
        guard let end = keyEnd(line.text) else { return nil }
        var reader = YAMLFlowReader(String(line.text[..<end]))
        do {
            let key = try reader.wholeScalar()
            let rest = String(line.text[line.text.index(after: end)...]).trimmed
            return (key.stringValue ?? String(line.text[..<end]).trimmed, rest)
        } catch {
            throw self.error(line, error.words)
        }
    }

    /// The colon that ends the key: outside quotes, before a space or the end of the line.
    private func keyEnd(_ text: String) -> String.Index? {
        var quote: Character?
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            let next = text.index(after: index)
            if let open = quote {
                if character == open { quote = nil }
            } else if index == text.startIndex, character == "\"" || character == "'" {
                quote = character
            } else if character == "#", index > text.startIndex,
                text[text.index(before: index)] == " "
            {
                return nil
            } else if character == ":", next == text.endIndex || text[next] == " " {
                return index
            }
            index = next
        }
        return nil
    }

    /// A value that starts on `line`; a flow collection takes as many lines as it needs.
    private mutating func scalarOrFlow(
        _ text: String, _ line: Line, keyPath: String
    ) throws(DocumentError) -> JSON {
        var text = text
        while true {
            var reader = YAMLFlowReader(text)
            do {
                let value = try reader.wholeValue()
                note(value, at: keyPath, line.number)
                return value
            } catch {
                guard error == .unfinished, let next = current else {
                    throw self.error(line, error.words)
                }
                text += " " + next.text
                position += 1
            }
        }
    }

    /// Keys inside a flow collection stand on the line where it starts.
    private mutating func note(_ value: JSON, at keyPath: String, _ line: Int) {
        for (key, child) in value.objectValue ?? JSONObject() {
            let path = keyPath.isEmpty ? key : "\(keyPath).\(key)"
            keyLines[path] = line
            note(child, at: path, line)
        }
    }
}
