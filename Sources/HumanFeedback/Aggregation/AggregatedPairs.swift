/// Combined votes as preference pairs.
extension PreferencePairs {
    /// What becomes of the confidence c = P(chosen) / (P(chosen) + P(rejected)) of a pair.
    public enum Weighing: String, CaseIterable, Sendable {
        /// The row says it, with ties as half a vote for either side, and a loss aims at it: scores
        /// end as far apart as people were sure.
        case soft
        /// The pair weighs 2 c − 1: 1 where all agree, near 0 where votes are nearly even.
        case confidence
        /// Every pair counts the same.
        case none
    }

    /// One pair for each comparison on which the annotators hold together that a side is better.
    ///
    /// A tied vote is never decided: it is counted and left out, or written in both directions with
    /// half a weight each. The same holds for pairs called a tie; both bad are left out. The mean
    /// strength of the winning votes becomes the margin, unless the loss aims at the confidence.
    ///
    /// - Parameter least: Pairs whose votes are fewer are left out and counted.
    public init(
        _ aggregation: VoteAggregation, comparisons: [Comparison], ties: TiedVotes = .drop,
        weighing: Weighing = .confidence, leastVotes: Int = 1
    ) {
        let known = Dictionary(
            comparisons.map { (ExactText($0.id), $0) }, uniquingKeysWith: { first, _ in first })
        var pairs: [PreferencePair] = []
        var tally = ReasonTally()
        for opinion in aggregation.opinions {
            guard let comparison = known[ExactText(opinion.comparisonID)] else {
                tally.add(.unknownPair)
                continue
            }
            func add(
                left: Bool, weight: Double = 1, confidence: Double = 1, margin: Double?
            ) {
                pairs.append(
                    PreferencePair(
                        prompt: comparison.prompt,
                        chosen: left ? comparison.left : comparison.right,
                        rejected: left ? comparison.right : comparison.left, margin: margin,
                        weight: weight, confidence: confidence, promptID: comparison.promptID,
                        isSimulated: opinion.isSimulated))
            }
            if opinion.votes < leastVotes {
                tally.add(.tooFewVotes)
                continue
            }
            if weighing == .soft, opinion.verdict != .bothBad, let share = opinion.softShare {
                add(left: share > 0.5, confidence: max(share, 1 - share), margin: nil)
                continue
            }
            switch opinion.verdict {
            case .left, .right:
                let isLeft = opinion.verdict == .left
                let confidence = isLeft ? opinion.leftShare : 1 - opinion.leftShare
                add(
                    left: isLeft, weight: weighing == .none ? 1 : 2 * confidence - 1,
                    margin: opinion.strength)
            case .bothBad: tally.add(.bothBad)
            case .tie, .skip, nil:
                tally.add(opinion.verdict == nil ? .noConsensus : .tie)
                if ties == .half {
                    add(left: true, weight: 0.5, margin: nil)
                    add(left: false, weight: 0.5, margin: nil)
                }
            }
        }
        self.init(pairs: pairs, counts: tally.counts)
    }
}
