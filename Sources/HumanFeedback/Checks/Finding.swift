/// What can be wrong with sound rows.
public enum LintReason: String, CaseIterable, Sendable {
    case duplicate
    case contradiction
    case otherRating = "other-rating"
    case identicalAnswers = "identical-answers"
    case emptyText = "empty-text"
    case surroundingWhiteSpace = "surrounding-white-space"
    case veryLong = "very-long"
    case garbledText = "garbled-text"
    case hiddenCharacters = "hidden-characters"
    case unfinishedAnswer = "unfinished-answer"
    case promptOverContext = "prompt-over-context"
    case cutToSame = "cut-to-same"
    case unbalancedAnnotators = "unbalanced-annotators"
    case sharedPrompt = "shared-prompt"

    /// The finding in plain words, for tables and messages.
    public var meaning: String {
        switch self {
        case .duplicate: "the same row is there already"
        case .contradiction: "the opposite preference is there too"
        case .otherRating: "the same answer is there with another rating"
        case .identicalAnswers: "both answers are the same, white space at the ends aside"
        case .emptyText: "a text is empty or only white space"
        case .surroundingWhiteSpace:
            "white space before or after a text (one before an answer is usual)"
        case .veryLong: "a text is longer than the limit"
        case .garbledText: "characters of a wrong encoding, such as Ã© for é"
        case .hiddenCharacters:
            "control characters, or ones that are not seen or turn the direction of reading"
        case .unfinishedAnswer: "an answer stops in the middle of a sentence, others do not"
        case .promptOverContext: "the prompt alone is longer than --max-length"
        case .cutToSame: "both answers are the same text when cut to --max-length"
        case .unbalancedAnnotators: "one annotator gave more than half of the votes"
        case .sharedPrompt: "the prompt is in the other file too"
        }
    }

    /// What to do about it.
    public var advice: String {
        switch self {
        case .duplicate: "keep one: a row that is there twice counts twice"
        case .contradiction: "combine the votes (votes aggregate), or ask once more"
        case .otherRating: "a regression learns their mean; keep that, or ask once more"
        case .identicalAnswers, .cutToSame: "leave them out: there is nothing to prefer"
        case .emptyText: "leave them out, or find where the text was lost"
        case .surroundingWhiteSpace: "trim, unless the tokenizer was trained with it"
        case .veryLong: "look whether they are what they should be; --longest sets the limit"
        case .garbledText: "decode the source again as UTF-8"
        case .hiddenCharacters:
            "nobody who judges them sees them: take them out, or keep them out of training"
        case .unfinishedAnswer: "generate with more --max-new-tokens, or leave them out"
        case .promptOverContext: "shorten the prompts or raise --max-length"
        case .unbalancedAnnotators: "the reward model learns one taste; ask others too"
        case .sharedPrompt: "split by prompt, not by row"
        }
    }
}

/// One thing that was found, with the places to look at first.
public struct Finding: Equatable, Sendable {
    public let reason: LintReason
    /// The number of rows.
    public let count: Int
    /// The lines of the first of them, at most five.
    public let lines: [Int]
    /// The beginning of the first of them.
    public var example = ""
}

/// How often the chosen answer is the longer one, in characters.
///
/// A share far from one half lets a reward model succeed by measuring length.
public struct LengthBias: Equatable, Sendable {
    public let chosenLonger: Int
    public let equal: Int
    public let rejectedLonger: Int

    /// `chosenLonger / (chosenLonger + rejectedLonger)`, one half when all are equal.
    public var share: Double {
        let unequal = chosenLonger + rejectedLonger
        return unequal == 0 ? 0.5 : Double(chosenLonger) / Double(unequal)
    }

    init(_ pairs: [PreferencePair]) {
        let differences = pairs.map { characters(in: $0.chosen) - characters(in: $0.rejected) }
        chosenLonger = differences.count { $0 > 0 }
        equal = differences.count { $0 == 0 }
        rejectedLonger = differences.count { $0 < 0 }
    }

    private init(chosenLonger: Int, equal: Int, rejectedLonger: Int) {
        self.chosenLonger = chosenLonger
        self.equal = equal
        self.rejectedLonger = rejectedLonger
    }

    static func + (a: LengthBias, b: LengthBias) -> LengthBias {
        LengthBias(
            chosenLonger: a.chosenLonger + b.chosenLonger, equal: a.equal + b.equal,
            rejectedLonger: a.rejectedLonger + b.rejectedLonger)
    }
}

/// The number of characters; of ASCII, which is nearly all there is, the number of bytes.
func characters(in text: String) -> Int {
    let bytes = text.utf8
    return bytes.allSatisfy { $0 < 0x80 && $0 != 0x0D } ? bytes.count : text.count
}

/// Collects findings row by row.
struct FindingTally {
    private static let shownLines = 5
    private var counts: [LintReason: Finding] = [:]

    mutating func add(_ reason: LintReason, line: Int, example: @autoclosure () -> String = "") {
        let earlier = counts[reason]
        let lines = earlier?.lines ?? []
        counts[reason] = Finding(
            reason: reason, count: (earlier?.count ?? 0) + 1,
            lines: lines.count < Self.shownLines ? lines + [line] : lines,
            example: earlier?.example ?? String(example().trimmed.prefix(80)))
    }

    mutating func set(_ reason: LintReason, count: Int, example: String) {
        counts[reason] = Finding(reason: reason, count: count, lines: [], example: example)
    }

    mutating func remove(_ reason: LintReason) { counts[reason] = nil }

    func count(of reason: LintReason) -> Int { counts[reason]?.count ?? 0 }

    /// The findings in the order of `LintReason.allCases`.
    var findings: [Finding] { LintReason.allCases.compactMap { counts[$0] } }
}
