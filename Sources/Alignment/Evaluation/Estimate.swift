import Glibc

/// A measured mean or share, with the interval that holds the true one 95 times in 100.
public struct Estimate: Equatable, Sendable {
    /// The mean over what was measured; NaN when nothing was.
    public let value: Double
    /// The 95 % interval's lower end.
    public let lower: Double
    /// The 95 % interval's upper end.
    public let upper: Double
    /// How many things were measured.
    public let count: Int

    /// A value with an interval found elsewhere.
    public init(value: Double, lower: Double, upper: Double, count: Int) {
        self.value = value
        self.lower = lower
        self.upper = upper
        self.count = count
    }

    /// The 0.975 quantile of the standard normal distribution.
    private static let z = 1.959963984540054

    /// A share with Wilson's score interval.
    ///
    ///     centre = (p + z²/2n) / (1 + z²/n)
    ///     half   = z / (1 + z²/n) · √(p(1−p)/n + z²/4n²)
    ///
    /// E. B. Wilson 1927. It stays inside [0, 1] and is honest at shares of 0 and 1, but takes the
    /// trials to be independent: several answers to one prompt are not (see `bootstrap`).
    ///
    /// - Parameters:
    ///   - successes: May be fractional: a tie counts as half.
    ///   - trials: n; with none, the value is NaN and the interval [0, 1].
    public static func wilson(successes: Double, trials: Int) -> Estimate {
        precondition(
            trials >= 0 && successes >= 0 && successes <= Double(trials),
            "Wilson: \(successes) successes in \(trials) trials")
        guard trials > 0 else { return Estimate(value: .nan, lower: 0, upper: 1, count: 0) }
        let n = Double(trials)
        let p = successes / n
        let shrink = 1 + z * z / n
        let centre = (p + z * z / (2 * n)) / shrink
        let half = z / shrink * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
        // At shares of 0 and 1 the ends are exactly that, which rounding would miss.
        return Estimate(
            value: p, lower: successes == 0 ? 0 : centre - half,
            upper: successes == n ? 1 : centre + half, count: trials)
    }

    /// A mean with the percentile bootstrap interval, drawn by group.
    ///
    /// Whole groups are drawn with replacement, as many as there are, and their values averaged;
    /// the interval runs from the 2.5 % to the 97.5 % quantile of these means (Efron 1979). Groups
    /// are prompts: answers to one prompt stand or fall together.
    ///
    /// - Parameters:
    ///   - groups: Values by group; empty groups count as groups without values. One group alone tells
    ///     nothing of another: the ends are NaN.
    ///   - resamples: How many means to draw.
    ///   - seed: Draw k of resample r depends on (seed, r, k) only.
    public static func bootstrap(
        groups: [[Double]], resamples: Int = 2_000, seed: UInt64
    ) -> Estimate {
        precondition(resamples > 0, "bootstrap: \(resamples) resamples")
        let sums = groups.map { $0.reduce(0, +) }
        let count = groups.reduce(0) { $0 + $1.count }
        guard count > 0 else {
            return Estimate(value: .nan, lower: .nan, upper: .nan, count: 0)
        }
        if groups.count == 1 {
            return Estimate(value: sums[0] / Double(count), lower: .nan, upper: .nan, count: count)
        }
        var means: [Double] = []
        means.reserveCapacity(resamples)
        for resample in 0..<resamples {
            var sum = 0.0
            var drawn = 0
            for draw in groups.indices {
                let index = randomIndex(
                    below: groups.count, seed: seed, resample: resample, draw: draw)
                sum += sums[index]
                drawn += groups[index].count
            }
            if drawn > 0 { means.append(sum / Double(drawn)) }
        }
        means.sort()
        return Estimate(
            value: sums.reduce(0, +) / Double(count),
            lower: interpolatedQuantile(0.025, ofSorted: means),
            upper: interpolatedQuantile(0.975, ofSorted: means), count: count)
    }

    /// The same of single values and the groups that they belong to, such as the ids of their prompts.
    public static func bootstrap(_ values: [Double], groups ids: [String], seed: UInt64) -> Estimate
    {
        precondition(
            values.count == ids.count, "bootstrap: \(values.count) values, \(ids.count) ids")
        var places: [String: Int] = [:]
        var groups: [[Double]] = []
        for (value, id) in zip(values, ids) {
            let place = places[id] ?? groups.count
            if place == groups.count {
                places[id] = place
                groups.append([])
            }
            groups[place].append(value)
        }
        return bootstrap(groups: groups, seed: seed)
    }

    /// The interval stretched so that it and its like hold together 95 times in 100.
    ///
    /// Bonferroni's correction with the normal distribution's quantiles: each end moves away from
    /// the value by the ratio of the 1 − 0.025 / k quantile to the 0.975 one.
    ///
    /// - Parameter count: k, how many intervals are looked at together.
    public func widened(forComparisons count: Int) -> Estimate {
        precondition(count >= 1, "widened: \(count) comparisons")
        let ratio = Self.normalQuantile(1 - 0.025 / Double(count)) / Self.z
        return Estimate(
            value: value, lower: value - ratio * (value - lower),
            upper: value + ratio * (upper - value), count: self.count)
    }

    /// The number below which a standard normal one stays with probability `p`, at least ½.
    static func normalQuantile(_ p: Double) -> Double {
        var (low, high) = (0.0, 40.0)
        for _ in 0..<80 {
            let middle = (low + high) / 2
            // The upper tail keeps its digits where 1 − p is tiny.
            if 0.5 * erfc(middle / 2.0.squareRoot()) > 1 - p { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// A number in 0 ..< `limit` that depends on its arguments only (SplitMix64's finalizer,
    /// twice).
    static func randomIndex(
        below limit: Int, seed: UInt64, resample: Int, draw: Int
    ) -> Int {
        func mixed(_ value: UInt64) -> UInt64 {
            var z = value &+ 0x9e37_79b9_7f4a_7c15
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
        let counter = UInt64(resample) << 32 | UInt64(draw)
        let bits = mixed(mixed(seed) ^ mixed(counter))
        return Int(bits.multipliedFullWidth(by: UInt64(limit)).high)
    }
}
