import OrderedJSON

/// Values as YAML that ``YAMLReader`` and every other reader understands: one line, flow style.
enum YAMLText {
    /// The lines `key: value` of a mapping.
    static func lines(_ object: JSONObject) -> [String] {
        object.map { scalar($0.key) + ": " + flow($0.value) }
    }

    static func flow(_ json: JSON) -> String {
        switch json {
        case .array(let items): "[" + items.map(flow).joined(separator: ", ") + "]"
        case .object(let object): "{" + lines(object).joined(separator: ", ") + "}"
        case .string(let text): scalar(text)
        default: json.text
        }
    }

    /// A text, in quotes where it could be read as anything else.
    private static func scalar(_ text: String) -> String {
        let isPlain =
            text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || " -_/.".utf8.contains($0)
            } && text.first?.isLetter == true && text.last != " "
        // Words that some reader of YAML 1.1 or 1.2 takes for true, false, nothing or a number.
        let words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"]
        if isPlain, !words.contains(text.lowercased()) { return text }
        // A JSON string is a double-quoted YAML string, but for two of its escapes.
        var quoted = JSON.string(text).text
        for (escape, code) in [("\\b", "\\x08"), ("\\f", "\\x0c")] {
            quoted = replacing(escape, with: code, in: quoted)
        }
        return quoted
    }

    /// Replaces an escape, but not the second half of an escaped backslash.
    private static func replacing(
        _ escape: String, with code: String, in text: String
    ) -> String {
        var result = ""
        var rest = Array(text)[...]
        while let character = rest.popFirst() {
            guard character == "\\", let next = rest.popFirst() else {
                result.append(character)
                continue
            }
            let found = String([character, next])
            result += found == escape ? code : found
        }
        return result
    }
}
