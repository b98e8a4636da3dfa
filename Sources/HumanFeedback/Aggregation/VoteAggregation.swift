/// Votes combined: for every pair what its annotators hold together, and how sure that is.
public struct VoteAggregation: Equatable, Sendable {
    /// The opinion on one pair.
    public struct Opinion: Equatable, Sendable {
        public let comparisonID: String
        /// The probability (or share of weighed votes) of each of `VoteTable.categories`.
        public let probabilities: [Double]
        /// The likeliest verdict, or nil where two are as likely: nobody chooses then.
        public let verdict: Verdict?
        public let votes: Int
        /// The mean strength of the votes for that verdict, where strengths were given.
        public let strength: Double?
        /// Whether all its votes are by programs.
        public let isSimulated: Bool

        /// P(left) / (P(left) + P(right)); one half where neither has any.
        public var leftShare: Double {
            let sum = probabilities[0] + probabilities[1]
            return sum > 0 ? probabilities[0] / sum : 0.5
        }

        /// The same with ties as half of each side; nil where the sides are level, up to rounding.
        var softShare: Double? {
            let (left, right, tie) = (probabilities[0], probabilities[1], probabilities[2])
            let sum = left + right + tie
            guard sum > 0, abs(left - right) > 1e-9 else { return nil }
            return (left + tie / 2) / sum
        }
    }

    public let method: AggregationMethod
    /// In the order of the first vote on each pair.
    public let opinions: [Opinion]
    public let annotators: [AnnotatorWeight]
    /// Whether Dawid and Skene's model had too few votes for confusions, so that every annotator
    /// got one number (fewer than 20 votes an annotator).
    public let isOneCoin: Bool
    /// Steps of the iterative methods, else 0.
    public let iterations: Int

    /// Combines votes; skips say nothing. Where an annotator voted twice the last vote counts.
    ///
    /// - Parameters:
    ///   - comparisons: The answers, which crowd-bt needs to know one from another.
    ///   - criterion: Only votes on this criterion, or nil for all.
    public init(
        _ votes: [Vote], comparisons: [Comparison], method: AggregationMethod,
        criterion: String? = nil
    ) {
        let table = VoteTable(votes, criterion: criterion)
        let combined = Combination(table, comparisons: comparisons, method: method)
        self.method = method
        isOneCoin = combined.isOneCoin
        iterations = combined.iterations
        let counts = table.ratings.joined().reduce(
            into: [Int](repeating: 0, count: table.annotators.count)
        ) { $0[$1.annotator] += 1 }
        annotators = table.annotators.enumerated().map { index, name in
            AnnotatorWeight(name: name, value: combined.skills[index], votes: counts[index])
        }
        opinions = table.units.enumerated().map { unit, id in
            let probabilities = combined.posterior[unit]
            let verdict = Self.likeliest(probabilities).map { VoteTable.categories[$0] }
            let strengths = table.votes[unit].filter { $0.verdict == verdict }
                .compactMap(\.strength)
            return Opinion(
                comparisonID: id, probabilities: probabilities, verdict: verdict,
                votes: table.votes[unit].count,
                strength: strengths.isEmpty
                    ? nil : strengths.reduce(0, +) / Double(strengths.count),
                isSimulated: table.votes[unit].allSatisfy(\.isSimulated))
        }
    }

    /// The largest probability's place; nil where the largest two differ by rounding only.
    static func likeliest(_ probabilities: [Double]) -> Int? {
        guard let most = probabilities.max() else { return nil }
        let best = probabilities.indices.filter { probabilities[$0] > most - 1e-9 }
        return best.count == 1 ? best[0] : nil
    }
}

/// The work of one method on one table.
private struct Combination {
    var posterior: [[Double]] = []
    var skills: [Double?] = []
    var isOneCoin = false
    var iterations = 0

