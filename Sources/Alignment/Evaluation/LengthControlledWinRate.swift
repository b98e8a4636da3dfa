import Glibc

/// The win rate that would be seen if both models' answers were equally long.
///
///     logit P(win) = θ + φ · tanh(Δlength / deviation of Δlength);  the rate is logistic(θ)
///
/// Dubois et al. 2024 (arXiv:2404.04475), section 3, with the terms of two models and one set of
/// prompts: a difficulty for each instruction can be known only from many other models (AlpacaEval
/// calls this form `length_controlled_minimal`). The deviation is the sample's, as there.
public struct LengthControlledWinRate: Equatable, Sendable {
    /// logistic(θ), with the bootstrap interval by prompt: prompts are drawn with replacement and
    /// the regression is made anew. As in ``WinRate``, Wilson's interval where nothing varies.
    public let rate: Estimate
    /// φ, in logits: positive where the judge leans to the longer answer.
    public let lengthEffect: Double

    /// A normal prior of deviation 10 on both parameters, as scikit-learn's `C = 100`.
    static let ridge = 0.01

    /// - Parameters:
    ///   - outcomes: 1, ½ or 0 for each row; nil where there is none.
    ///   - lengths: Of the judged model's answers, in whatever a reader sees.
    ///   - baselineLengths: Of the other model's, row by row.
    ///   - promptIDs: Which prompt each row answers.
    ///   - seed: For the bootstrap.
    public init(
        outcomes: [Double?], lengths: [Int], baselineLengths: [Int], promptIDs: [String],
        resamples: Int = 1_000, seed: UInt64
    ) {
        precondition(
            outcomes.count == lengths.count && outcomes.count == baselineLengths.count
                && outcomes.count == promptIDs.count,
            "length-controlled win rate: \(outcomes.count) outcomes, \(lengths.count) and "
                + "\(baselineLengths.count) lengths, \(promptIDs.count) prompts")
        let rows = outcomes.indices.filter { outcomes[$0] != nil }
        let known = rows.map { outcomes[$0] ?? 0 }
        let differences = rows.map { Double(lengths[$0] - baselineLengths[$0]) }
        let feature = Self.feature(differences)
        let ones = [Double](repeating: 1, count: rows.count)
        let fit = LengthEffectFit(
            outcomes: known, feature: feature, weights: ones, ridge: Self.ridge)
        lengthEffect = fit.slope
        guard !rows.isEmpty else {
            rate = Estimate(value: .nan, lower: .nan, upper: .nan, count: 0)
            return
        }
        var groupOfPrompt: [String: Int] = [:]
        let groups = rows.map { row -> Int in
            let next = groupOfPrompt.count
            let group = groupOfPrompt[promptIDs[row]] ?? next
            groupOfPrompt[promptIDs[row]] = group
            return group
        }
        let drawn = Estimate.bootstrapDraws(
            groupCount: groupOfPrompt.count, resamples: resamples, seed: seed
        ) { counts in
            logistic(
                LengthEffectFit(
                    outcomes: known, feature: feature, weights: groups.map { counts[$0] },
                    ridge: Self.ridge
                ).intercept)
        }
        let value = logistic(fit.intercept)
        // Where all outcomes are alike a bootstrap sees no variation but that of the lengths, which says
        // nothing; Wilson's interval over the prompts stands instead.
        let varies = known.contains { $0 != known[0] } && drawn.lower < drawn.upper
        let count = groupOfPrompt.count
        let wilson = Estimate.wilson(successes: known[0] * Double(count), trials: count)
        let ends = varies ? drawn : (lower: wilson.lower, upper: wilson.upper)
        rate = Estimate(
            value: value, lower: min(ends.lower, value), upper: max(ends.upper, value),
            count: rows.count)
    }

    /// tanh of the differences in units of their deviation; 0 where all are the same.
    private static func feature(_ differences: [Double]) -> [Double] {
        let mean = differences.reduce(0, +) / Double(max(1, differences.count))
        let squares = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(max(1, differences.count - 1))).squareRoot()
        return differences.map { deviation > 0 ? tanh($0 / deviation) : 0 }
    }
}

extension Estimate {
    /// The middle 95 % of a statistic over bootstrap samples of groups.
    ///
    /// - Parameters:
    ///   - groupCount: Groups, such as prompts; drawn with replacement, as many as there are.
    ///   - statistic: Gets how often each group was drawn.
    static func bootstrapDraws(
        groupCount: Int, resamples: Int, seed: UInt64, statistic: ([Double]) -> Double
    ) -> (lower: Double, upper: Double) {
        var values: [Double] = []
        values.reserveCapacity(resamples)
        for resample in 0..<resamples {
            var counts = [Double](repeating: 0, count: groupCount)
            for draw in 0..<groupCount {
                counts[
                    randomIndex(below: groupCount, seed: seed, resample: resample, draw: draw)] += 1
            }
            values.append(statistic(counts))
        }
        values = values.filter(\.isFinite).sorted()
        return (
            interpolatedQuantile(0.025, ofSorted: values),
            interpolatedQuantile(0.975, ofSorted: values)
        )
    }
}
