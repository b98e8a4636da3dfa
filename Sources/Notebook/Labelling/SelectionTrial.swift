import Alignment
import HumanFeedback

/// Rounds of choosing, labelling and learning with a simulated annotator: what a rule would be worth.
struct SelectionTrial {
    let comparisons: [Comparison]
    /// Left less right, in features and in gold points.
    let differences: [[Float]]
    let truth: [Double]
    let annotator: SimulatedAnnotator
    /// Labels in all, and of one round.
    let labels: Int
    let round: Int
    let randomShare: Double

    /// Held-out accuracy after each round, in a split and with votes that the seed decides.
    func accuracies(_ rule: PairSelection, seed: UInt64) -> [Double] {
        let split = PromptSplit(
            comparisons.indices.map { Place(index: $0, promptID: comparisons[$0].promptID) },
            heldOutFraction: 0.3, seed: seed)
        let heldOut = split.heldOut.map(\.index).filter { truth[$0] != 0 }
        var open = split.training.map(\.index)
        var learned: (differences: [[Float]], groups: [String]) = ([], [])
        var asked = 0
        var accuracies: [Double] = []
        var heads: PreferenceHeads?
        while asked < labels, !open.isEmpty {
            // The first round has nothing to choose by.
            let worth = heads.map { rule.worth($0.margins(open.map { differences[$0] })) }
            let order = (worth == nil ? PairSelection.random : rule).order(
                promptIDs: open.map { comparisons[$0].promptID }, worth: worth ?? [],
                randomShare: randomShare, seed: seed &+ UInt64(asked))
            let chosen = order.prefix(min(round, labels - asked)).map { open[$0.index] }
            asked += chosen.count
            for index in chosen {
                let vote = annotator.vote(
                    on: comparisons[index],
                    order: index.isMultiple(of: 2) ? .leftFirst : .rightFirst,
                    seed: seed)
                guard vote.verdict.isDecided else { continue }
                let sign: Float = vote.verdict == .left ? 1 : -1
                learned.differences.append(differences[index].map { sign * $0 })
                learned.groups.append(comparisons[index].promptID)
            }
            let taken = Set(chosen)
            open.removeAll { taken.contains($0) }
            let fitted = PreferenceHeads(
                differences: learned.differences, groups: learned.groups, seed: seed)
            accuracies.append(accuracy(of: fitted, on: heldOut))
            heads = fitted
        }
        return accuracies
    }

    private func accuracy(of heads: PreferenceHeads, on places: [Int]) -> Double {
        let margins = heads.margins(places.map { differences[$0] })
        var right = 0
        for (column, index) in places.enumerated() {
            let sum = margins.reduce(0) { $0 + $1[column] }
            if (sum > 0) == (truth[index] > 0) { right += 1 }
        }
        return Double(right) / Double(max(1, places.count))
    }

    private struct Place: PromptGrouped {
        let index: Int
        let promptID: String
    }
}
