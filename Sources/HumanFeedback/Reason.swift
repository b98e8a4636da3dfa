/// Why something in the data did not become a row, or became one that needs attention.
///
/// Nothing is dropped without one of these being counted.
public enum Reason: String, CaseIterable, Sendable {
    case skipped
    case draft
    case emptyResult = "empty-result"
    case noPreferenceResult = "no-preference-result"
    case unrated
    case unknownValue = "unknown-value"
    case superseded
    case verdictDisagrees = "verdict-disagrees"
    case otherControl = "other-control"
    case prediction
    case unlabelled
    case duplicateTask = "duplicate-task"
    case reusedPairID = "reused-pair-id"
    case groundTruth = "ground-truth"
    case severalTurns = "several-turns"
    case notPlainText = "not-plain-text"
    case differentPrompts = "different-prompts"
    case tie
    case bothBad = "both-bad"
    case unknownPair = "unknown-pair"
    case identicalAnswers = "identical-answers"
    case emptyText = "empty-text"
    case duplicate
    case notPreferred = "not-preferred"
    case noConsensus = "no-consensus"
    case tooFewVotes = "too-few-votes"
    case noModelNames = "no-model-names"
    case joinedInput = "joined-input"
    case marksOfTurns = "marks-of-turns"
    case lossyExport = "lossy-export"
    case apart

    /// The reason in plain words, for tables and messages.
    public var meaning: String {
        switch self {
        case .skipped: "the annotator skipped the pair"
        case .draft: "a draft that was never submitted"
        case .emptyResult: "submitted with nothing chosen"
        case .noPreferenceResult: "submitted without a preference, only with other controls"
        case .unrated: "a completion without a rating, which was left out"
        case .unknownValue: "the chosen value is not one this program knows"
        case .superseded: "the same annotator judged the pair again later"
        case .verdictDisagrees: "the verdict and the clicked side disagree; the verdict was taken"
        case .otherControl: "a result of another control, which was not read"
        case .prediction: "a model's prediction, which was not read"
        case .unlabelled: "a task without any annotation"
        case .duplicateTask: "a second task for the same pair; its votes were joined to the first"
        case .reusedPairID:
            "a pair id used again for other texts; the pair was given an id of its own"
        case .groundTruth: "a vote marked as ground truth"
        case .severalTurns:
            "a conversation of several turns, which is not one prompt and one answer"
        case .notPlainText: "a message that is not plain text: images, tool calls, parts"
        case .differentPrompts: "chosen and rejected answer different conversations"
        case .tie: "both answers are equally good, so there is no pair"
        case .bothBad: "both answers are bad, so there is no pair"
        case .unknownPair: "a vote for a pair that is not in the data"
        case .identicalAnswers: "both answers are the same"
        case .emptyText: "a text is empty"
        case .duplicate: "the row was there already"
        case .notPreferred: "an answer that nobody preferred"
        case .noConsensus: "the votes are tied, and nobody chooses for the annotators"
        case .tooFewVotes: "fewer votes than asked for"
        case .noModelNames: "the pair does not say which models answered"
        case .joinedInput: "an Alpaca input, which was put below its instruction"
        case .marksOfTurns: "a text that holds the marks of turns (\\n\\nHuman:) itself"
        case .lossyExport:
            "a record of JSON_MIN, CSV or TSV: skips, empty results and ground truth are lost"
        case .apart:
            "a rating far from others of its prompt in a large file, not set beside them"
        }
    }
}

/// How often a reason applied.
public struct ReasonCount: Equatable, Sendable {
    public let reason: Reason
    public let count: Int

    /// Creates a count.
    public init(reason: Reason, count: Int) {
        self.reason = reason
        self.count = count
    }
}

/// Counts by reason while something is read or converted.
struct ReasonTally {
    private var numbers = [Int](repeating: 0, count: Reason.allCases.count)

    mutating func add(_ reason: Reason, _ count: Int = 1) {
        for (index, each) in Reason.allCases.enumerated() where each == reason {
            numbers[index] += count
        }
    }

    mutating func add(_ counts: [ReasonCount]) {
        for each in counts { add(each.reason, each.count) }
    }

    /// The reasons that applied, in the order of `Reason.allCases`.
    var counts: [ReasonCount] {
        zip(Reason.allCases, numbers).compactMap { reason, number in
            number == 0 ? nil : ReasonCount(reason: reason, count: number)
        }
    }
}

extension ReasonCount {
    /// The counts of two parts together, in the order of `Reason.allCases`.
    public static func sum(_ a: [ReasonCount], _ b: [ReasonCount]) -> [ReasonCount] {
        var tally = ReasonTally()
        tally.add(a)
        tally.add(b)
        return tally.counts
    }
}
