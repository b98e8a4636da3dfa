internal import CLineEditor

/// The columns a text takes on a terminal: wide characters two, combining marks none.
///
/// Control characters count as nothing; `StyledSpan` replaces them by visible text.
public func displayWidth(of text: some StringProtocol) -> Int {
    if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) { return text.utf8.count }
    return text.reduce(0) { $0 + displayWidth(of: $1) }
}

/// The scalars of a character take their columns together (accents none, conjuncts several), but
/// an emoji made of several takes two.
func displayWidth(of character: Character) -> Int {
    var sum = 0
    var widest = 0
    var isJoined = false
    for scalar in character.unicodeScalars {
        switch scalar.value {
        case 0x20..<0x7F: sum += 1
        case 0..<0x20, 0x7F: continue
        case 0xFE0F: return 2
        case 0x200D: isJoined = true
        case 0x1F3FB...0x1F3FF where sum > 0: isJoined = true
        default:
            let width = max(0, Int(line_editor_character_width(scalar.value)))
            sum += width
            widest = max(widest, width)
        }
    }
    return isJoined && widest == 2 ? 2 : sum
}

/// The longest beginning of a text that fits into `width` columns.
func prefix(of text: Substring, columns width: Int) -> Substring {
    var used = 0
    var end = text.startIndex
    while end < text.endIndex {
        used += displayWidth(of: text[end])
        if used > width { break }
        end = text.index(after: end)
    }
    return text[..<end]
}
