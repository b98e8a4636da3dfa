extension JSON {
    /// The value on one line without spaces, keys in their order.
    ///
    /// Numbers are the shortest text that reads back to the same `Double`; NaN and infinities,
    /// which JSON cannot write, become `null`. Only `"`, `\` and control characters are escaped.
    public var text: String {
        var bytes: [UInt8] = []
        write(to: &bytes, indent: nil)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value over several lines, indented by two spaces a level, with a final newline.
    public func prettyText() -> String {
        var bytes: [UInt8] = []
        write(to: &bytes, indent: 0)
        bytes.append(Ascii.newline)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the value; `indent` is the current level, nil for the compact form.
    private func write(to bytes: inout [UInt8], indent: Int?) {
        switch self {
        case .null: bytes += "null".utf8
        case .bool(let bool): bytes += (bool ? "true" : "false").utf8
        case .integer(let integer): bytes += String(integer).utf8
        case .number(let number):
            bytes += (number.isFinite ? number.description : "null").utf8
        case .string(let string): Self.writeString(string, to: &bytes)
        case .array(let elements):
            bytes.append(Ascii.openBracket)
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(Ascii.comma) }
                Self.startLine(&bytes, indent: indent, deeper: 1)
                element.write(to: &bytes, indent: indent.map { $0 + 1 })
            }
            if !elements.isEmpty { Self.startLine(&bytes, indent: indent, deeper: 0) }
            bytes.append(Ascii.closeBracket)
        case .object(let object):
            bytes.append(Ascii.openBrace)
            for (index, member) in object.enumerated() {
                if index > 0 { bytes.append(Ascii.comma) }
                Self.startLine(&bytes, indent: indent, deeper: 1)
                Self.writeString(member.key, to: &bytes)
                bytes.append(Ascii.colon)
                if indent != nil { bytes.append(Ascii.space) }
                member.value.write(to: &bytes, indent: indent.map { $0 + 1 })
            }
            if !object.isEmpty { Self.startLine(&bytes, indent: indent, deeper: 0) }
            bytes.append(Ascii.closeBrace)
        }
    }

    private static func startLine(_ bytes: inout [UInt8], indent: Int?, deeper: Int) {
        guard let indent else { return }
        bytes.append(Ascii.newline)
        for _ in 0..<(2 * (indent + deeper)) { bytes.append(Ascii.space) }
    }

    private static let hexDigits = Array("0123456789abcdef".utf8)

    private static func writeString(_ string: String, to bytes: inout [UInt8]) {
        bytes.append(Ascii.quote)
        for byte in string.utf8 {
            switch byte {
            case Ascii.quote, Ascii.backslash: bytes += [Ascii.backslash, byte]
            case 0x08: bytes += "\\b".utf8
            case 0x09: bytes += "\\t".utf8
            case 0x0A: bytes += "\\n".utf8
            case 0x0C: bytes += "\\f".utf8
            case 0x0D: bytes += "\\r".utf8
            case 0..<0x20:
                bytes += "\\u00".utf8
                bytes += [hexDigits[Int(byte >> 4)], hexDigits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(Ascii.quote)
    }
}

/// The bytes with a meaning in JSON.
enum Ascii {
    static let newline: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let tab: UInt8 = 0x09
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let backslash: UInt8 = 0x5C
    static let comma: UInt8 = 0x2C
    static let colon: UInt8 = 0x3A
    static let openBracket: UInt8 = 0x5B
    static let closeBracket: UInt8 = 0x5D
    static let openBrace: UInt8 = 0x7B
    static let closeBrace: UInt8 = 0x7D
    static let minus: UInt8 = 0x2D
    static let plus: UInt8 = 0x2B
    static let point: UInt8 = 0x2E
    static let zero: UInt8 = 0x30
    static let nine: UInt8 = 0x39
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}
