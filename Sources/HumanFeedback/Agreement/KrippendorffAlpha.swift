/// Krippendorff's alpha: agreement of any number of annotators, corrected for chance, with missing
/// votes allowed.
///
///     α = 1 − D_o / D_e
///     o_ck = Σ_u (ordered pairs of ratings (c, k) in unit u) / (m_u − 1),   m_u ≥ 2
///     n_c = Σ_k o_ck,   n = Σ_c n_c
///     D_o = Σ_ck o_ck δ²_ck / n,   D_e = Σ_ck n_c n_k δ²_ck / (n (n − 1))
///
/// K. Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011. Units with fewer than two
/// ratings drop out. From 0.8 on data are usually called reliable, from 0.667 on tentatively so.
public enum KrippendorffAlpha {
    /// Which categories are how far apart.
    public enum Scale: Sendable {
        /// Different is different.
        case nominal
        /// Categories in the order of their indices: δ_ck = Σ_{g=c…k} n_g − (n_c + n_k) / 2.
        case ordinal
    }

    /// The coefficient, or nil where it is not defined: no unit with two ratings, or a single
    /// category in all of them.
    ///
    /// - Parameter counts: `counts[u][c]`, ratings of unit `u` with category `c`.
    public static func alpha(_ counts: [[Int]], scale: Scale) -> Double? {
        alpha(counts, weights: [Int](repeating: 1, count: counts.count), scale: scale)
    }

    /// The same where unit `u` occurs `weights[u]` times.
    static func alpha(_ counts: [[Int]], weights: [Int], scale: Scale) -> Double? {
        guard let size = counts.first?.count else { return nil }
        var coincidences = [Double](repeating: 0, count: size * size)
        for (unit, weight) in zip(counts, weights) where weight > 0 {
            let total = unit.reduce(0, +)
            guard total >= 2 else { continue }
            let share = Double(weight) / Double(total - 1)
            for c in 0..<size where unit[c] > 0 {
                for k in 0..<size where unit[k] > 0 {
                    let pairs = c == k ? unit[c] * (unit[c] - 1) : unit[c] * unit[k]
                    coincidences[c * size + k] += share * Double(pairs)
                }
            }
        }
        let totals = (0..<size).map { c in
            (0..<size).reduce(0.0) { $0 + coincidences[c * size + $1] }
        }
        let n = totals.reduce(0, +)
        var observed = 0.0
        var expected = 0.0
        for c in 0..<size {
            for k in 0..<size where k != c {
                let distance = squaredDistance(c, k, totals: totals, scale: scale)
                observed += coincidences[c * size + k] * distance
                expected += totals[c] * totals[k] * distance
            }
        }
        guard n > 1, expected > 0 else { return nil }
        return 1 - (n - 1) * observed / expected
    }

    private static func squaredDistance(
        _ c: Int, _ k: Int, totals: [Double], scale: Scale
    ) -> Double {
        switch scale {
        case .nominal: return 1
        case .ordinal:
            let between = totals[min(c, k)...max(c, k)].reduce(0, +)
            let distance = between - (totals[c] + totals[k]) / 2
            return distance * distance
        }
    }

    /// Category counts on the scale left, neither, right: tie and both bad prefer no side.
    static func ordered(_ counts: [Int]) -> [Int] {
        [counts[0], counts[2] + (counts.count > 3 ? counts[3] : 0), counts[1]]
    }
}
