import Testing

@testable import TerminalUI

struct VisibleTextTests {
    @Test func controlCharactersAreShownInsteadOfSent() {
        #expect(visibleText("a\u{1B}[2Jb") == "a^[[2Jb")
        #expect(visibleText("\u{0}\u{7}\u{7F}") == "^@^G^?")
        #expect(visibleText("a\u{9B}b") == "a?b")
    }

    @Test func tabsAndLineBreaksBecomeSpaces() {
        #expect(visibleText("a\tb") == "a    b")
        #expect(visibleText("a\r\nb\nc") == "a b c")
    }

    @Test func directionOverridesAreDropped() {
        #expect(visibleText("a\u{202E}b\u{2066}c") == "abc")
    }

    @Test func otherTextStaysAsItIs() {
        #expect(visibleText("héllo 日本 👨‍👩‍👧") == "héllo 日本 👨‍👩‍👧")
    }

    @Test func asciiKeepsTheWidth() {
        #expect(asciiText("“a” – b… 日 é") == "\"a\" - b. ?? ?")
        #expect(asciiText("Σ k1 = log π − log π_ref") == "S k1 = log p - log p_ref")
        let curve = Sparkline([0, 1, 2, 3, 4, 5, 6, 7])
        let ascii = curve.line(capabilities: TerminalCapabilities()).plainText
        #expect(asciiText(curve.line(capabilities: terminal()).plainText) == ascii)
        #expect(!ascii.contains("?"))
    }
}
