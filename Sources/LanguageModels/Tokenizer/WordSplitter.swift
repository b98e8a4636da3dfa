/// The splitting rule of GPT-2, matched by hand over UTF-8.
///
///     's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
///
/// Alternatives are tried in this order. Merges never cross the borders found here.
enum WordSplitter {
    /// The rule as tokenizer files spell it.
    static let pattern =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    /// The end of the word that starts at `start`; `start` is below `text.count`.
    static func endOfWord(in text: Span<UInt8>, from start: Int) -> Int {
        if let end = endOfContraction(in: text, from: start) { return end }
        var position = start
        var (kind, length) = ScalarClass.read(text, at: position)
        if text[start] == 0x20, start + 1 < text.count {
            let (next, nextLength) = ScalarClass.read(text, at: start + 1)
            if next != .whiteSpace {
                position = start + 1
                (kind, length) = (next, nextLength)
            }
        }
        var last = position
        repeat {
            last = position
            position += length
            guard position < text.count else { return position }
            let next = ScalarClass.read(text, at: position)
            length = next.length
            guard next.class == kind else { break }
        } while true
        // `\s+(?!\S)`: white space before a word leaves its last character to that word, unless
        // it is the only one.
        return kind == .whiteSpace && last > start ? last : position
    }

    /// The end of `'s`, `'t`, `'re`, `'ve`, `'m`, `'ll` or `'d` at `start`, lower case only.
    @inline(always)
    private static func endOfContraction(in text: Span<UInt8>, from start: Int) -> Int? {
        guard text[start] == UInt8(ascii: "'"), start + 1 < text.count else { return nil }
        let first = text[start + 1]
        switch first {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"), UInt8(ascii: "l"):
            guard start + 2 < text.count else { return nil }
            let second = first == UInt8(ascii: "l") ? UInt8(ascii: "l") : UInt8(ascii: "e")
            return text[start + 2] == second ? start + 3 : nil
        default:
            return nil
        }
    }
}
