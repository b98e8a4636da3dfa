import TerminalUI
import Testing

@testable import Notebook

struct CellViewTests {
    @Test func `an edited cell is shown as edited`() throws {
        let fixture = try NotebookFixture()
        let notebook = fixture.notebook
        notebook.execute(LiveSession.Request(source: ":note one"))
        try notebook.change(.edit(cell: "c-1", source: ":note two"))
        notebook.execute(LiveSession.Request(source: ":show 1"))
        #expect(fixture.output(of: 2).contains("state  edited\n"))
    }

    @Test func `what was recorded at 80 columns is laid out anew in a narrower window`() {
        let parts: [any Renderable] = [
            Paragraph("policy against sft: win rate 0.925 [0.880, 0.954], n = 200, 2 ties as half"),
            Table(
                headers: ["", "policy", "sft", "difference [95 %]"],
                rows: [["score by gold", "4.78", "-0.149", "+4.93 [4.43, 5.41]"]]),
            KeyValueList([("updates", "40"), ("mean gold score", "4.76")]),
        ]
        func shown(_ text: String, _ width: Int) -> [String] {
            OutputView(output: CellOutput(.text(text)))
                .lines(width: width, capabilities: Console.recorded).map(\.plainText)
        }
        let texts = parts.map { $0.text(capabilities: Console.recorded) }
        for text in texts { #expect(shown(text, 100).joined(separator: "\n") + "\n" == text) }
        let narrow = texts.map { shown($0, 40) }
        #expect(
            narrow == [
                ["policy against sft: win rate 0.925", "[0.880, 0.954], n = 200, 2 ties as half"],
                [
                    "score by gold", "  policy  4.78", "  sft  -0.149",
                    "  difference [95 %]  +4.93 [4.43, 5.41]",
                ], ["updates          40", "mean gold score  4.76"],
            ])
    }
}
