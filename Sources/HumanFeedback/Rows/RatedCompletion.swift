public import OrderedJSON

/// A completion with a rating: thumbs up (1) or down (0), or a number on any scale.
public struct RatedCompletion: FeedbackRow, PromptGrouped {
    public let prompt: String
    public let completion: String
    public let rating: Double
    public let promptID: String

    /// Creates a rated completion; without an id the prompt gets `Prompt.derivedID(of:)`.
    public init(prompt: String, completion: String, rating: Double, promptID: String? = nil) {
        self.prompt = prompt
        self.completion = completion
        self.rating = rating
        self.promptID = promptID ?? Prompt.derivedID(of: prompt)
    }

    /// Reads `prompt`, `completion`, a number in `rating` or thumbs in `label` and, if there,
    /// `prompt_id`.
    public init(json: JSON) throws(RowProblem) {
        let row = try RowReader(json)
        let rating: Double
        if let number = try row.optionalNumber("rating") {
            rating = number
        } else if row["label"] != nil {
            rating = try row.bool("label") ? 1 : 0
        } else {
            throw row.missing("rating", expected: "a number (or true or false in label)")
        }
        self.init(
            prompt: try row.string("prompt"), completion: try row.string("completion"),
            rating: rating, promptID: try row.optionalID("prompt_id"))
    }

    public var json: JSON {
        var object = JSONObject([
            ("prompt", .string(prompt)), ("completion", .string(completion)),
            ("rating", .number(rating)),
        ])
        object.addPromptID(promptID, of: prompt)
        return .object(object)
    }
}

extension RatedCompletion {
    /// Every better completion of a prompt with every worse one.
    ///
    /// - Parameter following: How many of the following completions of its prompt one is set against;
    ///   nil is all.
    public static func pairs(
        of rows: [RatedCompletion], following: Int? = nil
    ) -> [PreferencePair] {
        var tally = ReasonTally()
        return pairs(of: rows, following: following, &tally)
    }

    /// The same; equal ratings give no pair and are counted.
    static func pairs(
        of rows: [RatedCompletion], following: Int? = nil, _ tally: inout ReasonTally
    ) -> [PreferencePair] {
        var places: [ExactText: Int] = [:]
        var groups: [[RatedCompletion]] = []
        for row in rows {
            let id = ExactText(row.promptID)
            if let place = places[id] {
                groups[place].append(row)
            } else {
                places[id] = groups.count
                groups.append([row])
            }
        }
        var pairs: [PreferencePair] = []
        for group in groups {
            for (index, first) in group.enumerated() {
                for other in group[(index + 1)...].prefix(following ?? .max) {
                    if let pair = pair(first, other) { pairs.append(pair) } else { tally.add(.tie) }
                }
            }
        }
        return pairs
    }

    /// The better of two completions over the other, the difference of the ratings as margin; nil when
    /// they are rated alike.
    private static func pair(_ a: RatedCompletion, _ b: RatedCompletion) -> PreferencePair? {
        if a.rating == b.rating { return nil }
        let (better, worse) = a.rating > b.rating ? (a, b) : (b, a)
        return PreferencePair(
            prompt: a.prompt, chosen: better.completion, rejected: worse.completion,
            margin: better.rating - worse.rating, promptID: a.promptID)
    }
}
