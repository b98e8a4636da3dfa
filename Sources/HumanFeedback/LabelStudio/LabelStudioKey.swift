import OrderedJSON

/// How a request shows who asks: a legacy token as it is, or an access token that a personal access
/// token is exchanged for.
///
/// A personal access token is a JSON web token of the type `refresh`, good for many years; an access
/// token is good for five minutes.
enum LabelStudioKey: Equatable {
    case legacy(String)
    case personal(String)

    /// Whether a text can be a key: letters, digits and marks, nothing that would end or split the line
    /// of the request in which it stands.
    static func isPossible(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21..<0x7F).contains($0) }
    }

    init(_ text: String) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 3, let claims = Self.claims(parts[1]),
            claims["token_type"]?.stringValue == "refresh"
        {
            self = .personal(text)
        } else {
            self = .legacy(text)
        }
    }

    /// The middle part of a JSON web token: base64 without padding, with - and _ for + and /.
    private static func claims(_ part: Substring) -> JSON? {
        var bits: UInt32 = 0
        var count = 0
        var bytes: [UInt8] = []
        for character in part.utf8 {
            let value: UInt8
            switch character {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = character - UInt8(ascii: "A")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = character - UInt8(ascii: "a") + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = character - UInt8(ascii: "0") + 52
            case UInt8(ascii: "-"), UInt8(ascii: "+"): value = 62
            case UInt8(ascii: "_"), UInt8(ascii: "/"): value = 63
            default: return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return try? JSON(parsing: bytes)
    }
}
