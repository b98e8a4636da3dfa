/// The four classes of characters that the splitting rule tells apart.
///
/// Letters are `\p{L}`, numbers `\p{N}`, white space the White_Space property, all as in
/// Unicode 16: the version of the regular expressions in the `tokenizers` library. Characters
/// that are younger count as `other`, so a newer Swift does not change how a text is split.
enum ScalarClass {
    case letter, number, whiteSpace, other

    private static let newestVersion = 16

    /// The class of the character at `position` and its length in bytes.
    ///
    /// A byte that starts no valid UTF-8 sequence is one `other` character.
    @inline(always)
    static func read(_ text: Span<UInt8>, at position: Int) -> (class: ScalarClass, length: Int) {
        let byte = text[position]
        guard byte >= 0x80 else { return (ofASCII(byte), 1) }
        guard let (scalar, length) = decode(text, at: position) else { return (.other, 1) }
        return (of(scalar), length)
    }

    @inline(always)
    static func ofASCII(_ byte: UInt8) -> ScalarClass {
        if (byte | 0x20) &- 0x61 < 26 { return .letter }
        if byte == 0x20 || byte &- 0x09 < 5 { return .whiteSpace }
        if byte &- 0x30 < 10 { return .number }
        return .other
    }

    static func of(_ scalar: Unicode.Scalar) -> ScalarClass {
        let properties = scalar.properties
        let found: ScalarClass
        switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            found = .letter
        case .decimalNumber, .letterNumber, .otherNumber:
            found = .number
        default:
            return properties.isWhitespace ? .whiteSpace : .other
        }
        guard let age = properties.age, age.major <= newestVersion else { return .other }
        return found
    }

    /// The scalar that starts at `position`, or nil when the bytes there are not UTF-8.
    static func decode(_ text: Span<UInt8>, at position: Int) -> (Unicode.Scalar, length: Int)? {
        let lead = text[position]
        let length: Int
        let smallest: UInt32
        var value: UInt32
        switch lead {
        case 0..<0x80: return (Unicode.Scalar(lead), 1)
        case 0xC2..<0xE0: (length, smallest, value) = (2, 0x80, UInt32(lead & 0x1F))
        case 0xE0..<0xF0: (length, smallest, value) = (3, 0x800, UInt32(lead & 0x0F))
        case 0xF0..<0xF5: (length, smallest, value) = (4, 0x1_0000, UInt32(lead & 0x07))
        default: return nil
        }
        guard position + length <= text.count else { return nil }
        for index in (position + 1)..<(position + length) {
            let byte = text[index]
            guard byte & 0xC0 == 0x80 else { return nil }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        guard value >= smallest, let scalar = Unicode.Scalar(value) else { return nil }
        return (scalar, length)
    }
}
