import Testing

@testable import TerminalUI

struct MarkdownTextTests {
    @Test func aPageReadsWell() {
        let page = MarkdownText(
            """
            # Align a model

            Some *prose* with `code`, **strong
            words** and a [link](http://a.b/c).
            <!-- note: not
            shown -->
            ## Steps

            1. First thing that is rather long and wraps
            2. Second
               - nested

            | name | n |
            |:-----|--:|
            | `x\\|y` | 12 |

            ```sh
            $ make   *kept*
            ```
            > quoted
            > text

            ---
            """)
        #expect(
            plainText(page, width: 36) == [
                "Align a model", "═════════════", "",
                "Some prose with code, strong words", "and a link (http://a.b/c).", "",
                "Steps", "",
                "1. First thing that is rather long", "   and wraps", "2. Second", "  • nested", "",
                "name   n", "────  ──", "x|y   12", "",
                "  $ make   *kept*", "",
                "│ quoted text", "",
                "────────────────────────────────────",
            ])
    }

    @Test func marksBecomeStyles() {
        #expect(
            markdownLine("a `b` **c *d*** _e_")
                == StyledLine("a ") + StyledLine("b", .code) + " " + StyledLine("c ", .strong)
                + StyledLine("d", .emphasis) + " " + StyledLine("e", .emphasis))
    }

    @Test(arguments: [
        "snake_case_name", "2 * 3 * 4", "a ** b", "`open", "[no link]", "1 < 2 > 0", "*", "**", "_",
    ])
    func loneMarksStayText(text: String) {
        #expect(markdownLine(text) == StyledLine(text))
    }

    @Test func escapesImagesAndAddresses() {
        #expect(
            markdownLine("\\*a\\* ![alt](b.png) <https://c.d>").plainText == "*a* alt https://c.d")
        #expect(markdownLine("``a`b``") == StyledLine("a`b", .code))
    }

    @Test func linksThatLeadAwaySayWhere() {
        #expect(
            markdownLine("[a **b**](javascript:x) [c](d.md) [e](https://f.g \"title\").").plainText
                == "a b (javascript:x) c e (https://f.g).")
    }

    /// Marks by the ten thousand, as no person writes them, are read once and stay as they are.
    @Test(arguments: ["[", "*a ", "_a ", "<", "`", "![", "**a "])
    func openMarksInNumbersStayText(mark: String) {
        let text = String(repeating: mark, count: 10_000) + "]("
        #expect(markdownLine(text).plainText == text)
    }

    @Test func marksWithinMarksEndSomewhere() {
        let text = (0..<2_000).reduce("x") { inner, level in
            level % 2 == 0 ? "*\(inner)*" : "_\(inner)_"
        }
        #expect(markdownLine(text).plainText.contains("x"))
    }

    @Test func anUnclosedFenceRunsToTheEnd() {
        #expect(plainText(MarkdownText("```\na\n# b"), width: 20) == ["  a", "  # b"])
        #expect(plainText(MarkdownText(""), width: 20) == [])
    }
}
