/// How one metric has gone so far, in constant space.
///
/// A single update of PPO is noisy, so rules compare means over a window of a few of them.
struct MetricTrend {
    /// Values in a mean.
    let window: Int
    /// Finite values seen.
    private(set) var count = 0
    /// Mean of the first window.
    private(set) var start = 0.0
    /// Mean of the last window.
    private(set) var recent = 0.0
    /// Mean of the window before the last; nil until there are two.
    private(set) var earlier: Double?
    /// Highest `recent` since the first full window.
    private(set) var highest = -Double.infinity
    /// Lowest `recent` since the first full window.
    private(set) var lowest = Double.infinity

    private var tail: [Double] = []
    private var squaredSteps = 0.0

    init(window: Int) { self.window = window }

    /// Whether there is a window to speak of.
    var isReady: Bool { count >= window }

    /// Deviation of a single value around its trend.
    ///
    /// From the steps between neighbours, √(mean(step²) / 2), so that a slow rise does not count as
    /// noise.
    var noise: Double {
        count < 2 ? 0 : (squaredSteps / Double(count - 1) / 2).squareRoot()
    }

    /// Takes in the next value, which must be finite.
    mutating func append(_ value: Double) {
        if let last = tail.last { squaredSteps += (value - last) * (value - last) }
        count += 1
        tail.append(value)
        if tail.count > 2 * window { tail.removeFirst() }
        recent = Self.mean(tail.suffix(window))
        if count <= window { start = recent }
        if tail.count == 2 * window { earlier = Self.mean(tail.prefix(window)) }
        if isReady {
            highest = max(highest, recent)
            lowest = min(lowest, recent)
        }
    }

    private static func mean(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0, +) / Double(values.count)
    }
}
