import Glibc

/// Best-of-n: draw n answers, keep the one the scorer likes best. The cheapest rival of any trained
/// policy, and the curve that reward-KL frontiers are measured against.
///
/// Stiennon et al. 2020 (arXiv:2009.01325, appendix G.3); Gao et al. 2022 (arXiv:2210.10760).
public enum BestOfN {
    /// KL(best-of-n ‖ one draw) = log n − (n − 1)/n, in nats a completion.
    ///
    /// Exact where no two answers share a score, an upper bound where some do (Beirami et al. 2024,
    /// arXiv:2401.01879).
    public static func kl(_ n: Int) -> Double {
        log(Double(n)) - Double(n - 1) / Double(n)
    }

    /// The least n whose KL is at least this many nats; 1 for none, nil above `limit`.
    public static func size(atKL kl: Double, limit: Int) -> Int? {
        guard kl.isFinite, limit >= 1 else { return nil }
        return (1...limit).first { Self.kl($0) >= kl }
    }

    /// What the best of n is worth on average, from N ≥ n draws of one prompt.
    ///
    ///     Σᵢ C(i − 1, n − 1) / C(N, n) · value(i),  draws in rising order of the score
    ///
    /// The mean over all subsets of n of the N draws: unbiased, and with much less noise than one
    /// subset (Nakano et al. 2021, arXiv:2112.09332, appendix I).
    ///
    /// - Parameters:
    ///   - scores: What chooses; equal scores share their places.
    ///   - values: What the chosen answer is judged by, one a score.
    public static func expectedValue(of n: Int, scores: [Float], values: [Double]) -> Double {
        precondition(
            n >= 1 && n <= scores.count && scores.count == values.count,
            "best of \(n): \(scores.count) scores and \(values.count) values")
        let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
        let total = Double(scores.count)
        // The weight of the last place is n / N; each place down multiplies it by (i − n) / (i − 1).
        var weight = Double(n) / total
        var sum = 0.0
        var place = order.count
        while place > 0 {
            // Equal scores are a coin's choice: each of them has the mean of their values.
            var first = place - 1
            while first > 0, scores[order[first - 1]] == scores[order[place - 1]] { first -= 1 }
            let tied = order[first..<place]
            let mean = tied.reduce(0) { $0 + values[$1] } / Double(tied.count)
            for rank in stride(from: place, to: first, by: -1) {
                sum += weight * mean
                weight *= rank > 1 ? Double(rank - n) / Double(rank - 1) : 0
            }
            place = first
        }
        return sum
    }

    /// The mean over prompts, with the bootstrap interval by prompt.
    ///
    /// - Parameters:
    ///   - scores: For each prompt, one of each draw.
    ///   - values: Of the same shape.
    public static func estimate(
        of n: Int, scores: [[Float]], values: [[Double]], seed: UInt64
    ) -> Estimate {
        let means = zip(scores, values).map {
            [expectedValue(of: n, scores: $0, values: $1)]
        }
        return .bootstrap(groups: means, resamples: 1_000, seed: seed)
    }
}
