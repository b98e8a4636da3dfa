import Testing

@testable import TerminalUI

struct LinePlotTests {
    @Test func aRisingLine() {
        let plot = LinePlot(
            title: "reward", xLabel: "step",
            series: [Series(name: "score", values: [0, 1, 2, 3, 4], better: .higher)], height: 9)
        #expect(
            plainText(plot, width: 40) == [
                "reward",
                "4 ┤                             ⣀⣀⠤⠤⠔⠒⠊⠉",
                "2 ┤                 ⢀⣀⣀⠤⠤⠤⠒⠒⠒⠉⠉⠉",
                "  │        ⣀⣀⡠⠤⠤⠒⠒⠉⠉⠁",
                "0 ┤⣀⡠⠤⠔⠒⠒⠉⠉",
                "  └┬────────┬────────┬────────┬────────┬",
                "   1        2        3        4     step",
                "● score: n = 5, last 4.00, best 4.00 at",
                "  5",
            ])
    }

    @Test func aLongTitleIsWrappedAndALongNameEndsWithItsEnd() {
        let plot = LinePlot(
            title: "loss, sft [4] and reward [9], n = 2400, nats", xLabel: "step",
            series: [Series(name: "objective/scores", values: [0, 1])], height: 12)
        let narrow = plainText(plot, width: 40)
        #expect(narrow.prefix(2) == ["loss, sft [4] and reward [9], n = 2400,", "nats"])
        #expect(narrow.count == 12)
        let wide = plainText(plot, width: 60)
        #expect(wide.contains { $0.hasSuffix(" scores") })
        #expect(!wide.contains { $0.hasSuffix("…") })
    }

    @Test func asciiHasTheSameGeometry() {
        let series = [Series(name: "a", values: wave(60)), Series(name: "b", values: wave(30))]
        let plot = LinePlot(title: "t", xLabel: "step", series: series)
        // With colours: without them lines have strokes, in ASCII they have markers.
        let drawn = plot.lines(width: 70, capabilities: terminal()).map(\.plainText)
        let ascii = plot.lines(width: 70, capabilities: .plain).map(\.plainText)
        // Title, canvas and axis; the legend's words differ.
        for (line, other) in zip(drawn.prefix(12), ascii.prefix(12)) {
            #expect(line.map { $0 == " " } == other.map { $0 == " " })
            #expect(other.allSatisfy { $0.isASCII })
        }
    }

    static let cases: [(name: String, values: [[Double]])] = [
        ("no series", []), ("no points", [[]]), ("one point", [[1]]), ("two points", [[1, 2]]),
        ("constant", [[3, 3, 3]]), ("zero", [[0, 0]]), ("only NaN", [[.nan, .nan]]),
        ("gaps", [[1, .nan, 2, .infinity, -.infinity, 3]]), ("tiny", [[1e-12, 3e-12]]),
        ("huge", [[1e12, 2e12]]), ("nearly equal", [[1e12, 1e12 + 1]]),
        ("limits", [[-.greatestFiniteMagnitude, .greatestFiniteMagnitude]]),
        ("smallest", [[.leastNonzeroMagnitude, .leastNormalMagnitude]]),
        ("negative", [[-5, -1, -3]]),
        ("ten series", (0..<10).map { k in (0..<30).map { Double($0 * k) } }),
    ]

    @Test(arguments: cases.indices, [20, 40, 80, 200])
    func anythingIsDrawnInLinesOfOneWidth(index: Int, width: Int) {
        let test = Self.cases[index]
        let series = test.values.enumerated().map { Series(name: "series \($0)", values: $1) }
        let plot = LinePlot(title: "loss", xLabel: "step", series: series)
        for capabilities in [terminal(), unicodeFile(), .plain] {
            let lines = plot.lines(width: width, capabilities: capabilities)
            #expect(Set(lines.map(\.displayWidth)) == [min(width, 100)], "\(test.name)")
            #expect(lines.count <= 16, "\(test.name)")
            #expect(lines == plot.lines(width: width, capabilities: capabilities))
            for line in lines {
                let rendered = withoutStyles(line.rendered(for: capabilities))
                #expect(line.plainText.hasPrefix(rendered))
            }
        }
    }

    @Test func aHundredThousandPointsKeepTheirSpikes() {
        var values = Array(repeating: 1.0, count: 100_000)
        values[50_000] = 9
        let plot = LinePlot(
            title: "t", xLabel: "step", series: [Series(name: "a", values: values)], smoothing: .off
        )
        let rows = plainText(plot, width: 80).dropFirst().prefix(8)
        #expect(rows.filter { $0.contains { ("\u{2801}"..."\u{28FF}").contains($0) } }.count >= 7)
    }

    @Test func gapsAreSaid() {
        let plot = LinePlot(
            title: "loss", xLabel: "step",
            series: [Series(name: "loss", values: [1, .nan, .infinity, 2, 1], firstX: 411)])
        let lines = plainText(plot, width: 80)
        #expect(lines.last == "loss: 2 values are not finite, at step 412 to 413")
        let empty = LinePlot(
            title: "loss", xLabel: "step", series: [Series(name: "kl", values: [.nan])])
        #expect(
            plainText(empty, width: 80) == [
                "loss", "no values to plot", "● kl: n = 1", "kl: 1 value is not finite, at step 1",
            ])
    }

    @Test func aGapIsNotBridged() {
        let plot = LinePlot(
            title: "t", xLabel: "x", series: [Series(name: "a", values: [1, 1, .nan, 1, 1])])
        let row = plainText(plot, width: 44).first { $0.hasPrefix("1.00") }
        let pieces = row?.dropFirst(6).split(separator: " ")
        #expect(pieces?.count == 2)
    }

    @Test func everyPointIsDrawnWithinACellOfItsPlace() throws {
        let values = wave(40)
        let points = values.enumerated().map { PlotPoint(x: Double($0), y: $1) }
        let canvas = Canvas(columns: 60, rows: 10)
        let frame = try #require(PlotFrame(points: points, rows: 10, columns: 60))
        for point in points {
            let dot = frame.dot(of: point, on: canvas)
            let x =
                frame.x.lowerBound
                + (Double(dot.x) + 0.5) / 120 * (frame.x.upperBound - frame.x.lowerBound)
            let y =
                frame.y.upperBound
                - (Double(dot.y) + 0.5) / 40 * (frame.y.upperBound - frame.y.lowerBound)
            #expect(abs(x - point.x) <= (frame.x.upperBound - frame.x.lowerBound) / 60)
            #expect(abs(y - point.y) <= (frame.y.upperBound - frame.y.lowerBound) / 10)
        }
    }

    @Test func longCurvesAreSmoothedAndTheLegendSaysHow() {
        let plot = LinePlot(
            title: "t", xLabel: "step",
            series: [
                Series(name: "loss", values: wave(200), better: .lower),
                Series(name: "held-out", values: [1, 2]),
            ])
        let legend = plainText(plot, width: 100).suffix(2)
        #expect(legend.first?.contains("α = 0.05") == true)
        #expect(legend.last == "dots: values, line: smoothed")
        var raw = plot
        raw.smoothing = .off
        #expect(!plainText(raw, width: 100).joined().contains("smoothed"))
    }

    @Test func pointsOutOfOrderAreDrawnInOrder() {
        let points = [PlotPoint(x: 1, y: 1), PlotPoint(x: 2, y: 4), PlotPoint(x: 3, y: 2)]
        func lines(_ points: [PlotPoint]) -> [String] {
            plainText(
                LinePlot(title: "t", xLabel: "x", series: [Series(name: "a", points: points)]),
                width: 60)
        }
        #expect(lines(points) == lines([points[2], points[0], points[1]]))
    }

    private func wave(_ count: Int) -> [Double] {
        (0..<count).map { index in
            let bump = Double((index * 37) % 23) / 7
            return bump - Double(index) / 50
        }
    }
}
