/// A percentile interval of a coefficient, found by drawing whole units with replacement.
///
/// Ratings of one unit stand or fall together, so units are drawn, never ratings (Efron 1979).
public struct Interval: Equatable, Sendable {
    /// The 2.5 % quantile.
    public let lower: Double
    /// The 97.5 % quantile.
    public let upper: Double

    /// Creates an interval.
    public init(lower: Double, upper: Double) {
        self.lower = lower
        self.upper = upper
    }

    /// The interval between the 2.5 % and the 97.5 % quantile, interpolated; nil of nothing.
    init?(quantilesOf values: [Double]) {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        lower = Self.quantile(0.025, of: sorted)
        upper = Self.quantile(0.975, of: sorted)
    }

    static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}

/// Units by what was said about them: units with equal counts need no more than one place.
struct ItemBootstrap {
    /// The different category counts, in the order in which they first occur.
    let patterns: [[Int]]
    /// The pattern of each unit.
    private let places: [Int]

    init(_ counts: [[Int]]) {
        var patterns: [[Int]] = []
        var known: [[Int]: Int] = [:]
        places = counts.map { unit in
            if let place = known[unit] { return place }
            known[unit] = patterns.count
            patterns.append(unit)
            return patterns.count - 1
        }
        self.patterns = patterns
    }

    /// The interval of a coefficient over resamples; a resample where it is not defined is left
    /// out. Nil when it never is.
    func interval(
        resamples: Int = 1_000, seed: UInt64, of coefficient: ([[Int]], [Int]) -> Double?
    ) -> Interval? {
        let random = KeyedRandom(seed: seed, "agreement", "bootstrap")
        var values: [Double] = []
        for resample in 0..<resamples {
            var weights = [Int](repeating: 0, count: patterns.count)
            for draw in places.indices {
                let place = resample &* places.count &+ draw
                weights[places[random.index(below: places.count, at: place)]] += 1
            }
            if let value = coefficient(patterns, weights) { values.append(value) }
        }
        return Interval(quantilesOf: values)
    }
}
