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

    @Test func charactersThatShowNothingAreLeftOut() {
        #expect(
            visibleText("zero\u{200B}width\u{FEFF}, soft\u{AD}hy\u{2060}phen")
                == "zerowidth, softhyphen")
        // Tags spell a hidden text, unless they say whose flag it is.
        #expect(visibleText("a\u{E0041}\u{E0042}b") == "ab")
        let scotland = "🏴\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}"
        #expect(visibleText(scotland) == scotland)
    }

    @Test func fewAccentsStayOnALetter() {
        let piled = "Z" + String(repeating: "\u{301}", count: 300)
        #expect(visibleText(piled).unicodeScalars.count == 16)
        #expect(visibleText("e\u{301}\u{323}") == "e\u{301}\u{323}")
    }

    @Test func otherTextStaysAsItIs() {
        for text in ["héllo 日本 👨‍👩‍👧", "می\u{200C}خواهم", "👩🏽‍❤️‍💋‍👨🏿"] {
            #expect(visibleText(text) == text)
        }
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
