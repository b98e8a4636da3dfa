/// How an annotator errs; the formulas are at `SimulatedAnnotator`.
///
/// `temperature`, `lengthPreference` and `tieThreshold` are in points of the criterion, so they
/// fit criteria whose better and worse answers lie a few points apart.
public struct AnnotatorErrors: Equatable, Sendable {
    /// The noise of a judgement, above 0: without other faults or ties the better answer wins
    /// 73 % of the votes at a difference of one temperature.
    public var temperature: Double
    /// The share of votes given without looking, half of them wrong.
    public var lapseRate: Double
    /// Takes the worse answer for the better one: has read the instruction the other way round.
    public var isContrary: Bool
    /// Log-odds in favour of the answer that is shown first.
    public var positionBias: Double
    /// Points for every word that an answer is longer than the other.
    public var lengthPreference: Double
    /// Answers that seem no more than this apart are called a tie.
    public var tieThreshold: Double
    /// Median time to decide, without reading.
    public var decisionSeconds: Double
    /// Median reading speed.
    public var wordsPerMinute: Double
    /// Standard deviation of the logarithm of the time.
    public var secondsSpread: Double

    /// Creates an error model; without arguments beyond the temperature it has noise only.
    public init(
        temperature: Double, lapseRate: Double = 0, isContrary: Bool = false,
        positionBias: Double = 0, lengthPreference: Double = 0, tieThreshold: Double = 0,
        decisionSeconds: Double = 4, wordsPerMinute: Double = 250, secondsSpread: Double = 0.35
    ) {
        precondition(temperature > 0, "AnnotatorErrors: temperature \(temperature) is not above 0")
        self.temperature = temperature
        self.lapseRate = lapseRate
        self.isContrary = isContrary
        self.positionBias = positionBias
        self.lengthPreference = lengthPreference
        self.tieThreshold = tieThreshold
        self.decisionSeconds = decisionSeconds
        self.wordsPerMinute = wordsPerMinute
        self.secondsSpread = secondsSpread
    }
}

/// Kinds of annotators that every annotation project meets. The raw value is the name that is
/// written in commands and files.
public enum AnnotatorProfile: String, CaseIterable, Sendable {
    case careful
    case hurried
    case positionBiased = "position-biased"
    case prefersLong = "prefers-long"
    case careless
    case contrary

    /// One sentence about it, for tables and help.
    public var meaning: String {
        switch self {
        case .careful: "Reads both answers; errs where they are nearly equal, seldom elsewhere."
        case .hurried: "Skims; is unsure of small differences and often calls them ties."
        case .positionBiased: "Sees small differences, but leans to the answer shown first."
        case .prefersLong: "Takes length for quality: five more words weigh as much as a point."
        case .careless: "Answers one time in three without looking, and is noisy otherwise."
        case .contrary: "Reads carefully, but has understood the instruction the other way round."
        }
    }

    /// The profile's error model, in points of a criterion like the first tutorial's.
    public var errors: AnnotatorErrors {
        switch self {
        case .careful:
            AnnotatorErrors(temperature: 0.8, lapseRate: 0.03, tieThreshold: 0.25)
        case .hurried:
            AnnotatorErrors(
                temperature: 1.5, lapseRate: 0.1, positionBias: 0.2, tieThreshold: 0.75,
                decisionSeconds: 1.5, wordsPerMinute: 900, secondsSpread: 0.5)
        case .positionBiased:
            AnnotatorErrors(
                temperature: 1, lapseRate: 0.03, positionBias: 1.5, tieThreshold: 0.25)
        case .prefersLong:
            AnnotatorErrors(
                temperature: 0.8, lapseRate: 0.03, lengthPreference: 0.2, tieThreshold: 0.25)
        case .careless:
            AnnotatorErrors(
                temperature: 1.5, lapseRate: 0.33, tieThreshold: 0.25, decisionSeconds: 1,
                wordsPerMinute: 1500, secondsSpread: 0.6)
        case .contrary:
            AnnotatorErrors(
                temperature: 0.8, lapseRate: 0.03, isContrary: true, tieThreshold: 0.25)
        }
    }
}
