/// What can be wrong with sound rows.
public enum LintReason: String, CaseIterable, Sendable {
    case duplicate
    case contradiction
    case identicalAnswers = "identical-answers"
    case emptyText = "empty-text"
    case surroundingWhiteSpace = "surrounding-white-space"
    case veryLong = "very-long"
    case sharedPrompt = "shared-prompt"

    /// The finding in plain words, for tables and messages.
    public var meaning: String {
        switch self {
        case .duplicate: "the same row is there already"
        case .contradiction: "the opposite preference is there too"
        case .identicalAnswers: "both answers are the same, white space at the ends aside"
        case .emptyText: "a text is empty or only white space"
        case .surroundingWhiteSpace:
            "white space before or after a text (one before an answer is usual)"
        case .veryLong: "a text is longer than the limit"
        case .sharedPrompt: "the prompt is in the other file too"
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
        let differences = pairs.map { $0.chosen.count - $0.rejected.count }
        chosenLonger = differences.count { $0 > 0 }
        equal = differences.count { $0 == 0 }
        rejectedLonger = differences.count { $0 < 0 }
    }
}

/// Collects findings row by row.
struct FindingTally {
    private static let shownLines = 5
    private var counts: [LintReason: (count: Int, lines: [Int])] = [:]

    mutating func add(_ reason: LintReason, line: Int) {
        var (count, lines) = counts[reason] ?? (0, [])
        count += 1
        if lines.count < Self.shownLines { lines.append(line) }
        counts[reason] = (count, lines)
    }

    /// The findings in the order of `LintReason.allCases`.
    var findings: [Finding] {
        LintReason.allCases.compactMap { reason in
            counts[reason].map { Finding(reason: reason, count: $0.count, lines: $0.lines) }
        }
    }
}
