/// Preference pairs, with what did not become one.
public struct PreferencePairs: Equatable, Sendable {
    public let pairs: [PreferencePair]
    public let counts: [ReasonCount]

    init(pairs: [PreferencePair], counts: [ReasonCount]) {
        self.pairs = pairs
        self.counts = counts
    }

    /// One pair for each vote that prefers a side, in the order of the votes.
    ///
    /// Votes are not combined: two annotators who disagree give both directions, which `Lint`
    /// counts as contradictions. A vote's strength becomes the margin. Ties, both bad, skips and
    /// votes for comparisons that are not there are counted.
    ///
    /// - Parameters:
    ///   - comparisons: What was voted on; the first of several with one id counts.
    ///   - votes: The votes.
    ///   - criterion: Only votes on this criterion, or nil for all votes.
    public init(comparisons: [Comparison], votes: [Vote], criterion: String? = nil) {
        var positions: [ExactText: Int] = [:]
        for (position, comparison) in comparisons.enumerated() {
            positions[ExactText(comparison.id)] =
                positions[ExactText(comparison.id)] ?? position
        }
        var pairs: [PreferencePair] = []
        var tally = ReasonTally()
        for vote in votes where criterion == nil || vote.criterion == criterion {
            guard let position = positions[ExactText(vote.comparisonID)] else {
                tally.add(.unknownPair)
                continue
            }
            let comparison = comparisons[position]
            switch vote.verdict {
            case .left, .right:
                let isLeft = vote.verdict == .left
                pairs.append(
                    PreferencePair(
                        prompt: comparison.prompt,
                        chosen: isLeft ? comparison.left : comparison.right,
                        rejected: isLeft ? comparison.right : comparison.left,
                        margin: vote.strength, promptID: comparison.promptID,
                        annotator: vote.annotator, isSimulated: vote.isSimulated))
            case .tie: tally.add(.tie)
            case .bothBad: tally.add(.bothBad)
            case .skip: tally.add(.skipped)
            }
        }
        self.init(pairs: pairs, counts: tally.counts)
    }
}
