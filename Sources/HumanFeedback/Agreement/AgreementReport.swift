/// Whether votes can be trusted: agreement of all annotators, of each two, and what each does.
public struct AgreementReport: Equatable, Sendable {
    /// A coefficient with its bootstrap interval; both nil where it is not defined.
    public struct Coefficient: Equatable, Sendable {
        public let value: Double?
        public let interval: Interval?

        /// Creates a coefficient.
        public init(value: Double?, interval: Interval?) {
            self.value = value
            self.interval = interval
        }
    }

    /// Two annotators on the units that both judged.
    public struct Pair: Equatable, Sendable {
        public let first: String
        public let second: String
        public let agreement: Share
        public let cohenKappa: Double?
    }

    public let voteCount: Int
    public let unitCount: Int
    /// Units with two ratings or more; the others say nothing about agreement.
    public let sharedUnitCount: Int
    /// The share of equal ratings over pairs of annotators.
    public let rawAgreement: Coefficient
    /// The same where both preferred a side.
    public let decidedAgreement: Coefficient
    /// The mean of Cohen's kappa over pairs of annotators (Light 1971): with two annotators Cohen's
    /// kappa itself.
    public let cohenKappa: Double?
    public let fleissKappa: Coefficient
    /// Ratings a unit, and units, that Fleiss' kappa was computed on.
    public let fleissRatings: Int
    public let fleissUnits: Int
    public let alphaNominal: Coefficient
    /// Left, then tie and both bad as one place, then right.
    public let alphaOrdinal: Coefficient
    public let pairs: [Pair]
    public let annotators: [AnnotatorReport]
    /// Whether sides were exchanged for some votes: else place and answer cannot be told apart.
    public let isOrderShuffled: Bool
    public let criteria: [String?]

    /// Looks at votes.
    ///
    /// - Parameters:
    ///   - comparisons: The texts, for reading speed, length and circles; may be empty.
    ///   - criterion: Only votes on this criterion; nil takes all, each pair and criterion a unit
    ///     of its own.
    ///   - seed: Of the bootstrap.
    public init(
        _ votes: [Vote], comparisons: [Comparison] = [], criterion: String? = nil,
        resamples: Int = 1_000, seed: UInt64 = 42
    ) {
        let table = VoteTable(votes, criterion: criterion)
        let counts = table.categoryCounts
        let shared = counts.filter { $0.reduce(0, +) >= 2 }
        voteCount = counts.joined().reduce(0, +)
        unitCount = counts.count
        sharedUnitCount = shared.count
        criteria = table.criteria

        let bootstrap = ItemBootstrap(shared)
        func coefficient(_ compute: @escaping ([[Int]], [Int]) -> Double?) -> Coefficient {
            let ones = [Int](repeating: 1, count: shared.count)
            let value = compute(shared, ones)
            return Coefficient(
                value: value,
                interval: value == nil
                    ? nil
                    : bootstrap.interval(resamples: resamples, seed: seed, of: compute))
        }
        rawAgreement = coefficient { Self.raw($0, $1) }
        decidedAgreement = coefficient { Self.raw($0.map { Array($0.prefix(2)) }, $1) }
        alphaNominal = coefficient { KrippendorffAlpha.alpha($0, weights: $1, scale: .nominal) }
        alphaOrdinal = coefficient {
            KrippendorffAlpha.alpha(
                $0.map(KrippendorffAlpha.ordered), weights: $1, scale: .ordinal)
        }
        let fleiss = Coefficients.fleissKappa(shared)
        fleissRatings = fleiss?.ratings ?? 0
        fleissUnits = fleiss?.units ?? 0
        let used = shared.filter { $0.reduce(0, +) == fleiss?.ratings }
        let fleissBootstrap = ItemBootstrap(used)
        fleissKappa = Coefficient(
            value: fleiss?.kappa,
            interval: fleiss?.kappa == nil
                ? nil
                : fleissBootstrap.interval(resamples: resamples, seed: seed) { units, weights in
                    Self.fleiss(units, weights)
                })

        pairs = Self.pairs(table)
        let kappas = pairs.compactMap(\.cohenKappa)
        cohenKappa = kappas.isEmpty ? nil : kappas.reduce(0, +) / Double(kappas.count)

        let measures = AnnotatorMeasures(table, comparisons: comparisons)
        let reports = table.annotators.indices.map { measures.report(of: $0) }
        let isShuffled = Set(table.votes.joined().map(\.shownOrder)).count > 1
        isOrderShuffled = isShuffled
        annotators = reports.enumerated().map { index, report in
            var remarked = report
            var others = reports
            others.remove(at: index)
            remarked.remarks = report.remarks(comparedWith: others, isOrderShuffled: isShuffled)
            return remarked
        }
    }

    private static func raw(_ counts: [[Int]], _ weights: [Int]) -> Double? {
        var equal = 0
        var all = 0
        for (unit, weight) in zip(counts, weights) {
            let total = unit.reduce(0, +)
            all += weight * total * (total - 1)
            for count in unit { equal += weight * count * (count - 1) }
        }
        return all == 0 ? nil : Double(equal) / Double(all)
    }

    private static func fleiss(_ patterns: [[Int]], _ weights: [Int]) -> Double? {
        var drawn: [[Int]] = []
        for (unit, weight) in zip(patterns, weights) {
            drawn += Array(repeating: unit, count: weight)
        }
        return Coefficients.fleissKappa(drawn)?.kappa
    }

    private static func pairs(_ table: VoteTable) -> [Pair] {
        let count = table.annotators.count
        var shared = [[(Int, Int)]](repeating: [], count: count * count)
        for unit in table.ratings {
            for (place, a) in unit.enumerated() {
                for b in unit[(place + 1)...] {
                    let isOrdered = a.annotator < b.annotator
                    let (low, high) = isOrdered ? (a, b) : (b, a)
                    shared[low.annotator * count + high.annotator].append(
                        (low.category, high.category))
                }
            }
        }
        var pairs: [Pair] = []
        for a in 0..<count {
            for b in (a + 1)..<max(count, a + 1) {
                let both = shared[a * count + b]
                if both.isEmpty { continue }
                pairs.append(
                    Pair(
                        first: table.annotators[a], second: table.annotators[b],
                        agreement: Share(both.count { $0.0 == $0.1 }, of: both.count),
                        cohenKappa: Coefficients.cohenKappa(both)))
            }
        }
        return pairs
    }
}
