import Testing

@testable import TerminalUI

struct StyledLineLayoutTests {
    @Test func truncationMarksWhatIsMissing() {
        #expect(StyledLine("abcdef").truncated(to: 4).plainText == "abc…")
        #expect(StyledLine("abcdef").truncated(to: 6).plainText == "abcdef")
        #expect(StyledLine("日本語").truncated(to: 4).plainText == "日…")
        #expect(StyledLine("abcdef").truncated(to: 5, ellipsis: "...").plainText == "ab...")
        #expect(StyledLine("abcdef").truncated(to: 2, ellipsis: "...").plainText == "..")
        #expect(StyledLine("abc").truncated(to: 0).plainText == "")
    }

    @Test func truncationKeepsStyles() {
        let line = StyledLine("ab", .good) + StyledLine("cdef", .error)
        #expect(line.truncated(to: 4) == StyledLine("ab", .good) + StyledLine("c…", .error))
    }

    @Test func paddingFillsToTheWidth() {
        #expect(StyledLine("ab").padded(to: 5).plainText == "ab   ")
        #expect(StyledLine("ab").padded(to: 5, alignment: .right).plainText == "   ab")
        #expect(StyledLine("ab").padded(to: 5, alignment: .center).plainText == " ab  ")
        #expect(StyledLine("日").padded(to: 3).plainText == "日 ")
        #expect(StyledLine("abc").padded(to: 2).plainText == "abc")
    }

    @Test func linesBreakBetweenWords() {
        #expect(wrap("the quick brown fox", 10) == ["the quick", "brown fox"])
        #expect(wrap("exactly ten", 7) == ["exactly", "ten"])
        #expect(wrap("", 10) == [""])
        #expect(wrap("a  b", 10) == ["a  b"])
        #expect(wrap("  a b", 3) == ["  a", "b"])
    }

    @Test func longWordsBreakInside() {
        #expect(wrap("abcdefgh", 3) == ["abc", "def", "gh"])
        #expect(wrap("x abcdefgh", 4) == ["x", "abcd", "efgh"])
        #expect(wrap("日本語です", 5) == ["日本", "語で", "す"])
        #expect(wrap("日本", 1) == ["日", "本"])
    }

    /// A copy of the rest for every line would be two gigabytes.
    @Test func aVeryLongWordIsTakenApart() {
        let word = String(repeating: "x", count: 400_000)
        let lines = (StyledLine("a") + StyledLine(word, .code)).wrapped(to: 40)
        #expect(lines.count == 10_001)
        #expect(lines[0].spans.count == 2 && lines[1].displayWidth == 40)
        #expect(lines.reduce(0) { $0 + $1.displayWidth } == 400_001)
    }

    @Test func laterLinesHang() {
        let lines = StyledLine("1. one two three").wrapped(to: 8, hangingIndent: 3)
        #expect(lines.map(\.plainText) == ["1. one", "   two", "   three"])
    }

    @Test func aWordOfTwoStylesStaysTogether() {
        let line = StyledLine("go a", .plain) + StyledLine("bc", .code)
        #expect(line.wrapped(to: 5) == ["go", StyledLine("a") + StyledLine("bc", .code)])
    }

    /// No word is lost, no line is too wide, whatever the width.
    @Test(arguments: 1...40)
    func wrappingKeepsAllTextWithinTheWidth(width: Int) {
        let text = "Preferences — ordered, noisy, human — train 報酬モデル; KL keeps it honest."
        let lines = StyledLine(text).wrapped(to: width)
        #expect(lines.allSatisfy { $0.displayWidth <= max(2, width) })
        #expect(lines.map(\.plainText).joined().filter { $0 != " " } == text.filter { $0 != " " })
    }

    private func wrap(_ text: String, _ width: Int) -> [String] {
        StyledLine(text).wrapped(to: width).map(\.plainText)
    }
}
