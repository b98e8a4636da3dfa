public import OrderedJSON

/// What an annotator said about a comparison.
public enum Verdict: String, CaseIterable, Sendable {
    case left
    case right
    /// Both are equally good.
    case tie
    /// Neither is acceptable; not the same as a tie.
    case bothBad = "both_bad"
    /// The annotator passed.
    case skip

    /// Whether one side was preferred.
    public var isDecided: Bool { self == .left || self == .right }

    /// The verdict on the same comparison with its sides exchanged.
    public var flipped: Verdict {
        switch self {
        case .left: .right
        case .right: .left
        case .tie, .bothBad, .skip: self
        }
    }
}

/// Which answer of a comparison stood first (left or on top) on the screen.
public enum ShownOrder: String, CaseIterable, Sendable {
    case leftFirst = "left_first"
    case rightFirst = "right_first"
}

/// One annotator's judgement of one comparison.
public struct Vote: FeedbackRow {
    /// The id of the comparison (`pair_id` in files).
    public let comparisonID: String
    public let annotator: String
    /// In terms of the comparison's left and right, not of the screen.
    public let verdict: Verdict
    /// How strong the preference is, 1 for better and 3 for much better; nil when not asked.
    public let strength: Double?
    /// Time spent on it.
    public let seconds: Double?
    public let shownOrder: ShownOrder
    /// What was judged, when annotators judge several things: `helpfulness`.
    public let criterion: String?
    /// Whether the annotator was a program.
    public let isSimulated: Bool
    /// Whether the vote is marked as a known right answer.
    public let isGroundTruth: Bool

    /// Creates a vote.
    public init(
        comparisonID: String, annotator: String, verdict: Verdict, strength: Double? = nil,
        seconds: Double? = nil, shownOrder: ShownOrder = .leftFirst, criterion: String? = nil,
        isSimulated: Bool = false, isGroundTruth: Bool = false
    ) {
        self.comparisonID = comparisonID
        self.annotator = annotator
        self.verdict = verdict
        self.strength = strength
        self.seconds = seconds
        self.shownOrder = shownOrder
        self.criterion = criterion
        self.isSimulated = isSimulated
        self.isGroundTruth = isGroundTruth
    }

    /// Reads `pair_id`, `annotator`, `verdict` (left, right, tie, both_bad, skip) and, if there,
    /// `strength`, `seconds`, `shown_order`, `criterion`, `simulated`, `ground_truth`.
    public init(json: JSON) throws(RowProblem) {
        let row = try RowReader(json)
        guard let comparisonID = try row.optionalID("pair_id") else {
            throw row.missing("pair_id", expected: "a string or an integer")
        }
        guard let annotator = try row.optionalID("annotator") else {
            throw row.missing("annotator", expected: "a string or an integer")
        }
        self.init(
            comparisonID: comparisonID, annotator: annotator,
            verdict: try row.choice("verdict"), strength: try row.optionalNumber("strength"),
            seconds: try row.optionalNumber("seconds"),
            shownOrder: row["shown_order"] == nil ? .leftFirst : try row.choice("shown_order"),
            criterion: try row.optionalString("criterion"),
            isSimulated: try row.flag("simulated"), isGroundTruth: try row.flag("ground_truth"))
    }

    public var json: JSON {
        var object = JSONObject([
            ("pair_id", .string(comparisonID)), ("annotator", .string(annotator)),
            ("verdict", .string(verdict.rawValue)),
        ])
        if let strength { object["strength"] = .number(strength) }
        if let seconds { object["seconds"] = .number(seconds) }
        object["shown_order"] = .string(shownOrder.rawValue)
        if let criterion { object["criterion"] = .string(criterion) }
        if isSimulated { object["simulated"] = true }
        if isGroundTruth { object["ground_truth"] = true }
        return .object(object)
    }
}

extension RowReader {
    /// One of the words of an enumeration.
    fileprivate func choice<Choice>(_ key: String) throws(RowProblem) -> Choice
    where Choice: RawRepresentable<String> & CaseIterable {
        let word = try string(key)
        if let choice = Choice(rawValue: word) { return choice }
        let words = Choice.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let found = JSON.string(word).text
        throw RowProblem(key: key, expected: "one of \(words)", found: found)
    }
}
