/// Exponential moving average without the bias of its start:
///
///     m[t] = α · x[t] + (1 − α) · m[t−1],   m[0] = 0
///     y[t] = m[t] / (1 − (1 − α)^t)
///
/// Values that are not finite stay as they are and do not enter the average.
///
/// - Parameter alpha: Weight of the newest value, above 0, at most 1 (no smoothing).
public func exponentialMovingAverage(_ values: [Double], alpha: Double) -> [Double] {
    let alpha = min(max(alpha, 1e-6), 1)
    var average = MovingAverage(alpha: alpha)
    return values.map { value in
        guard value.isFinite else { return value }
        average.add(value)
        return average.value ?? value
    }
}

/// The average itself, for values that come one by one.
struct MovingAverage {
    let alpha: Double
    private var sum = 0.0
    private var remaining = 1.0

    init(alpha: Double) {
        self.alpha = alpha
    }

    mutating func add(_ value: Double) {
        sum = alpha * value + (1 - alpha) * sum
        remaining *= 1 - alpha
    }

    /// Nil before the first value.
    var value: Double? {
        remaining < 1 ? sum / (1 - remaining) : nil
    }
}