    init(_ table: VoteTable, comparisons: [Comparison], method: AggregationMethod) {
        guard !table.units.isEmpty else {
            skills = table.annotators.map { _ in nil }
            return
        }
        // The models see only verdicts that were given: one that nobody gave has no share.
        let used = VoteTable.categories.indices.filter { category in
            table.ratings.joined().contains { $0.category == category }
        }
        let matrix = LabelMatrix(
            units: table.ratings.map { unit in
                unit.map {
                    LabelMatrix.Label(
                        annotator: $0.annotator, label: used.firstIndex(of: $0.category) ?? 0)
                }
            }, annotatorCount: table.annotators.count, labelCount: used.count)
        switch method {
        case .majority:
            posterior = matrix.voteShares
            skills = table.annotators.map { _ in nil }
        case .wawa:
            let majority = matrix.voteShares.map(VoteAggregation.likeliest)
            let fit = AgreementWeights(matrix, majority: majority)
            posterior = fit.posterior
            skills = fit.skills
        case .dawidSkene:
            let counts = matrix.labelsByAnnotator
            isOneCoin = counts.reduce(0, +) < 20 * counts.count
            let fit = DawidSkene(
                matrix, form: isOneCoin ? .oneCoin : .confusion(smoothing: 0.1))
            (posterior, skills, iterations) = (fit.posterior, fit.skills, fit.iterations)
        case .glad:
            let fit = AbilityDifficulty(matrix)
            (posterior, skills, iterations) = (fit.posterior, fit.abilities, fit.iterations)
        case .crowdBT:
            fitCrowd(table, comparisons)
            return
        }
        posterior = posterior.map { shares in
            var all = [Double](repeating: 0, count: VoteTable.categories.count)
            for (place, category) in used.enumerated() { all[category] = shares[place] }
            return all
        }
    }

    /// Crowd-BT knows preferences only: its probabilities are of left and right. Where most of a
    /// pair's votes are neither, that stands.
    private mutating func fitCrowd(_ table: VoteTable, _ comparisons: [Comparison]) {
        let known = Dictionary(
            comparisons.map { (ExactText($0.id), $0) }, uniquingKeysWith: { first, _ in first })
        var answers: [[ExactText]: Int] = [:]
        func answer(_ key: [ExactText]) -> Int {
            if let place = answers[key] { return place }
            answers[key] = answers.count
            return answers.count - 1
        }
        var sides: [(left: Int, right: Int)] = []
        var judgements: [CrowdBradleyTerry.Judgement] = []
        for (unit, id) in table.units.enumerated() {
            // Without texts, or with two that are the same, the sides are two answers of their own.
            var left = [ExactText(id), ExactText("left")]
            var right = [ExactText(id), ExactText("right")]
            if let pair = known[ExactText(id)], ExactText(pair.left) != ExactText(pair.right) {
                left = [ExactText(pair.promptID), ExactText(pair.left)]
                right = [ExactText(pair.promptID), ExactText(pair.right)]
            }
            let (a, b) = (answer(left), answer(right))
            sides.append((a, b))
            for rating in table.ratings[unit] {
                switch VoteTable.categories[rating.category] {
                case .left:
                    judgements.append(
                        .init(annotator: rating.annotator, winner: a, loser: b, weight: 1))
                case .right:
                    judgements.append(
                        .init(annotator: rating.annotator, winner: b, loser: a, weight: 1))
                default:
                    for (winner, loser) in [(a, b), (b, a)] {
                        judgements.append(
                            .init(
                                annotator: rating.annotator, winner: winner, loser: loser,
                                weight: 0.5))
                    }
                }
            }
        }
        let fit = CrowdBradleyTerry(
            judgements, answers: answers.count, annotators: table.annotators.count)
        skills = fit.reliability
        iterations = fit.iterations
        let counts = table.categoryCounts
        posterior = sides.enumerated().map { unit, side in
            let votes = counts[unit]
            let total = Double(votes.reduce(0, +))
            let neither = Double(votes[2] + votes[3]) / total
            let left = logistic(fit.strengths[side.left] - fit.strengths[side.right])
            return neither > 0.5
                ? [0, 0, Double(votes[2]) / total, Double(votes[3]) / total]
                : [left, 1 - left, 0, 0]
        }
    }
}
