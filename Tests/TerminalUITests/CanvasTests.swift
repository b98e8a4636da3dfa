import Testing

@testable import TerminalUI

struct CanvasTests {
    let ink = Canvas.Ink(style: .plain, marker: "*", level: 1)

    /// Reference: the Unicode chart of braille patterns (dots 1-8).
    @Test(arguments: [
        (0, 0, "⠁"), (0, 1, "⠂"), (0, 2, "⠄"), (0, 3, "⡀"), (1, 0, "⠈"), (1, 1, "⠐"), (1, 2, "⠠"),
        (1, 3, "⢀"),
    ])
    func everyDotHasItsPlace(x: Int, y: Int, character: String) {
        var canvas = Canvas(columns: 1, rows: 1)
        canvas.dot(x: x, y: y, ink: ink)
        #expect(canvas.line(0, kind: .braille).plainText == character)
        #expect(canvas.line(0, kind: .ascii).plainText == "*")
    }

    @Test func linesHaveNoGaps() {
        var canvas = Canvas(columns: 4, rows: 2)
        canvas.line(from: (x: 0, y: 7), to: (x: 7, y: 0), ink: ink)
        #expect(canvas.line(0, kind: .braille).plainText == "  ⡠⠊")
        #expect(canvas.line(1, kind: .braille).plainText == "⡠⠊  ")
        #expect(canvas.line(0, kind: .ascii).plainText == "  **")
    }

    @Test func higherLevelsHideLowerOnesInACell() {
        var canvas = Canvas(columns: 1, rows: 1)
        let faint = Canvas.Ink(style: .faintSeries(0), marker: ".", level: 0)
        canvas.dot(x: 0, y: 0, ink: faint)
        canvas.dot(x: 1, y: 3, ink: ink)
        canvas.dot(x: 0, y: 1, ink: faint)
        #expect(canvas.line(0, kind: .braille) == "⢀")
    }

    @Test func dotsOutsideAreIgnored() {
        var canvas = Canvas(columns: 1, rows: 1)
        for place in [(-1, 0), (2, 0), (0, -1), (0, 4)] {
            canvas.dot(x: place.0, y: place.1, ink: ink)
        }
        #expect(canvas.line(0, kind: .braille).plainText == " ")
    }
}
