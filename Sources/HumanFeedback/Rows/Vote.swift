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
    /// Points for the left and for the right answer, where each was judged by itself; a thumb up
    /// is 1, a thumb down 0.
    public let leftRating: Int?
    public let rightRating: Int?
    /// What the annotator wrote about it.
    public let note: String?
    /// Whether the annotator wants somebody to look at the pair.
    public let isFlagged: Bool
    /// Whether the annotator had judged the pair before and was asked again.
    public let isRepeat: Bool
    /// Why the pair was asked: `random`, `uncertain`, `disagreement`, `information`, `gold`. Only
    /// random ones are a fair sample of all pairs; nil when nothing was chosen.
    public let selection: String?

    /// Who judged where a file does not say.
    static let unknownAnnotator = "unknown"

    /// Creates a vote.
    public init(
        comparisonID: String, annotator: String, verdict: Verdict, strength: Double? = nil,
        seconds: Double? = nil, shownOrder: ShownOrder = .leftFirst, criterion: String? = nil,
        isSimulated: Bool = false, isGroundTruth: Bool = false, leftRating: Int? = nil,
        rightRating: Int? = nil, note: String? = nil, isFlagged: Bool = false,
        isRepeat: Bool = false, selection: String? = nil
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
        self.leftRating = leftRating
        self.rightRating = rightRating
        self.note = note
        self.isFlagged = isFlagged
        self.isRepeat = isRepeat
        self.selection = selection
    }

    /// Reads `pair_id`, `annotator`, `verdict` (left, right, tie, both_bad, skip) and, if there,
    /// `strength`, `seconds`, `shown_order`, `criterion`, `simulated`, `ground_truth`,
    /// `left_rating`, `right_rating`, `note`, `flagged`, `repeat`, `selection`.
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
            isSimulated: try row.flag("simulated"), isGroundTruth: try row.flag("ground_truth"),
            leftRating: try row.optionalInteger("left_rating"),
            rightRating: try row.optionalInteger("right_rating"),
            note: try row.optionalString("note"), isFlagged: try row.flag("flagged"),
            isRepeat: try row.flag("repeat"), selection: try row.optionalString("selection"))
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
        if let leftRating { object["left_rating"] = .integer(leftRating) }
        if let rightRating { object["right_rating"] = .integer(rightRating) }
        if let note { object["note"] = .string(note) }
        if isFlagged { object["flagged"] = true }
        if isRepeat { object["repeat"] = true }
        if let selection { object["selection"] = .string(selection) }
        return .object(object)
    }
}

extension Vote {
    /// The same vote with another note and flag.
    public func marked(note: String?, isFlagged: Bool) -> Vote {
        Vote(
            comparisonID: comparisonID, annotator: annotator, verdict: verdict,
            strength: strength, seconds: seconds, shownOrder: shownOrder, criterion: criterion,
            isSimulated: isSimulated, isGroundTruth: isGroundTruth, leftRating: leftRating,
            rightRating: rightRating, note: note, isFlagged: isFlagged, isRepeat: isRepeat,
            selection: selection)
    }
}

extension Vote {
    /// The same vote about the comparison with its sides exchanged.
    var exchanged: Vote {
        Vote(
            comparisonID: comparisonID, annotator: annotator, verdict: verdict.flipped,
            strength: strength, seconds: seconds,
            shownOrder: shownOrder == .leftFirst ? .rightFirst : .leftFirst, criterion: criterion,
            isSimulated: isSimulated, isGroundTruth: isGroundTruth, leftRating: rightRating,
            rightRating: leftRating, note: note, isFlagged: isFlagged, isRepeat: isRepeat,
            selection: selection)
    }

    /// The same vote about the comparison with another id.
    func moved(to comparisonID: String) -> Vote {
        Vote(
            comparisonID: comparisonID, annotator: annotator, verdict: verdict,
            strength: strength, seconds: seconds, shownOrder: shownOrder, criterion: criterion,
            isSimulated: isSimulated, isGroundTruth: isGroundTruth, leftRating: leftRating,
            rightRating: rightRating, note: note, isFlagged: isFlagged, isRepeat: isRepeat,
            selection: selection)
    }
}

extension [Vote] {
    /// Without those that their annotator has judged again later: the first place, the last verdict.
    var lastOfEach: [Vote] {
        var places: [QuestionKey: Int] = [:]
        var kept: [Vote] = []
        for vote in self {
            let key = QuestionKey(
                pair: ExactText(vote.comparisonID), annotator: ExactText(vote.annotator),
                criterion: ExactText(vote.criterion ?? ""))
            // A skip is no verdict, and unnamed annotators may be different people.
            if vote.verdict == .skip || vote.annotator == Vote.unknownAnnotator {
                kept.append(vote)
            } else if let place = places[key] {
                kept[place] = vote
            } else {
                places[key] = kept.count
                kept.append(vote)
            }
        }
        return kept
    }
}

/// Who was asked what.
private struct QuestionKey: Hashable {
    let pair, annotator, criterion: ExactText
}

extension RowReader {
    fileprivate func optionalInteger(_ key: String) throws(RowProblem) -> Int? {
        guard let value = self[key] else { return nil }
        guard let integer = value.intValue else {
            throw problem(key, expected: "an integer", found: value)
        }
        return integer
    }

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
