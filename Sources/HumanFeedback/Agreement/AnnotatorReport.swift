/// A share of successes with both numbers.
public struct Share: Equatable, Sendable {
    public let hits: Int
    public let count: Int

    /// Creates a share.
    public init(_ hits: Int, of count: Int) {
        self.hits = hits
        self.count = count
    }

    /// Nil of nothing.
    public var value: Double? { count == 0 ? nil : Double(hits) / Double(count) }
}

/// How right an annotator is on questions with a known answer.
///
/// With a uniform prior the accuracy has the posterior Beta(1 + hits, 1 + misses).
public struct GoldAccuracy: Equatable, Sendable {
    public let share: Share
    /// The posterior's mean, (1 + hits) / (2 + n).
    public let mean: Double
    /// The middle 95 % of the posterior.
    public let interval: Interval
    /// The posterior probability that the accuracy is below 0.65.
    public let probabilityBelowThreshold: Double

    init(_ share: Share) {
        let a = 1 + share.hits
        let b = 1 + share.count - share.hits
        self.share = share
        mean = Double(a) / Double(a + b)
        interval = Interval(
            lower: Distributions.betaQuantile(0.025, a: a, b: b),
            upper: Distributions.betaQuantile(0.975, a: a, b: b))
        probabilityBelowThreshold = Distributions.betaCumulative(0.65, a: a, b: b)
    }
}

/// How an annotator answers when a pair comes again.
public struct SelfConsistency: Equatable, Sendable {
    /// Repeats with the same verdict.
    public let same: Share
    /// Changed verdicts that went to the other side, the order on the screen being the same.
    public let flipsInSameOrder: Int
    /// Changed verdicts that stayed with the place on the screen when the sides were exchanged.
    public let flipsWithPlace: Int
}

/// What is remarkable about an annotator. The sentence is made where it is shown.
public enum AnnotatorRemark: Equatable, Sendable {
    /// Prefers what the others reject: reads the instruction the other way round.
    case reversed(agreement: Share)
    /// Agrees with the others less than the others among themselves do.
    case agreesLess(agreement: Share, others: Share)
    /// Takes the answer shown first (or second) far more often than half the time.
    case favoursPlace(first: Share, p: Double)
    /// Decides faster than the texts can be read.
    case tooFast(wordsPerMinute: Double)
    /// Decides in far less time than the others.
    case fasterThanOthers(seconds: Double, others: Double)
    /// Fails questions with a known answer.
    case failsGold(GoldAccuracy)
    /// Contradicts their own votes.
    case inconsistent(SelfConsistency)
    /// Takes the longer answer far more often than the others do.
    case favoursLength(longer: Share, others: Share)

    /// A word for tables and JSON.
    public var word: String {
        switch self {
        case .reversed: "reversed"
        case .agreesLess: "agrees-less"
        case .favoursPlace: "favours-place"
        case .tooFast: "too-fast"
        case .fasterThanOthers: "faster-than-others"
        case .failsGold: "fails-gold"
        case .inconsistent: "inconsistent"
        case .favoursLength: "favours-length"
        }
    }
}

/// What one annotator's votes say about the annotator.
public struct AnnotatorReport: Equatable, Sendable {
    public let name: String
    public let isSimulated: Bool
    public let votes: Int
    public let skips: Int
    /// Ties among the votes.
    public let ties: Share
    /// Votes equal to what most of the others said, where there is such a majority (the
    /// annotator's own vote left out).
    public let withOthers: Share
    /// `confusion[own][others]`, by the indices of `VoteTable.categories`.
    public let confusion: [[Int]]
    /// Decided votes for the answer that was shown first.
    public let first: Share
    /// The exact two-sided binomial test of one half.
    public let firstP: Double
    public let consistency: SelfConsistency
    /// Nil where no question with a known answer was judged.
    public let gold: GoldAccuracy?
    /// The median time of a vote.
    public let seconds: Double?
    /// The median reading speed that the times ask for; nil without texts.
    public let wordsPerMinute: Double?
    /// Votes at more than 900 words a minute.
    public let rushed: Share
    /// Decided votes for the longer answer, where lengths differ by a word or more.
    public let longer: Share
    /// Of three answers to one prompt that were all compared, the triples that go in a circle.
    public let circles: Share
    /// In the order of weight.
    public internal(set) var remarks: [AnnotatorRemark] = []
}
