import Glibc

/// Probabilities that agreement reports need, each by its definition.
enum Distributions {
    /// The exact two-sided binomial test: the probability of all outcomes that are no likelier than
    /// `hits` of `trials` when every trial succeeds with `probability`.
    static func binomialTest(hits: Int, trials: Int, probability: Double = 0.5) -> Double {
        guard trials > 0 else { return 1 }
        let terms = logBinomialTerms(trials: trials, probability: probability)
        // Outcomes that are equally likely differ in the last digits.
        let limit = terms[hits] + 1e-7
        return min(1, terms.reduce(0.0) { $1 <= limit ? $0 + exp($1) : $0 })
    }

    /// The probability of `hits` or fewer.
    static func binomialLower(hits: Int, trials: Int, probability: Double) -> Double {
        guard trials > 0 else { return 1 }
        let terms = logBinomialTerms(trials: trials, probability: probability)
        return min(1, terms[0...hits].reduce(0.0) { $0 + exp($1) })
    }

    private static func logBinomialTerms(trials: Int, probability: Double) -> [Double] {
        let (p, q) = (log(probability), log(1 - probability))
        var term = Double(trials) * q
        return (0...trials).map { hits in
            if hits > 0 {
                term += log(Double(trials - hits + 1)) - log(Double(hits)) + p - q
            }
            return term
        }
    }

    /// P(X < x) of a beta distribution with whole parameters:
    /// the probability of at least `a` successes in `a + b − 1` trials.
    static func betaCumulative(_ x: Double, a: Int, b: Int) -> Double {
        if x <= 0 { return 0 }
        if x >= 1 { return 1 }
        let terms = logBinomialTerms(trials: a + b - 1, probability: x)
        return min(1, terms[a...].reduce(0.0) { $0 + exp($1) })
    }

    /// The value below which a share of a beta distribution lies, by bisection.
    static func betaQuantile(_ share: Double, a: Int, b: Int) -> Double {
        var low = 0.0
        var high = 1.0
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if betaCumulative(middle, a: a, b: b) < share { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The value in the middle; the mean of the middle two of an even number, nil of none.
    static func median(_ values: [Double]) -> Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
