/// Mean, deviation and spread of a set of numbers.
public struct Summary: Equatable, Sendable {
    /// How many finite numbers there were; the figures below describe these.
    public let count: Int
    /// How many were NaN or infinite, and left out.
    public let nonFiniteCount: Int
    /// Σx / n; NaN when there is nothing to describe, as all that follow.
    public let mean: Double
    /// √(Σ(x − mean)² / (n − 1)), the sample's standard deviation; 0 for a single number.
    public let deviation: Double
    /// The finite numbers in rising order.
    public let sorted: [Float]

    /// Describes numbers, in any order.
    public init(_ values: [Float]) {
        sorted = values.filter(\.isFinite).sorted()
        count = sorted.count
        nonFiniteCount = values.count - count
        guard count > 0 else {
            mean = .nan
            deviation = .nan
            return
        }
        let mean = sorted.reduce(0) { $0 + Double($1) } / Double(count)
        let squares = sorted.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        self.mean = mean
        deviation = count > 1 ? (squares / Double(count - 1)).squareRoot() : 0
    }

    /// The number below which the share `p` of the others lies; 0 is the smallest, 1 the largest.
    ///
    /// Between two numbers it is interpolated linearly, as NumPy does by default.
    public func quantile(_ p: Double) -> Double {
        interpolatedQuantile(p, ofSorted: sorted.map(Double.init))
    }
}

/// The `p` quantile of numbers in rising order, linear between neighbours; NaN of none.
func interpolatedQuantile(_ p: Double, ofSorted values: [Double]) -> Double {
    precondition(p >= 0 && p <= 1, "quantile: \(p) is not a share")
    guard let last = values.indices.last else { return .nan }
    let position = p * Double(last)
    let below = Int(position)
    let above = min(below + 1, last)
    let weight = position - Double(below)
    return values[below] + weight * (values[above] - values[below])
}
