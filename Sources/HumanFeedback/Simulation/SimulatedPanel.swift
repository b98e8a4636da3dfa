/// Simulated annotators who share the comparisons among them.
public struct SimulatedPanel: Sendable {
    /// The annotators; their names differ.
    public let members: [SimulatedAnnotator]

    /// Creates a panel.
    public init(_ members: [SimulatedAnnotator]) {
        let names = members.map(\.name)
        precondition(
            !members.isEmpty && Set(names).count == names.count,
            "SimulatedPanel: members must have different names, found \(names)")
        self.members = members
    }

    /// The panel of the tutorials: three careful annotators and one each who is hurried,
    /// position-biased and prefers long answers.
    public static func mixed(scorer: RuleScorer) -> SimulatedPanel {
        let careful = (1...3).map { number in
            SimulatedAnnotator(
                name: "careful-\(number)", errors: AnnotatorProfile.careful.errors,
                criterionName: scorer.name, criterion: scorer.score)
        }
        let others: [AnnotatorProfile] = [.hurried, .positionBiased, .prefersLong]
        return SimulatedPanel(careful + others.map { SimulatedAnnotator($0, scorer: scorer) })
    }

    /// Votes on every comparison by `votesEach` different members chosen at random, the order of
    /// the two answers tossed for every vote.
    ///
    /// Who votes on a comparison, and how, depends on the seed and the comparison alone, so more
    /// comparisons give more votes and change none.
    ///
    /// - Parameter votesEach: From 1 to the number of members.
    /// - Returns: The votes in the order of the comparisons.
    public func votes(
        on comparisons: [Comparison], votesEach: Int = 1, seed: UInt64
    ) -> [Vote] {
        precondition(
            (1...members.count).contains(votesEach),
            "SimulatedPanel: \(votesEach) votes each asked of \(members.count) members")
        return comparisons.flatMap { comparison in
            let random = KeyedRandom(seed: seed, "panel", comparison.id)
            var order = Array(members.indices)
            return (0..<votesEach).map { turn in
                order.swapAt(turn, turn + random.index(below: order.count - turn, at: 2 * turn))
                let isLeftFirst = random.uniform(at: 2 * turn + 1) < 0.5
                return members[order[turn]].vote(
                    on: comparison, order: isLeftFirst ? .leftFirst : .rightFirst, seed: seed)
            }
        }
    }
}
