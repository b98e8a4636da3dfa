import Testing

@testable import TerminalUI

struct SideBySideTests {
    let boxes = SideBySide(
        left: TextBox(title: "left", text: "Certainly. Here is how you fix it, in three steps."),
        right: TextBox(title: "right", text: "No.\u{1B}[2J\n日本"))

    @Test func boxesStandBesideEachOther() {
        #expect(
            plainText(boxes, width: 63) == [
                "┌─ left ──────────────────────┐ ┌─ right ─────────────────────┐",
                "│ Certainly. Here is how you  │ │ No.^[[2J                    │",
                "│ fix it, in three steps.     │ │ 日本                        │",
                "└─────────────────────────────┘ └─────────────────────────────┘",
            ])
    }

    @Test func narrowTerminalsShowOneAboveTheOther() {
        #expect(
            plainText(boxes, width: 40, capabilities: .plain) == [
                "+- left -------------------------------+",
                "| Certainly. Here is how you fix it,   |",
                "| in three steps.                      |",
                "+--------------------------------------+",
                "+- right ------------------------------+",
                "| No.^[[2J                             |",
                "| 日本                                 |",
                "+--------------------------------------+",
            ])
    }

    @Test(arguments: [20, 40, 61, 62, 80, 200])
    func allLinesHaveOneWidth(width: Int) {
        let widths = boxes.lines(width: width, capabilities: terminal()).map(\.displayWidth)
        #expect(Set(widths).count == 1)
        #expect(widths.allSatisfy { $0 <= width })
    }
}
