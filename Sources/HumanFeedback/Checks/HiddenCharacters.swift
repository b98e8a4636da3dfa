/// Characters that nobody sees, and that may yet move a cursor, turn the direction of reading or spell
/// words to a model: control characters but tabs and line ends, overrides of direction, zero-width
/// spaces, tags.
///
/// Joiners (as in emoji and Persian), marks of direction (as in Hebrew and Arabic), soft hyphens and a
/// tag after a flag belong to honest text.
enum HiddenCharacters {
    static func isIn(_ text: String) -> Bool {
        // The first bytes of all of them, which most texts have none of.
        let mayBe = text.utf8.contains {
            $0 < 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D || $0 == 0x7F || $0 == 0xC2
                || $0 == 0xE2 || $0 == 0xEF || $0 == 0xF3
        }
        return mayBe && first(in: text) != nil
    }

    /// The text around the first of them, which stands as its number: `click ‹U+202E› here`.
    static func named(_ text: String) -> String {
        guard let place = first(in: text) else { return "" }
        let scalars = text.unicodeScalars
        let start = scalars.index(place, offsetBy: -30, limitedBy: scalars.startIndex)
        let number = String(scalars[place].value, radix: 16, uppercase: true)
        let digits = String(repeating: "0", count: max(0, 4 - number.count)) + number
        return String(scalars[(start ?? scalars.startIndex)..<place]) + "‹U+\(digits)›"
            + String(scalars[scalars.index(after: place)...].prefix(30))
    }

    private static func first(in text: String) -> String.UnicodeScalarView.Index? {
        let scalars = text.unicodeScalars
        var isFlag = false
        for place in scalars.indices {
            let scalar = scalars[place].value
            if isTag(scalar) {
                if !isFlag { return place }
                continue
            }
            isFlag = scalar == 0x1F3F4
            if isHidden(scalar) { return place }
        }
        return nil
    }

    private static func isTag(_ scalar: UInt32) -> Bool { (0xE0000...0xE007F).contains(scalar) }

    private static func isHidden(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09, 0x0A, 0x0D, 0x85: false
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x200B, 0x2060...0x2064, 0xFEFF, 0xFFF9...0xFFFB: true
        case 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
