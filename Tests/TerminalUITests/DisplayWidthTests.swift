import Testing

@testable import TerminalUI

struct DisplayWidthTests {
    /// Reference: `wcwidth.wcswidth` of Python's wcwidth 0.7.0.
    @Test(arguments: [
        ("", 0), ("a", 1), ("é", 1), ("e\u{301}", 1), ("日本語", 6), ("한국", 4), ("ｆｕｌｌ", 8),
        ("👍", 2), ("👨‍👩‍👧", 2), ("🇩🇪", 2), ("❤️", 2), ("Здравствуй", 10), ("שלום", 4), ("─│█▏⠿", 5),
        ("\u{200B}", 0), ("ไทย", 3), ("👍🏽", 2), ("…", 1), ("½", 1),
    ])
    func widthIsThatOfATerminal(text: String, width: Int) {
        #expect(displayWidth(of: text) == width)
    }

    @Test func aPrefixNeverCutsAWideCharacter() {
        #expect(prefix(of: "日本語", columns: 5) == "日本")
        #expect(prefix(of: "a日", columns: 2) == "a")
        #expect(prefix(of: "abc", columns: 0) == "")
        #expect(prefix(of: "e\u{301}x", columns: 1) == "e\u{301}")
    }
}
