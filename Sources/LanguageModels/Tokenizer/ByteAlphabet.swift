/// The printable spelling of bytes in vocabularies of byte-level tokenizers.
///
/// Each of the 256 bytes has one character: printable Latin-1 bytes stand for themselves, and the
/// 68 others (controls, space, delete, no-break space, soft hyphen) become U+0100, U+0101, ... in
/// byte order. A space is therefore written `Ġ` and a newline `Ċ`. (GPT-2, `bytes_to_unicode`.)
enum ByteAlphabet {
    /// The character of every byte.
    static let scalars: [Unicode.Scalar] = makeScalars()

    /// The bytes in the order of their characters: the order of ids in a trained vocabulary.
    static let bytesInScalarOrder: [UInt8] = (0...255).sorted { scalars[$0] < scalars[$1] }
        .map { UInt8($0) }

    /// The byte of a character, or nil when the character stands for none.
    static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        let value = scalar.value
        guard value < UInt32(bytes.count), bytes[Int(value)] >= 0 else { return nil }
        return UInt8(bytes[Int(value)])
    }

    /// The spelling of bytes in a vocabulary: `" the"` becomes `Ġthe`.
    static func spelling(of bytes: some Sequence<UInt8>) -> String {
        var spelling = String.UnicodeScalarView()
        for byte in bytes { spelling.append(scalars[Int(byte)]) }
        return String(spelling)
    }

    /// The bytes that a spelling stands for. A spelling with any character outside the alphabet
    /// (a special token with a space in it, say) stands for its own UTF-8.
    static func bytes(ofSpelling spelling: String) -> [UInt8] {
        var result: [UInt8] = []
        for scalar in spelling.unicodeScalars {
            guard let byte = byte(of: scalar) else { return Array(spelling.utf8) }
            result.append(byte)
        }
        return result
    }

    /// Indexed by character; -1 where there is no byte.
    private static let bytes: [Int16] = {
        var table = [Int16](repeating: -1, count: 256 + 68)
        for (byte, scalar) in scalars.enumerated() { table[Int(scalar.value)] = Int16(byte) }
        return table
    }()

    private static func makeScalars() -> [Unicode.Scalar] {
        var next: UInt16 = 0x100
        return (0...255).map { (byte: UInt8) in
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF:
                return Unicode.Scalar(byte)
            default:
                defer { next += 1 }
                // Values below 0x144 are never surrogates.
                return Unicode.Scalar(next) ?? "?"
            }
        }
    }
}
