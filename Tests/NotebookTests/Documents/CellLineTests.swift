import OrderedJSON
import Testing

@testable import Notebook

@Suite struct CellLineTests {
    @Test func `comments and blank lines are left out, joined lines are one`() {
        let source =
            "\n# note\n :load a.jsonl \n:train \\\n  # not a comment \\\n  --steps 3\n\nWhy?"
        #expect(
            CellLine.lines(of: source, firstLine: 5) == [
                CellLine(line: 7, text: ":load a.jsonl"),
                CellLine(line: 8, text: ":train # not a comment --steps 3"),
                CellLine(line: 12, text: "Why?"),
            ])
    }

    @Test func `a backslash at the very end joins nothing`() {
        #expect(CellLine.lines(of: ":a \\") == [CellLine(line: 1, text: ":a")])
        #expect(CellLine.lines(of: "\\").isEmpty)
        #expect(CellLine.lines(of: "C:\\\\") == [CellLine(line: 1, text: "C:\\\\")])
    }
}
