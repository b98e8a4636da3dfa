import Testing

@testable import TerminalUI

/// Clouds, paths, bands and strokes: what curves alone do not show.
struct PlotMarksTests {
    private func plot(_ series: [Series], canvas: LinePlot.CanvasKind = .automatic) -> LinePlot {
        LinePlot(
            title: "t", xLabel: "x", series: series, smoothing: .off, canvas: canvas, height: 9)
    }

    @Test func aCloudHasNoLinesBetweenItsPoints() {
        let cloud = Series(
            name: "c", points: [PlotPoint(x: 0, y: 0), PlotPoint(x: 10, y: 10)], mark: .points)
        let canvas = plainText(plot([cloud], canvas: .ascii), width: 40).dropFirst().prefix(5)
        #expect(canvas.joined().count { $0 == "*" } == 2)
    }

    @Test func cloudsWithoutColourHaveMarkersOfTheirOwn() {
        let clouds = ["a", "b"].enumerated().map { index, name in
            Series(name: name, points: [PlotPoint(x: 0, y: Double(index))], mark: .points)
        }
        let lines = plainText(plot(clouds), width: 40)
        #expect(lines.last == "* a: n = 1   + b: n = 1")
        #expect(lines.dropFirst().dropLast().contains { $0.contains("*") })
        let coloured = plot(clouds).lines(width: 40, capabilities: terminal()).map(\.plainText)
        #expect(coloured.last?.hasPrefix("● a: n = 1   ● b: n = 1") == true)
    }

    @Test func aPathGoesBackWhereItsPointsDo() {
        let points = [(0.0, 0.0), (10, 5), (0, 10)].map { PlotPoint(x: $0.0, y: $0.1) }
        let path = plainText(
            plot([Series(name: "p", points: points, mark: .path)], canvas: .ascii), width: 40)
        let line = plainText(plot([Series(name: "p", points: points)], canvas: .ascii), width: 40)
        // Right at half height, and left at the top and the bottom.
        #expect(path != line)
        #expect(path[1].contains("*") && path[5].contains("*"))
        #expect(path[3].hasSuffix("*"))
    }

    @Test func aBandIsShadedBehindItsLineAndFitsIntoThePicture() {
        let points = (0...4).map { PlotPoint(x: Double($0), y: 5) }
        let band = (0...4).map { Series.Spread(x: Double($0), low: 0, high: 10) }
        let lines = plainText(
            plot([Series(name: "b", points: points, band: band)], canvas: .ascii), width: 40)
        #expect(
            lines == [
                "t",
                "10 +...................................",
                " 5 +***********************************",
                "   |...................................",
                " 0 +...................................",
                "   +--------+--------+--------+--------",
                "   0        1        2        3      x",
                "* b: n = 5, last 5.00",
            ] || lines.filter { $0.contains("...") }.count >= 3)
        #expect(lines.contains { $0.hasPrefix("10 +") } && lines.contains { $0.hasPrefix(" 0 +") })
        #expect(lines.contains { $0.contains("*****") })
    }

    @Test func linesWithoutColourDifferByTheirStrokes() {
        let two = plot([
            Series(name: "a", values: [1, 1, 1, 1]), Series(name: "b", values: [2, 2, 2, 2]),
        ])
        let lines = plainText(two, width: 60)
        #expect(lines.contains { $0.contains("⠉⠉⠉⠉⠉⠉⠉⠉") || $0.contains("⣀⣀⣀⣀⣀⣀⣀⣀") })
        #expect(lines.contains { $0.contains("── a:") && $0.contains("╌╌ b:") })
        // With colours all are whole.
        let coloured = two.lines(width: 60, capabilities: terminal()).map(\.plainText)
        #expect(coloured.contains { $0.contains("● a:") && $0.contains("● b:") })
    }

    @Test func quarterBlocksHaveTheSameGeometryAsBraille() {
        let wave = (0..<40).map { Double(($0 * 7) % 11) }
        let series = [Series(name: "w", values: wave)]
        let braille = plot(series, canvas: .braille).lines(width: 60, capabilities: terminal())
        let block = plot(series, canvas: .block).lines(width: 60, capabilities: terminal())
        for (one, other) in zip(braille, block) {
            #expect(one.plainText.map { $0 == " " } == other.plainText.map { $0 == " " })
        }
    }

    @Test func aTerminalOfASCIIGetsASCIIWhateverWasAskedFor() {
        var console = terminal()
        console.unicode = false
        let series = [Series(name: "w", values: [1, 3, 2])]
        let asked = plot(series, canvas: .block).lines(width: 60, capabilities: console)
        #expect(asked == plot(series, canvas: .ascii).lines(width: 60, capabilities: console))
    }

    @Test func theLinuxConsoleHasNoBraille() {
        var console = terminal()
        console.braille = false
        let lines = plot([Series(name: "a", values: [1, 2])])
            .lines(width: 40, capabilities: console)
        #expect(lines.allSatisfy { $0.plainText.allSatisfy(\.isASCII) })
    }
}
