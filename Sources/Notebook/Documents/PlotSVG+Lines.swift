import OrderedJSON
import TerminalUI

extension PlotSVG {
    /// One series, as it is drawn.
    struct Line: Equatable {
        var name: String
        /// The middles of the bins and their counts in a histogram.
        var points: [Point]
        var mark = Series.Mark.line
        /// The band around the line.
        var low: [Point] = []
        var high: [Point] = []
        /// The borders of a histogram's bins; empty for everything else.
        var borders: [Double] = []
        /// How many values are not finite.
        var missing = 0
        /// What its values say in short, for a histogram.
        fileprivate var summary: String?
    }

    /// A point; `y` is nil in a gap.
    struct Point: Equatable {
        var x: Double
        var y: Double?
    }
}

extension PlotSVG.Line {
    /// The lines of a plot as `PlotData` writes it.
    static func lines(of plot: JSON) -> [PlotSVG.Line] {
        switch PlotData(plot).picture {
        case .curves(let series): series.map(PlotSVG.Line.init)
        case .histogram(let groups): histogram(groups)
        }
    }

    private init(_ series: Series) {
        name = series.name
        points = series.points.filter { $0.x.isFinite }.map {
            PlotSVG.Point(x: $0.x, y: $0.y.isFinite ? $0.y : nil)
        }
        mark = series.mark
        missing = series.points.count { !$0.x.isFinite || !$0.y.isFinite }
        for spread in series.band
        where spread.x.isFinite && spread.low.isFinite && spread.high.isFinite {
            low.append(PlotSVG.Point(x: spread.x, y: spread.low))
            high.append(PlotSVG.Point(x: spread.x, y: spread.high))
        }
    }

    /// All groups over the same bins.
    private static func histogram(_ groups: [Histogram.Group]) -> [PlotSVG.Line] {
        let (borders, counts) = Histogram(title: "", groups: groups).binned
        return zip(groups, counts).map { group, counts in
            let middles = zip(borders, borders.dropFirst()).map { ($0 + $1) / 2 }
            var line = PlotSVG.Line(
                name: group.name,
                points: zip(middles, counts).map { PlotSVG.Point(x: $0, y: Double($1)) })
            line.borders = borders
            let finite = group.values.filter(\.isFinite)
            line.missing = group.values.count - finite.count
            let mean = finite.reduce(0) { $0 + $1 / Double(finite.count) }
            line.summary =
                finite.isEmpty
                ? "no values" : "mean \(formatted(mean, significantDigits: 3)), n = \(finite.count)"
            return line
        }
    }

    /// Everything that the picture must have room for.
    var corners: [PlotSVG.Point] {
        borders.isEmpty
            ? points + low + high : points + borders.map { PlotSVG.Point(x: $0, y: 0) }
    }

    /// Its figures in words: `loss: first 2.30, last 0.410, least 0.398, greatest 2.30, n = 60`.
    var figures: String {
        if let summary { return "\(name): \(summary)" }
        let values = points.compactMap(\.y)
        guard let first = values.first, let last = values.last, let low = values.min(),
            let high = values.max()
        else { return name }
        let ends = mark == .points ? [] : [("first", first), ("last", last)]
        let parts = (ends + [("least", low), ("greatest", high)])
            .map { "\($0.0) \(formatted($0.1, significantDigits: 3))" }
        return "\(name): \(parts.joined(separator: ", ")), n = \(values.count)"
    }
}
