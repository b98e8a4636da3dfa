import HumanFeedback

/// Held-out demonstrations that are worth imitating.
enum BetterHalf {
    /// The rows whose gold score is at least the median; all of them without a gold scorer.
    static func rows(_ rows: [Demonstration], gold: RuleScorer?) throws -> [Demonstration] {
        guard let gold, !rows.isEmpty else { return rows }
        let scores = rows.map { gold.score(prompt: $0.prompt, completion: $0.completion) }
        let median = scores.sorted()[scores.count / 2]
        return zip(rows, scores).filter { $0.1 >= median }.map(\.0)
    }
}
