/// One drawing of a `LinePlot`: canvas, axes, labels and legend for a width.
struct LinePlotDrawing {
    let plot: LinePlot
    let width: Int
    let kind: Canvas.Kind
    private let finite: [PlotPoint]

    init(plot: LinePlot, width: Int, kind: Canvas.Kind) {
        self.plot = plot
        self.width = width
        self.kind = kind
        finite = plot.series.flatMap(\.finitePoints)
    }

    func lines() -> [StyledLine] {
        let legend = PlotLegend(plot: plot, kind: kind).lines(width: width)
        // Beside the canvas: title, axis, its labels, legend.
        let rows = max(4, plot.height - 3 - legend.count)
        let title = StyledLine(plot.title, .title)
        guard let probe = PlotFrame(points: finite, rows: rows, columns: width) else {
            return [title, StyledLine("no values to plot", .dim)] + legend
        }
        let labelWidth = probe.yTicks.labels.map(displayWidth).max() ?? 0
        let names = nameWidth
        let columns = max(4, width - labelWidth - 2 - (names > 0 ? names + 1 : 0))
        guard let frame = PlotFrame(points: finite, rows: rows, columns: columns) else { return [] }

        let canvas = drawn(in: frame, columns: columns, rows: rows)
        let axes = PlotAxes(
            frame: frame, canvas: canvas, labelWidth: labelWidth, nameWidth: names, kind: kind)
        let labels = endLabels(in: frame, canvas: canvas, width: names)
        let body = (0..<rows).map { row in
            let line = axes.left(row) + canvas.line(row, kind: kind)
            return labels[row].map { line + " " + $0 } ?? line
        }
        return [title] + body + axes.bottom(xLabel: plot.xLabel) + legend
    }

    // MARK: Curves

    private func drawn(in frame: PlotFrame, columns: Int, rows: Int) -> Canvas {
        var canvas = Canvas(columns: columns, rows: rows)
        for (index, series) in plot.series.enumerated() {
            let points = series.ordered
            let ink = Canvas.Ink(
                style: .series(index), marker: Self.marker(index), level: 1)
            guard let alpha = plot.alpha(for: series) else {
                draw(points, in: frame, on: &canvas, ink: ink)
                continue
            }
            let faint = Canvas.Ink(style: .faintSeries(index), marker: ".", level: 0)
            for point in points where point.isFinite {
                let place = frame.dot(of: point, on: canvas)
                canvas.dot(x: place.x, y: place.y, ink: faint)
            }
            draw(smoothed(points, alpha), in: frame, on: &canvas, ink: ink)
        }
        return canvas
    }

    /// A line through all points, with gaps where a value is not finite.
    private func draw(
        _ points: [PlotPoint], in frame: PlotFrame, on canvas: inout Canvas, ink: Canvas.Ink
    ) {
        var last: (x: Int, y: Int)?
        for point in points {
            guard point.isFinite else {
                last = nil
                continue
            }
            let place = frame.dot(of: point, on: canvas)
            canvas.line(from: last ?? place, to: place, ink: ink)
            last = place
        }
    }

    private func smoothed(_ points: [PlotPoint], _ alpha: Double) -> [PlotPoint] {
        zip(points, exponentialMovingAverage(points.map(\.y), alpha: alpha))
            .map { PlotPoint(x: $0.x, y: $1) }
    }

    static func marker(_ index: Int) -> Character {
        let markers: [Character] = ["*", "+", "x", "o", "#", "%", "@", "&"]
        return markers[index % markers.count]
    }

    // MARK: Names at the right end

    private var nameWidth: Int {
        if width < 50 { return 0 }
        return min(14, plot.series.map { displayWidth(of: visibleText($0.name)) }.max() ?? 0)
    }

    /// Every name beside the end of its curve, or on the nearest free row.
    private func endLabels(in frame: PlotFrame, canvas: Canvas, width: Int) -> [Int: StyledLine] {
        if width == 0 { return [:] }
        var labels: [Int: StyledLine] = [:]
        for (index, series) in plot.series.enumerated() {
            let points = series.ordered.filter(\.isFinite)
            let curve = plot.alpha(for: series).map { smoothed(points, $0) } ?? points
            guard let end = curve.last else { continue }
            let wanted = frame.dot(of: end, on: canvas).y / 4
            let free = (0..<canvas.rows).filter { labels[$0] == nil }
            let nearest = free.min { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }
            guard let row = nearest else { break }
            labels[row] = StyledLine(series.name, .series(index)).truncated(
                to: width, ellipsis: kind == .braille ? "…" : "...")
        }
        return labels
    }
}
