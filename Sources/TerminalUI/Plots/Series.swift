/// A point of a curve.
public struct PlotPoint: Hashable, Sendable {
    public var x: Double
    public var y: Double

    public init(x: Double, y: Double) {
        self.x = x
        self.y = y
    }
}

/// A named curve.
public struct Series: Hashable, Sendable {
    /// Which values are good ones.
    public enum Direction: Hashable, Sendable {
        case higher, lower
    }

    /// How points become a picture.
    public enum Mark: String, Hashable, Sendable {
        /// A line through the points from left to right.
        case line
        /// Points alone.
        case points
        /// A line through the points in the order in which they are given.
        case path
    }

    /// How far values spread at one place.
    public struct Spread: Hashable, Sendable {
        public var x: Double
        public var low: Double
        public var high: Double

        public init(x: Double, low: Double, high: Double) {
            self.x = x
            self.low = low
            self.high = high
        }
    }

    public var name: String
    public var points: [PlotPoint]
    public var mark = Mark.line
    /// A shade behind the line; empty for none.
    public var band: [Spread] = []
    /// With it the legend names the best value; nil where best means nothing.
    public var better: Direction?

    public init(
        name: String, points: [PlotPoint], mark: Mark = .line, band: [Spread] = [],
        better: Direction? = nil
    ) {
        self.name = name
        self.points = points
        self.mark = mark
        self.band = band
        self.better = better
    }

    /// Values at `firstX`, `firstX` + 1, and so on.
    public init(name: String, values: [Double], firstX: Int = 1, better: Direction? = nil) {
        let points = values.enumerated().map { PlotPoint(x: Double(firstX + $0), y: $1) }
        self.init(name: name, points: points, better: better)
    }
}

extension PlotPoint {
    var isFinite: Bool { x.isFinite && y.isFinite }
}

extension Series {
    var finitePoints: [PlotPoint] { points.filter(\.isFinite) }

    /// The corners of the band, which must fit into the picture too.
    var bandPoints: [PlotPoint] {
        band.flatMap { [PlotPoint(x: $0.x, y: $0.low), PlotPoint(x: $0.x, y: $0.high)] }
            .filter(\.isFinite)
    }

    var best: PlotPoint? {
        switch better {
        case nil: nil
        case .higher: finitePoints.max { $0.y < $1.y }
        case .lower: finitePoints.min { $0.y < $1.y }
        }
    }

    /// Points in order of x; those without a place on the x axis are left out.
    var ordered: [PlotPoint] {
        let placed = points.filter { $0.x.isFinite }
        if mark != .line { return placed }
        let isOrdered = zip(placed, placed.dropFirst()).allSatisfy { $0.x <= $1.x }
        if isOrdered { return placed }
        return placed.enumerated().sorted { ($0.element.x, $0.offset) < ($1.element.x, $1.offset) }
            .map(\.element)
    }

    /// "3 values are not finite, at step 412 to 414"
    func gapNote(xLabel: String) -> String? {
        let gaps = points.filter { !$0.isFinite }
        if gaps.isEmpty { return nil }
        let count = gaps.count == 1 ? "1 value is" : "\(formatted(count: gaps.count)) values are"
        let places = gaps.map(\.x).filter(\.isFinite)
        guard let first = places.min(), let last = places.max() else {
            return "\(name): \(count) not finite"
        }
        let range =
            first == last ? positionText(first) : "\(positionText(first)) to \(positionText(last))"
        return "\(name): \(count) not finite, at \(xLabel) \(range)"
    }
}

/// A place on the x axis: whole numbers stay whole.
func positionText(_ x: Double) -> String {
    if let whole = Int(exactly: x) { return "\(whole)" }
    return formatted(x, significantDigits: 4)
}
