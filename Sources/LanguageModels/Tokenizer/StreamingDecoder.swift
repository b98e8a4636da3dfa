/// Decodes tokens as they are made, without ever showing half a character.
///
/// The texts that come out, joined, are `Tokenizer.decode` of all the tokens that went in.
public struct StreamingDecoder: Sendable {
    private let tokenizer: Tokenizer
    /// The start of a character whose other bytes have not come yet: three bytes at most.
    private var pending: [UInt8] = []

    /// Creates a decoder at the start of a text.
    public init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    /// The text that has become readable with this token; empty inside a character.
    public mutating func append(_ id: Int) -> String {
        pending += tokenizer.decodeBytes([id])
        let complete = pending.count - Self.countOfOpenBytes(pending)
        let text = String(decoding: pending[..<complete], as: UTF8.self)
        pending.removeFirst(complete)
        return text
    }

    /// What is left at the end of the text: U+FFFD for a character that was never finished.
    public mutating func finish() -> String {
        defer { pending = [] }
        return String(decoding: pending, as: UTF8.self)
    }

    /// The number of bytes at the end that may still become one character.
    private static func countOfOpenBytes(_ bytes: [UInt8]) -> Int {
        for length in 1...3 where length <= bytes.count {
            let tail = bytes[(bytes.count - length)...]
            guard let lead = tail.first, lead & 0xC0 != 0x80 else { continue }
            let expected = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
            let isOpen = length < expected && lead < 0xF5 && isPossibleStart(Array(tail))
            return isOpen ? length : 0
        }
        return 0
    }

    /// Whether some second byte was already one that can never follow the first (Unicode 3-7).
    private static func isPossibleStart(_ tail: [UInt8]) -> Bool {
        guard tail.count > 1 else { return true }
        return switch tail[0] {
        case 0xE0: tail[1] >= 0xA0
        case 0xED: tail[1] < 0xA0
        case 0xF0: tail[1] >= 0x90
        case 0xF4: tail[1] < 0x90
        default: true
        }
    }
}
