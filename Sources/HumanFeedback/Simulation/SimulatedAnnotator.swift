import Glibc

/// A program that votes as a person with known faults would, judging by a stated criterion.
///
/// With the criterion's points `c`, the numbers of words `w`, the faults of `AnnotatorErrors` and
/// `s` = 1 where the left answer was shown first, −1 where the right one was:
///
///     d = c(left) − c(right) + lengthPreference · (w(left) − w(right))
///     x = d + temperature · (positionBias · s + L),   L standard logistic
///     verdict = left if x > tieThreshold, right if x < −tieThreshold, else tie
///
/// (with c(right) − c(left) for one who is contrary) and, in a share `lapseRate` of the votes, left or right by the toss of a coin instead. So
///
///     P(left) = lapseRate / 2 + (1 − lapseRate) · σ((d − tieThreshold) / temperature
///                                                   + positionBias · s)
///
/// which is Bradley and Terry's model (1952) with the ties of Rao and Kupper (1967) and an
/// annotator's position bias. Lengths count in words (runs without white space).
///
/// Every vote says that it is simulated. It depends on the seed, the annotator's name, the
/// comparison and the order, and on nothing else: other votes may be added or left out.
public struct SimulatedAnnotator: Sendable {
    /// The name its votes carry.
    public let name: String
    /// How it errs.
    public let errors: AnnotatorErrors
    /// What the criterion measures; its votes carry this name too.
    public let criterionName: String
    /// Points of a completion of a prompt; the more, the better.
    public let criterion: @Sendable (_ prompt: String, _ completion: String) -> Double

    /// Creates an annotator.
    ///
    /// - Parameter criterion: Must be a pure function, for votes to be reproducible. Where it
    ///   gives no number (NaN) for an answer, the comparison is skipped.
    public init(
        name: String, errors: AnnotatorErrors, criterionName: String,
        criterion: @escaping @Sendable (_ prompt: String, _ completion: String) -> Double
    ) {
        self.name = name
        self.errors = errors
        self.criterionName = criterionName
        self.criterion = criterion
    }

    /// Creates an annotator who has a profile's name and faults and judges by rules.
    public init(_ profile: AnnotatorProfile, scorer: RuleScorer) {
        self.init(
            name: profile.rawValue, errors: profile.errors, criterionName: scorer.name,
            criterion: scorer.score)
    }

    /// The annotator's vote on a comparison that was shown in the given order.
    public func vote(on comparison: Comparison, order: ShownOrder, seed: UInt64) -> Vote {
        let random = KeyedRandom(seed: seed, name, comparison.id)
        return Vote(
            comparisonID: comparison.id, annotator: name,
            verdict: verdict(on: comparison, order: order, random),
            seconds: seconds(for: comparison, random), shownOrder: order,
            criterion: criterionName, isSimulated: true)
    }

    private func verdict(
        on comparison: Comparison, order: ShownOrder, _ random: KeyedRandom
    ) -> Verdict {
        let left = criterion(comparison.prompt, comparison.left)
        let right = criterion(comparison.prompt, comparison.right)
        // Two infinite answers of one kind have no difference either.
        if (left - right).isNaN, left != right { return .skip }
        if random.uniform(at: Place.lapse) < errors.lapseRate {
            return random.uniform(at: Place.lapseSide) < 0.5 ? .left : .right
        }
        let better = left == right ? 0 : left - right
        let quality = errors.isContrary ? -better : better
        let extraWords = words(comparison.left) - words(comparison.right)
        let side: Double = order == .leftFirst ? 1 : -1
        let noise = errors.positionBias * side + random.logistic(at: Place.preference)
        let perceived =
            quality + errors.lengthPreference * Double(extraWords) + errors.temperature * noise
        if perceived > errors.tieThreshold { return .left }
        return perceived < -errors.tieThreshold ? .right : .tie
    }

    /// Log-normal around the time it takes to decide and to read the three texts, in tenths.
    private func seconds(for comparison: Comparison, _ random: KeyedRandom) -> Double {
        let count = words(comparison.prompt) + words(comparison.left) + words(comparison.right)
        let median = errors.decisionSeconds + Double(count) * 60 / errors.wordsPerMinute
        let seconds = median * exp(errors.secondsSpread * random.normal(at: Place.seconds))
        return max((seconds * 10).rounded(), 1) / 10
    }

    private func words(_ text: String) -> Int { wordCount(of: Array(text.utf8)[...]) }

    /// Where the numbers of a vote stand in its stream.
    private enum Place {
        static let lapse = 0
        static let lapseSide = 1
        static let preference = 2
        static let seconds = 3  // and 4
    }
}
