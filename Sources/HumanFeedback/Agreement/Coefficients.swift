/// Agreement of annotators over units, corrected for chance or not.
///
/// `counts[u][c]` is how many annotators gave unit `u` the category `c`. A coefficient is nil where
/// it is not defined: no unit with two ratings, or one category only, so that chance alone would
/// agree always.
public enum Coefficients {
    /// The share of pairs of ratings of one unit that are equal.
    ///
    ///     Σ_u Σ_c n_uc (n_uc − 1) / Σ_u n_u (n_u − 1)
    public static func rawAgreement(_ counts: [[Int]]) -> Double? {
        var equal = 0
        var all = 0
        for unit in counts {
            let total = unit.reduce(0, +)
            all += total * (total - 1)
            for count in unit { equal += count * (count - 1) }
        }
        return all == 0 ? nil : Double(equal) / Double(all)
    }

    /// Cohen's kappa of two annotators on the units that both judged (Cohen 1960).
    ///
    ///     κ = (p_o − p_e) / (1 − p_e),   p_e = Σ_c p_1c p_2c
    ///
    /// - Parameter pairs: The two categories of each such unit.
    public static func cohenKappa(_ pairs: [(Int, Int)]) -> Double? {
        guard !pairs.isEmpty else { return nil }
        let categories = 1 + (pairs.map { max($0.0, $0.1) }.max() ?? 0)
        var first = [Int](repeating: 0, count: categories)
        var second = first
        for (a, b) in pairs {
            first[a] += 1
            second[b] += 1
        }
        let n = Double(pairs.count)
        let observed = Double(pairs.count { $0.0 == $0.1 }) / n
        let expected = zip(first, second).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / (n * n)
        return expected == 1 ? nil : (observed - expected) / (1 - expected)
    }

    /// Fleiss' kappa (1971) over the units with one number of ratings: the number that most units
    /// have, the larger one where two are as frequent.
    ///
    ///     P_u = (Σ_c n_uc² − n) / (n (n − 1)),   p_c = Σ_u n_uc / (N n)
    ///     κ = (mean P_u − Σ_c p_c²) / (1 − Σ_c p_c²)
    ///
    /// - Returns: Kappa, the number of ratings a unit and the number of units used, or nil.
    public static func fleissKappa(
        _ counts: [[Int]]
    ) -> (kappa: Double?, ratings: Int, units: Int)? {
        let totals = counts.map { $0.reduce(0, +) }
        let sizes = Set(totals.filter { $0 >= 2 })
        let frequency = { (size: Int) in totals.count { $0 == size } }
        guard let n = sizes.max(by: { (frequency($0), $0) < (frequency($1), $1) }) else {
            return nil
        }
        let used = counts.filter { $0.reduce(0, +) == n }
        var agreement = 0.0
        var shares = [Double](repeating: 0, count: counts[0].count)
        for unit in used {
            let squares = unit.reduce(0) { $0 + $1 * $1 }
            agreement += Double(squares - n) / Double(n * (n - 1))
            for (category, count) in unit.enumerated() { shares[category] += Double(count) }
        }
        agreement /= Double(used.count)
        let all = Double(used.count * n)
        let expected = shares.reduce(0) { $0 + ($1 / all) * ($1 / all) }
        let kappa = expected >= 1 ? nil : (agreement - expected) / (1 - expected)
        return (kappa, n, used.count)
    }
}
