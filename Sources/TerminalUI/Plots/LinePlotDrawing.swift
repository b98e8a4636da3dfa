/// One drawing of a `LinePlot`: canvas, axes, labels and legend for a width.
struct LinePlotDrawing {
    let plot: LinePlot
    let width: Int
    let kind: Canvas.Kind
    /// Without colours, lines differ by their strokes.
    let hasColors: Bool
    private let finite: [PlotPoint]

    init(plot: LinePlot, width: Int, kind: Canvas.Kind, hasColors: Bool) {
        self.plot = plot
        self.width = width
        self.kind = kind
        self.hasColors = hasColors
        finite = plot.series.flatMap { $0.finitePoints + $0.bandPoints }
    }

    func lines() -> [StyledLine] {
        let legend = PlotLegend(plot: plot, kind: kind, hasColors: hasColors).lines(width: width)
        let title = StyledLine(plot.title, .title).wrapped(to: width)
        // Beside the canvas: title, axis, its labels, legend.
        let rows = max(3, plot.height - (plot.isBare ? 2 : 2 + title.count + legend.count))
        guard let probe = PlotFrame(points: finite, rows: rows, columns: width) else {
            return title + [StyledLine("no values to plot", .dim)] + legend
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
        let picture = body + axes.bottom(xLabel: plot.xLabel)
        return plot.isBare ? picture : title + picture + legend
    }

    // MARK: Curves

    private func drawn(in frame: PlotFrame, columns: Int, rows: Int) -> Canvas {
        var canvas = Canvas(columns: columns, rows: rows)
        for (index, series) in plot.series.enumerated() {
            shade(series.band, in: frame, on: &canvas, index: index)
            let points = series.ordered
            let stroke = hasColors || kind == .ascii ? .solid : Stroke.series(index)
            let ink = Canvas.Ink(
                style: .series(index), marker: Self.marker(index), level: 1, stroke: stroke)
            if series.mark == .points {
                for point in points where point.isFinite {
                    let place = frame.dot(of: point, on: canvas)
                    canvas.dot(x: place.x, y: place.y, ink: ink)
                }
                continue
            }
            guard let alpha = plot.alpha(for: series) else {
                draw(points, in: frame, on: &canvas, ink: ink)
                continue
            }
            let faint = Canvas.Ink(style: .faintSeries(index), marker: ".", level: 0)
            for point in points where point.isFinite {
                let place = frame.dot(of: point, on: canvas)
                canvas.dot(x: place.x, y: place.y, ink: faint)
            }
            draw(
                smoothed(points, alpha, isPath: series.mark == .path), in: frame, on: &canvas,
                ink: ink)
        }
        return canvas
    }

    /// Every fourth dot between the low and the high line.
    private func shade(
        _ band: [Series.Spread], in frame: PlotFrame, on canvas: inout Canvas, index: Int
    ) {
        let ink = Canvas.Ink(style: .faintSeries(index), marker: ".", level: -1)
        let corners = band.filter { $0.x.isFinite && $0.low.isFinite && $0.high.isFinite }
            .map { spread in
                (
                    low: frame.dot(of: PlotPoint(x: spread.x, y: spread.low), on: canvas),
                    high: frame.dot(of: PlotPoint(x: spread.x, y: spread.high), on: canvas)
                )
            }
        for (left, right) in zip(corners, corners.dropFirst()) {
            for x in left.low.x...max(left.low.x, right.low.x) {
                let share =
                    Double(x - left.low.x) / Double(max(1, right.low.x - left.low.x))
                func between(_ a: Int, _ b: Int) -> Int {
                    Int((Double(a) + share * Double(b - a)).rounded())
                }
                let top = between(left.high.y, right.high.y)
                let bottom = between(left.low.y, right.low.y)
                for y in top...max(top, bottom) where isShaded(x, y) {
                    canvas.dot(x: x, y: y, ink: ink)
                }
            }
        }
    }

    /// A quarter block is as large as four dots, so fewer of them make the same shade.
    private func isShaded(_ x: Int, _ y: Int) -> Bool {
        kind == .block ? x % 4 == 0 && y % 4 == 0 : (x + 2 * y) % 4 == 0
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

    /// On the way of a path both coordinates are smoothed.
    private func smoothed(
        _ points: [PlotPoint], _ alpha: Double, isPath: Bool
    ) -> [PlotPoint] {
        let ys = exponentialMovingAverage(points.map(\.y), alpha: alpha)
        let xs = points.map(\.x)
        return zip(isPath ? exponentialMovingAverage(xs, alpha: alpha) : xs, ys)
            .map { PlotPoint(x: $0, y: $1) }
    }

    static func marker(_ index: Int) -> Character {
        let markers: [Character] = ["*", "+", "x", "o", "#", "%", "@", "&"]
        return markers[index % markers.count]
    }

    // MARK: Names at the right end

    private static let longestName = 14

    /// The end of a path where there is no room for all of it.
    private static func short(_ name: String, _ width: Int) -> String {
        if displayWidth(of: name) <= width { return name }
        return name.split(separator: "/").last.map(String.init) ?? name
    }

    private var nameWidth: Int {
        if width < 50 { return 0 }
        let lines = plot.series.filter { $0.mark == .line }
        let names = lines.map { visibleText(Self.short($0.name, Self.longestName)) }
        return min(Self.longestName, names.map { displayWidth(of: $0) }.max() ?? 0)
    }

    /// Every name beside the end of its curve, or on the nearest free row.
    private func endLabels(in frame: PlotFrame, canvas: Canvas, width: Int) -> [Int: StyledLine] {
        if width == 0 { return [:] }
        var labels: [Int: StyledLine] = [:]
        for (index, series) in plot.series.enumerated() where series.mark == .line {
            let points = series.ordered.filter(\.isFinite)
            let curve =
                plot.alpha(for: series).map { smoothed(points, $0, isPath: false) } ?? points
            guard let end = curve.last else { continue }
            let wanted = frame.dot(of: end, on: canvas).y / 4
            let free = (0..<canvas.rows).filter { labels[$0] == nil }
            let nearest = free.min { (abs($0 - wanted), $0) < (abs($1 - wanted), $1) }
            guard let row = nearest else { break }
            labels[row] = StyledLine(Self.short(series.name, width), .series(index)).truncated(
                to: width, ellipsis: kind.isUnicode ? "…" : "...")
        }
        return labels
    }
}
