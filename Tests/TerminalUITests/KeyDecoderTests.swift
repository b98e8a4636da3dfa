import Testing

@testable import TerminalUI

struct KeyDecoderTests {
    private func keys(_ text: String) -> [KeyResult] { keys(Array(text.utf8)) }

    private func keys(_ bytes: [UInt8]) -> [KeyResult] {
        var rest = bytes[...]
        let decoder = KeyDecoder(nextByte: { rest.popFirst() }, hasMore: { !rest.isEmpty })
        var keys: [KeyResult] = []
        while keys.last != .endOfInput { keys.append(decoder.key()) }
        return keys.dropLast()
    }

    @Test func charactersAndKeysWithNames() {
        #expect(keys("a1é日👍") == ["a", "1", "é", "日", "👍"].map { .key(.character($0)) })
        #expect(
            keys("\r\n\t\u{7F}\u{8}")
                == [.enter, .enter, .tab, .backspace, .backspace].map { .key($0) })
        #expect(
            keys("\u{1B}[A\u{1B}OB\u{1B}[C\u{1B}[D")
                == [.up, .down, .right, .left].map { .key($0) })
        #expect(keys("\u{1B}") == [.key(.escape)])
    }

    @Test func controlCCancelsAndControlDEnds() {
        #expect(keys("\u{3}") == [.cancelled])
        #expect(keys("a\u{4}b") == [.key(.character("a"))])
    }

    @Test func whatHasNoNameIsPassedOver() {
        #expect(keys("\u{1}\u{1B}[3~\u{1B}[15~x") == [.key(.character("x"))])
        #expect(keys([0xFF, 0xC3, 0x28, 0x78]) == [.key(.character("x"))])
    }
}
