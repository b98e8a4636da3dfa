/// A token that is looked for in the text itself, before the text is split into words.
public struct AddedToken: Equatable, Sendable {
    /// The text of the token, such as `<|endoftext|>`.
    public var text: String
    /// Its id.
    public var id: Int
    /// Special tokens are marks for the model, not text for the reader.
    public var isSpecial: Bool
    /// Found only where no word character stands before or after it.
    var isSingleWord = false
    /// Takes the white space before it.
    var stripsLeft = false
    /// Takes the white space after it.
    var stripsRight = false
    /// Looked for after all tokens that are not normalized have been found.
    var isNormalized = false

    /// A special token that is found wherever its text stands.
    static func special(_ text: String, id: Int) -> AddedToken {
        AddedToken(text: text, id: id, isSpecial: true)
    }
}

/// Finds added tokens in a text: the leftmost first, and of several there the longest.
struct AddedTokenFinder: Equatable, Sendable {
    /// A part of the text: an added token, or text between added tokens.
    struct Piece: Equatable {
        var range: Range<Int>
        var id: Int?
    }

    private struct Pattern: Equatable, Sendable {
        var bytes: [UInt8]
        var token: AddedToken
    }

    /// Longest first, so that the first match is the longest.
    private var patterns: [Pattern]
    /// Whether any pattern starts with the byte.
    private var startsPattern: [Bool]

    init(_ tokens: [AddedToken]) {
        patterns = tokens.filter { !$0.text.isEmpty }
            .map { Pattern(bytes: Array($0.text.utf8), token: $0) }
            .sorted { ($1.bytes.count, $0.token.id) < ($0.bytes.count, $1.token.id) }
        startsPattern = [Bool](repeating: false, count: 256)
        for pattern in patterns { startsPattern[Int(pattern.bytes[0])] = true }
    }

    /// The pieces of `range`, in order; empty text between tokens is left out.
    func pieces(of text: Span<UInt8>, in range: Range<Int>) -> [Piece] {
        guard !patterns.isEmpty else { return [Piece(range: range, id: nil)] }
        var pieces: [Piece] = []
        var textStart = range.lowerBound
        var position = range.lowerBound
        while position < range.upperBound {
            guard startsPattern[Int(text[position])],
                let pattern = patterns.first(where: { matches($0, text, position, range) })
            else {
                position += 1
                continue
            }
            var start = position
            position += pattern.bytes.count
            var end = position
            let token = pattern.token
            if token.isSingleWord, touchesWord(text, start..<end, in: range) { continue }
            if token.stripsLeft {
                start = max(startOfWhiteSpace(text, before: start, in: range), textStart)
            }
            if token.stripsRight { end = endOfWhiteSpace(text, after: end, in: range) }
            if textStart < start { pieces.append(Piece(range: textStart..<start, id: nil)) }
            pieces.append(Piece(range: start..<end, id: token.id))
            textStart = end
            position = max(position, end)
        }
        if textStart < range.upperBound {
            pieces.append(Piece(range: textStart..<range.upperBound, id: nil))
        }
        return pieces
    }

    private func matches(
        _ pattern: Pattern, _ text: Span<UInt8>, _ position: Int, _ range: Range<Int>
    ) -> Bool {
        guard position + pattern.bytes.count <= range.upperBound else { return false }
        for (offset, byte) in pattern.bytes.enumerated() where text[position + offset] != byte {
            return false
        }
        return true
    }

    private func touchesWord(
        _ text: Span<UInt8>, _ token: Range<Int>, in range: Range<Int>
    ) -> Bool {
        if let (before, _) = scalar(text, before: token.lowerBound, in: range), isWord(before) {
            return true
        }
        guard token.upperBound < range.upperBound,
            let (after, _) = ScalarClass.decode(text, at: token.upperBound)
        else { return false }
        return isWord(after)
    }

    /// Word characters as `\w` has them (Unicode Technical Standard 18, annex C).
    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation:
            return true
        default:
            return properties.isAlphabetic || properties.isJoinControl
        }
    }

    private func startOfWhiteSpace(
        _ text: Span<UInt8>, before end: Int, in range: Range<Int>
    ) -> Int {
        var start = end
        while let (scalar, length) = scalar(text, before: start, in: range),
            scalar.properties.isWhitespace
        {
            start -= length
        }
        return start
    }

    private func endOfWhiteSpace(
        _ text: Span<UInt8>, after start: Int, in range: Range<Int>
    ) -> Int {
        var end = start
        while end < range.upperBound, let (scalar, length) = ScalarClass.decode(text, at: end),
            scalar.properties.isWhitespace
        {
            end += length
        }
        return end
    }

    /// The scalar that ends just before `end`.
    private func scalar(
        _ text: Span<UInt8>, before end: Int, in range: Range<Int>
    ) -> (Unicode.Scalar, length: Int)? {
        for length in 1...4 where end - length >= range.lowerBound {
            if let found = ScalarClass.decode(text, at: end - length), found.length == length {
                return found
            }
        }
        return nil
    }
}
