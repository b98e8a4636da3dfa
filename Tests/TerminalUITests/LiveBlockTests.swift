import Testing

@testable import TerminalUI

struct LiveBlockTests {
    private let capabilities = terminal()

    @Test func aFrameIsOneWriteOverTheOneBefore() {
        var block = LiveBlock()
        let lines: [StyledLine] = ["one", "two", "three"]
        let first = block.frame(lines, columns: 80, capabilities: capabilities)
        #expect(
            first
                == "\u{1B}[?2026h\u{1B}[?7l\rone\u{1B}[K\ntwo\u{1B}[K\nthree\u{1B}[K"
                + "\u{1B}[?7h\u{1B}[?2026l")
        let second = block.frame(lines, columns: 80, capabilities: capabilities)
        // Two rows up, nothing cleared.
        #expect(second.hasPrefix("\u{1B}[?2026h\u{1B}[?7l\r\u{1B}[2Aone\u{1B}[K"))
        #expect(!second.contains("\u{1B}[J"))
        #expect(block.erasure(columns: 80, capabilities: capabilities) == "\r\u{1B}[2A\u{1B}[J")
        #expect(block.erasure(columns: 80, capabilities: capabilities) == "")
    }

    @Test func aSmallerBlockLeavesNothingBelow() {
        var block = LiveBlock()
        _ = block.frame(["a", "b"], columns: 80, capabilities: capabilities)
        let frame = block.frame(["c"], columns: 80, capabilities: capabilities)
        #expect(frame.contains("\r\u{1B}[1Ac\u{1B}[K\u{1B}[J"))
    }

    /// Lines that wrapped in the narrower window take their rows; blanks at their ends do not.
    @Test func aNarrowerWindowHasWrappedTheLines() {
        var block = LiveBlock()
        let wide = StyledLine(String(repeating: "x", count: 30))
        let padded = StyledLine("y" + String(repeating: " ", count: 29))
        _ = block.frame([wide, padded, "z"], columns: 80, capabilities: capabilities)
        let frame = block.frame(["a", "b"], columns: 20, capabilities: capabilities)
        #expect(frame.contains("\r\u{1B}[3A\u{1B}[Ja"))
    }

    @Test func aSingleLineThatWrappedLeavesNothing() {
        var block = LiveBlock()
        let wide = StyledLine(String(repeating: "x", count: 30))
        _ = block.frame([wide], columns: 80, capabilities: capabilities)
        let frame = block.frame(["a"], columns: 20, capabilities: capabilities)
        #expect(frame.hasPrefix("\u{1B}[?7l\r\u{1B}[1A\u{1B}[Ja"))
        _ = block.frame([wide], columns: 80, capabilities: capabilities)
        #expect(block.erasure(columns: 20, capabilities: capabilities) == "\r\u{1B}[1A\u{1B}[J")
    }
}
