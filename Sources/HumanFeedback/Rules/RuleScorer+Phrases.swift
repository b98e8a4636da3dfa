/// Finds phrases in a text: the longest at each place, from left to right, never overlapping.
struct PhraseFinder: Sendable {
    /// The children of the nodes of a trie over bytes, by `node << 8 | byte`. Only looked up,
    /// never iterated, so its order reaches no result.
    private var children: [Int: Int] = [:]
    /// For each node, the phrase that ends there, or -1.
    private var endings: [Int] = [-1]
    private let ignoresCase: Bool

    /// - Parameter phrases: Different texts, none empty; a match names one by its position.
    init(_ phrases: [String], ignoresCase: Bool) {
        self.ignoresCase = ignoresCase
        for (index, phrase) in phrases.enumerated() {
            var node = 0
            for byte in phrase.utf8 {
                let key = node << 8 | Int(ignoresCase ? lowercased(byte) : byte)
                if let child = children[key] {
                    node = child
                } else {
                    endings.append(-1)
                    node = endings.count - 1
                    children[key] = node
                }
            }
            endings[node] = index
        }
    }

    struct Match: Equatable {
        let phrase: Int
        let range: Range<Int>
    }

    /// The matches in a text; none begins or ends inside a word.
    func matches(in text: [UInt8]) -> [Match] {
        var matches: [Match] = []
        var start = 0
        while start < text.count {
            if !isInsideWord(text, at: start), let match = longestMatch(in: text, at: start) {
                matches.append(match)
                start = match.range.upperBound
            } else {
                start += 1
            }
        }
        return matches
    }

    private func longestMatch(in text: [UInt8], at start: Int) -> Match? {
        var longest: Match?
        var node = 0
        for position in start..<text.count {
            let byte = ignoresCase ? lowercased(text[position]) : text[position]
            guard let child = children[node << 8 | Int(byte)] else { break }
            node = child
            if endings[node] >= 0, !isInsideWord(text, at: position + 1) {
                longest = Match(phrase: endings[node], range: start..<(position + 1))
            }
        }
        return longest
    }
}

/// Whether a cut before `position` would cut a word in two.
private func isInsideWord(_ text: [UInt8], at position: Int) -> Bool {
    guard position > 0, position < text.count else { return false }
    let (before, after) = (text[position - 1], text[position])
    if before < 0x80, after < 0x80 { return isWordByte(before) && isWordByte(after) }
    // In the middle of a character.
    if after & 0xC0 == 0x80 { return true }
    var start = position - 1
    while start > 0, text[start] & 0xC0 == 0x80 { start -= 1 }
    var end = position + 1
    while end < text.count, text[end] & 0xC0 == 0x80 { end += 1 }
    return isWord(text[start..<position]) && isWord(text[position..<end])
}

private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
    default: false
    }
}

/// Whether a character is part of a word that its neighbours may be part of too: letters, digits and
/// the marks on them, not quotation marks or dashes, and no script that is written without spaces.
private func isWord(_ character: ArraySlice<UInt8>) -> Bool {
    guard let scalar = String(decoding: character, as: UTF8.self).unicodeScalars.first else {
        return false
    }
    switch scalar.value {
    case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3040...0x30FF, 0x3400...0x4DBF,
        0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF:
        return false
    default: break
    }
    let properties = scalar.properties
    return properties.isAlphabetic || properties.numericType != nil
        || properties.generalCategory == .nonspacingMark
}

/// ASCII only: what a rule file means must not depend on a locale.
func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
}

/// The number of runs of bytes that are not white space.
func wordCount(of bytes: ArraySlice<UInt8>) -> Int {
    var count = 0
    var isInWord = false
    for byte in bytes {
        let isSpace = isWhiteSpace(byte)
        if !isSpace, !isInWord { count += 1 }
        isInWord = !isSpace
    }
    return count
}

func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes.drop(while: isWhiteSpace)
    while let last = rest.last, isWhiteSpace(last) { rest.removeLast() }
    return rest
}
