import OrderedJSON

/// The bytes and texts of Jupyter notebooks.
enum NotebookText {
    /// JSON as Python's `json.dumps(indent=1, sort_keys=True, ensure_ascii=False)` writes it.
    static func canonical(_ json: JSON, indent: Int = 1) -> String {
        let start = "\n" + String(repeating: " ", count: indent)
        let end = "\n" + String(repeating: " ", count: indent - 1)
        switch json {
        case .array(let items) where !items.isEmpty:
            let texts = items.map { canonical($0, indent: indent + 1) }
            return "[" + start + texts.joined(separator: "," + start) + end + "]"
        case .object(let object) where !object.isEmpty:
            let members = object.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            let texts = members.map {
                JSON.string($0.key).text + ": " + canonical($0.value, indent: indent + 1)
            }
            return "{" + start + texts.joined(separator: "," + start) + end + "}"
        default: return json.text
        }
    }

    /// A text as nbformat keeps it: a list of lines, each but the last with its line end.
    ///
    /// Lines end where Python's `splitlines` ends them, so that Jupyter writes the same list.
    static func lines(_ text: String) -> JSON {
        var lines: [JSON] = []
        var line = ""
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            line.unicodeScalars.append(scalar)
            guard endsLine(scalar), !(scalar == "\r" && rest.first == "\n") else { continue }
            lines.append(.string(line))
            line = ""
        }
        if !line.isEmpty { lines.append(.string(line)) }
        return .array(lines)
    }

    private static func endsLine(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// A text that is one string or a list of them; nil for anything else.
    static func joined(_ json: JSON?) -> String? {
        if let text = json?.stringValue { return text }
        guard let pieces = json?.arrayValue else { return nil }
        let texts = pieces.compactMap(\.stringValue)
        return texts.count == pieces.count ? texts.joined() : nil
    }

    /// Whether a text can be the id of a cell.
    static func isCellID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0 | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                    || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
            }
    }
}
