/// How often one model's answers beat another's to the same prompts, by a scorer.
public struct WinRate: Equatable, Sendable {
    /// Answers that scored higher.
    public let wins: Int
    /// Answers that scored the same.
    public let ties: Int
    /// Answers that scored lower.
    public let losses: Int
    /// Pairs of answers with a score that is not a number; left out of all figures.
    public let invalid: Int
    /// (wins + ½ · ties) / (wins + ties + losses), with its 95 % interval.
    ///
    /// Wilson's interval where every prompt has one answer, otherwise the bootstrap by prompt.
    /// Where all prompts agree a bootstrap sees no variation, and Wilson's interval over the number
    /// of prompts stands instead.
    public let rate: Estimate

    /// Compares answers row by row.
    ///
    /// - Parameters:
    ///   - scores: The judged model's scores, one an answer.
    ///   - baselineScores: The other model's, row by row for the same prompts.
    ///   - promptIDs: Which prompt each row answers; rows of one prompt need not be neighbours.
    ///   - seed: For the bootstrap.
    public init(
        scores: [Float], baselineScores: [Float], promptIDs: [String], seed: UInt64
    ) {
        precondition(
            scores.count == baselineScores.count && scores.count == promptIDs.count,
            "win rate: \(scores.count) scores, \(baselineScores.count) of the baseline, "
                + "\(promptIDs.count) prompts")
        var groupOfPrompt: [String: Int] = [:]
        var groups: [[Double]] = []
        var (wins, ties, losses, invalid) = (0, 0, 0, 0)
        for (index, promptID) in promptIDs.enumerated() {
            guard let outcome = Self.outcome(scores[index], baselineScores[index]) else {
                invalid += 1
                continue
            }
            switch outcome {
            case 1: wins += 1
            case 0: losses += 1
            default: ties += 1
            }
            let group = groupOfPrompt[promptID] ?? groups.count
            if group == groups.count {
                groupOfPrompt[promptID] = group
                groups.append([])
            }
            groups[group].append(outcome)
        }
        self.wins = wins
        self.ties = ties
        self.losses = losses
        self.invalid = invalid
        rate = Self.rate(of: groups, seed: seed)
    }

    /// 1 for a win, ½ for a tie, 0 for a loss; nil where a score is not a number.
    public static func outcome(_ score: Float, _ baseline: Float) -> Double? {
        if score > baseline { return 1 }
        if score == baseline { return 0.5 }
        return score < baseline ? 0 : nil
    }

    private static func rate(of groups: [[Double]], seed: UInt64) -> Estimate {
        let count = groups.reduce(0) { $0 + $1.count }
        let points = groups.joined().reduce(0, +)
        if count == groups.count { return .wilson(successes: points, trials: count) }
        let drawn = Estimate.bootstrap(groups: groups, seed: seed)
        if drawn.lower < drawn.upper { return drawn }
        let prompts = Double(groups.count)
        let perPrompt = Estimate.wilson(
            successes: points / Double(count) * prompts, trials: groups.count)
        return Estimate(
            value: drawn.value, lower: perPrompt.lower, upper: perPrompt.upper, count: count)
    }
}
