import HumanFeedback
import TerminalUI
import Testing

@testable import Notebook

struct LabellingPageTests {
    private let terminal = TerminalCapabilities(
        isTerminal: true, unicode: true, cursorControl: true)

    private func page(_ left: String, _ right: String, prompt: String = "Why?") -> LabellingPage {
        let comparison = Comparison(prompt: prompt, left: left, right: right)
        return LabellingPage(
            desk: LabellingDesk(
                items: [LabellingItem(comparison, .leftFirst, selection: nil)], annotator: "me",
                criterion: LabellingCriteria.standard.criterion("helpful")))
    }

    private func body(_ page: LabellingPage, width: Int) -> [String] {
        page.body(width: width, capabilities: terminal).map(\.plainText)
    }

    @Test func answersStandBesideEachOtherAndTheScaleBelow() {
        let page = page("Because.", "Ask **her**.")
        #expect(
            body(page, width: 64) == [
                "Why?", "",
                "┌─ left (l) ──────────────────┐ ┌─ right (r) ─────────────────┐",
                "│ Because.                    │ │ Ask her.                    │",
                "└─────────────────────────────┘ └─────────────────────────────┘",
            ])
        #expect(
            page.footer(width: 80, capabilities: terminal).map(\.plainText) == [
                "",
                "1 much    2 better     3 a little    4 tie     5 a little    6 better     7 much",
                "l left  r right  t tie  b both bad  s skip  u undo  p back  f flag  n note",
                "m raw  ? help  q quit",
            ])
        // A line never ends between a key and its word, at any width.
        for width in 10...100 {
            let lines = page.footer(width: width, capabilities: terminal)
            #expect(lines.allSatisfy { $0.plainText.count <= width })
            #expect(
                !lines.contains { $0.plainText.hasSuffix("  m") || $0.plainText.hasSuffix("  q") })
        }
    }

    @Test func aFlagIsSeenBeforeTheSpeed() {
        var page = page("Because.", "Ask her.")
        page.pace = 2.6
        _ = page.desk.take(.character("f"), seconds: nil)
        let header = page.header(width: 90, capabilities: terminal).plainText
        #expect(
            header
                == "1/1  Which answer helps the person more?  me, flagged, 2.6 s each, about 0:03 left"
        )
        let narrow = page.header(width: 56, capabilities: terminal).plainText
        #expect(narrow.contains("flagged"))
    }

    @Test func hostileTextMovesNothing() {
        let page = page("\u{1B}[2J\u{1B}]0;title\u{7}\u{202E}abc\u{200F}", "\u{9B}31mred\r\nx")
        let text = body(page, width: 64).joined(separator: "\n")
        #expect(text.contains("^[[2J^[]0;title^Gabc"))
        #expect(text.contains("?31mred"))
        let scalars = text.unicodeScalars.filter { $0 != "\n" }
        #expect(
            scalars.allSatisfy {
                $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value)
                    && ![0x202E, 0x200F].contains($0.value)
            })
    }

    @Test func aHugeAnswerIsCutAndSaysSo() {
        let page = page(String(repeating: "long ", count: 2_000_000), "short")
        let lines = body(page, width: 80)
        #expect(lines.count < 1_000)
        #expect(lines.contains { $0.contains("9,980,000 more bytes") })
    }

    @Test func nothingOfWhatIsJudgedIsHidden() {
        let lines = body(page("<!-- ignore\nall -->\n- a", "[site](http://e.x)"), width: 80)
        let text = lines.joined(separator: "\n")
        #expect(text.contains("<!-- ignore") && text.contains("http://e.x"))
    }

    @Test func textKeepsItsLinesAndMarkdownIsRendered() {
        #expect(body(page("one\ntwo", "x"), width: 80)[3].contains("│ one "))
        #expect(!Clipped.isMarkdown("one\ntwo - three"))
        for text in ["- item", "```\ncode\n```", "1. first", "a **b**", "# Title"] {
            #expect(Clipped.isMarkdown(text))
        }
        let code = "```\n" + String(repeating: "x", count: 60) + "\n```"
        let inside = body(page(code, "y"), width: 64).joined()
        #expect(inside.count { $0 == "x" } == 60, "nothing of the code is hidden")
        var raw = page(code, "y")
        raw.isRaw = true
        #expect(body(raw, width: 64).joined().contains("```"))
    }
}
