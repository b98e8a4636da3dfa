import Testing

@testable import TerminalUI

struct TableTests {
    let table = Table(
        headers: ["slot", "what", "rows"],
        rows: [
            ["demos", "demonstrations of an everyday help assistant", "3,000"],
            ["pairs", "日本語 wide", "12"],
        ])

    @Test func numbersStandRightAndTextLeft() {
        let small = Table(
            headers: ["step", "name", "loss"], rows: [["1", "a", "0.5"], ["10", "b", "NaN"]])
        #expect(
            plainText(small, width: 80) == [
                "step  name  loss",
                "────  ────  ────",
                "   1  a      0.5",
                "  10  b      NaN",
            ])
    }

    @Test func theWidestColumnShrinks() {
        #expect(
            plainText(table, width: 40) == [
                "slot   what                         rows",
                "─────  ──────────────────────────  ─────",
                "demos  demonstrations of an ever…  3,000",
                "pairs  日本語 wide                    12",
            ])
    }

    @Test func cellsCanWrap() {
        let table = Table(headers: ["a", "b"], rows: [["x", "one two three"]], overflow: .wrap)
        #expect(
            plainText(table, width: 10, capabilities: .plain) == [
                "a  b", "-  -------", "x  one two", "   three",
            ])
    }

    @Test(arguments: 1...90)
    func allLinesHaveOneWidthThatFits(width: Int) {
        let widths = table.lines(width: width, capabilities: terminal()).map(\.displayWidth)
        #expect(widths.allSatisfy { $0 <= width })
        #expect(width < 13 || Set(widths).count == 1)
    }

    @Test func columnsThatFitKeepTheirWidth() {
        #expect(columnWidths([5, 10, 3], available: 30) == [5, 10, 3])
        #expect(columnWidths([5, 10, 3], available: 14) == [5, 6, 3])
        #expect(columnWidths([10, 10, 3], available: 18) == [8, 7, 3])
        #expect(columnWidths([10, 10, 3], available: 5) == [3, 3, 3])
    }

    @Test func raggedRowsAndEmptyTablesAreShown() {
        let ragged = Table(headers: ["a"], rows: [["1", "2"], []])
        #expect(plainText(ragged, width: 20) == ["a", "─  ─", "1  2", ""])
        #expect(plainText(Table(headers: [], rows: []), width: 20) == [])
        #expect(plainText(Table(headers: ["a"], rows: []), width: 20) == ["a", "─"])
    }
}
