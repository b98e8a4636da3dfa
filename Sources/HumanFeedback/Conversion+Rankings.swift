import OrderedJSON

/// Our form for answers in order.
extension Converter {
    /// Rankings as they are; a preference is a ranking of two, a tie one of a single tier.
    mutating func addRankings() throws(FeedbackError) {
        switch file.data {
        case .rankings(let rankings): rows += rankings.map(\.json)
        case .labelled(let comparisons, let votes):
            let byPair = Dictionary(grouping: votes) { ExactText($0.comparisonID) }
            for comparison in comparisons {
                let own = byPair[ExactText(comparison.id)] ?? []
                countUnlabelled(own)
                for vote in own { addRanking(of: comparison, vote) }
            }
        default:
            for pair in try usablePairs() {
                rows.append(
                    Ranking(
                        prompt: pair.prompt, tiers: [[pair.chosen], [pair.rejected]],
                        promptID: pair.promptID, annotator: pair.annotator,
                        isSimulated: pair.isSimulated
                    ).json)
                lose("margin", when: pair.margin != nil)
                lose("weight", when: pair.weight != 1)
                lose("confidence", when: pair.confidence != 1)
            }
        }
    }

    private mutating func addRanking(of comparison: Comparison, _ vote: Vote) {
        let tiers: [[String]]
        switch vote.verdict {
        case .left: tiers = [[comparison.left], [comparison.right]]
        case .right: tiers = [[comparison.right], [comparison.left]]
        case .tie: tiers = [[comparison.left, comparison.right]]
        case .bothBad:
            tally.add(.bothBad)
            return
        case .skip: return  // The reader has counted it.
        }
        rows.append(
            Ranking(
                prompt: comparison.prompt, tiers: tiers, promptID: comparison.promptID,
                annotator: vote.annotator, isSimulated: vote.isSimulated
            ).json)
        lose("pair_id", when: comparison.id != comparison.derivedID)
        lose("models", when: comparison.leftModel != nil || comparison.rightModel != nil)
        lose("strength", when: vote.strength != nil)
        // A ranking says whether a program made it.
        loseExtras(of: vote, keepsSimulated: true)
    }
}
