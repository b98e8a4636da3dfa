/// The part of the plane that a plot shows, and where its points fall on a canvas.
struct PlotFrame: Equatable {
    let x: ClosedRange<Double>
    let y: ClosedRange<Double>
    let xTicks: AxisTicks
    let yTicks: AxisTicks
    /// Nil when there is nothing finite to show.
    init?(points: [PlotPoint], rows: Int, columns: Int) {
        guard let first = points.first else { return nil }
        var x = (first.x, first.x)
        var y = (first.y, first.y)
        for point in points {
            x = (min(x.0, point.x), max(x.1, point.x))
            y = (min(y.0, point.y), max(y.1, point.y))
        }
        let hasWholeX = points.allSatisfy { $0.x == $0.x.rounded() }
        self.x = Self.widened(x)
        let ticks = AxisTicks(
            covering: self.x.lowerBound, self.x.upperBound, count: max(1, columns / 12))
        // Steps have no halves.
        xTicks =
            hasWholeX && ticks.exponent < 0
            ? AxisTicks(wholeNumbersFrom: x.0, to: x.1) : ticks
        let tight = Self.widened(y)
        yTicks = AxisTicks(
            covering: tight.lowerBound, tight.upperBound, count: min(5, max(2, rows / 3)))
        // The y axis begins and ends at a tick.
        self.y =
            yTicks.value(yTicks.multiples.lowerBound)...yTicks.value(yTicks.multiples.upperBound)
    }

    /// Room around a constant, and limits that leave room to calculate.
    static func widened(_ range: (Double, Double)) -> ClosedRange<Double> {
        let largest = 1e300
        let low = min(max(range.0, -largest), largest)
        let high = min(max(range.1, -largest), largest)
        let size = max(abs(low), abs(high))
        if high - low > max(size * 1e-12, 1e-290) { return low...high }
        let margin = size > 1e-280 ? size * 0.1 : 1
        return (low - margin)...(high + margin)
    }

    /// Dots from the left and from the top.
    func dot(of point: PlotPoint, on canvas: Canvas) -> (x: Int, y: Int) {
        let across = Self.place(point.x, in: x, dots: canvas.dotColumns)
        let up = Self.place(point.y, in: y, dots: canvas.dotRows)
        return (across, canvas.dotRows - 1 - up)
    }

    private static func place(_ value: Double, in range: ClosedRange<Double>, dots: Int) -> Int {
        let inside = min(max(value, range.lowerBound), range.upperBound)
        let fraction = (inside - range.lowerBound) / (range.upperBound - range.lowerBound)
        return Int((fraction * Double(dots - 1)).rounded())
    }
}
