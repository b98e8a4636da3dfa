// As trlX has it (`scale_reward`, `cliprange_reward`).

/// What happens to the scores of an update before they become rewards: divided by a deviation, then cut.
///
/// A reward model whose scores lie 60 apart would drown the KL penalty. Scores keep their mean: it is the
/// advantages that lose it.
public struct ScoreScaling: Equatable, Sendable {
    /// What scores are divided by.
    public enum Rule: String, CaseIterable, Sendable {
        case none
        /// The deviation of the first update's scores.
        case reference
        /// The deviation of all scores so far, those at hand with them.
        case running
    }

    public let rule: Rule
    /// Scores are cut to this, up and down.
    public let clip: Float?
    /// Scores so far, their mean, and the sum of their squared distances from it.
    private var count = 0.0
    private var mean = 0.0
    private var squares = 0.0
    /// That of the first update; 0 before it.
    private var referenceDeviation = 0.0

    public init(rule: Rule = .none, clip: Float? = nil) {
        self.rule = rule
        self.clip = clip
    }

    /// The scores of the next update as they go into the rewards.
    mutating func scaled(_ scores: [Float]) -> [Float] {
        let divisor: Double
        switch rule {
        case .none: divisor = 1
        case .reference:
            if count == 0 {
                add(scores)
                referenceDeviation = deviation
            }
            divisor = referenceDeviation
        case .running:
            add(scores)
            divisor = deviation
        }
        return scores.map { score in
            let scaled = divisor > 0 ? Float(Double(score) / divisor) : score
            return clip.map { min(max(scaled, -$0), $0) } ?? scaled
        }
    }

    /// With Bessel's correction.
    private var deviation: Double { count > 1 ? (squares / (count - 1)).squareRoot() : 0 }

    /// Welford's update, one score after the other.
    private mutating func add(_ scores: [Float]) {
        for score in scores {
            count += 1
            let distance = Double(score) - mean
            mean += distance / count
            squares += distance * (Double(score) - mean)
        }
    }

    /// What a checkpoint keeps; nothing where nothing is scaled.
    var numbers: [(String, Double)] {
        if rule == .none { return [] }
        return [
            ("score_count", count), ("score_mean", mean), ("score_squares", squares),
            ("score_reference_deviation", referenceDeviation),
        ]
    }

    mutating func restore(_ checkpoint: TrainingCheckpoint) {
        count = checkpoint[number: "score_count"] ?? 0
        mean = checkpoint[number: "score_mean"] ?? 0
        squares = checkpoint[number: "score_squares"] ?? 0
        referenceDeviation = checkpoint[number: "score_reference_deviation"] ?? 0
    }
}
