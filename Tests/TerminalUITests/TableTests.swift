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
        // A narrower one is told row by row.
        #expect(width < 26 || Set(widths).count == 1)
    }

    @Test func shortNumbersAreNotCut() {
        let table = Table(
            headers: ["what", "much", "more"],
            rows: [["a name of some length", "-0.000976", "7.16e-6"]])
        #expect(plainText(table, width: 40).last == "a name of some leng…  -0.000976  7.16e-6")
        #expect(columnWidths([30, 9, 8], available: 30, fixed: [1, 2]) == [13, 9, 8])
        #expect(columnWidths([30, 9, 8], available: 12, fixed: [1, 2]) == [4, 4, 4])
    }

    @Test func optionalColumnsGoWhereThereIsLittleRoom() {
        let table = Table(
            headers: ["metric", "last", "healthy"],
            rows: [["objective/kl", "4.94", "exactly 0 at the first update"]], optional: [2])
        #expect(plainText(table, width: 30).last == "objective/kl  4.94")
        #expect(plainText(table, width: 40).last == "objective/kl  4.94  exactly 0 at the fi…")
    }

    @Test func aTableThatIsTooWideIsToldRowByRow() {
        let table = Table(
            headers: ["check", "policy [95 %]", "sft [95 %]"],
            rows: [
                ["no abuse", "1.000 [0.981, 1.000]", "1.000 [0.981, 1.000]"],
                ["all", "0.995 [0.972, 0.999], 70 of them", ""],
            ])
        #expect(
            plainText(table, width: 40) == [
                "check", "no abuse", "  policy [95 %]  1.000 [0.981, 1.000]",
                "  sft [95 %]  1.000 [0.981, 1.000]", "all",
                "  policy [95 %]  0.995 [0.972, 0.999],", "    70 of them",
            ])
        // In a window of the usual width it stays a table.
        #expect(plainText(table, width: 60).first?.contains("policy [95 %]  ") == true)
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
