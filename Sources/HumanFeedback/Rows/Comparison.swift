public import OrderedJSON

/// Two answers to a prompt, waiting for votes.
public struct Comparison: FeedbackRow, PromptGrouped {
    /// The id votes refer to.
    public let id: String
    public let prompt: String
    public let promptID: String
    /// The answer called left (`answer1` in files), wherever it was shown.
    public let left: String
    /// The answer called right (`answer2` in files).
    public let right: String
    /// The model that gave the left answer (`model1` in files), where it is known.
    public let leftModel: String?
    /// The model that gave the right answer (`model2` in files).
    public let rightModel: String?

    /// Creates a comparison. Without an id it gets `c-` and the 64-bit FNV-1a hash of its three
    /// texts, so the same pair in the same order has the same id in every file.
    public init(
        prompt: String, left: String, right: String, id: String? = nil, promptID: String? = nil,
        leftModel: String? = nil, rightModel: String? = nil
    ) {
        self.prompt = prompt
        self.left = left
        self.right = right
        self.leftModel = leftModel
        self.rightModel = rightModel
        self.id = id ?? Comparison.derivedID(prompt: prompt, left: left, right: right)
        self.promptID = promptID ?? Prompt.derivedID(of: prompt)
    }

    /// The id its texts give it.
    var derivedID: String { Self.derivedID(prompt: prompt, left: left, right: right) }

    static func derivedID(prompt: String, left: String, right: String) -> String {
        "c-" + Fingerprint.hexadecimal(Fingerprint.hash(prompt, left, right))
    }

    /// Reads `prompt`, `answer1`, `answer2` and, if there, `pair_id` (or `id`), `prompt_id`,
    /// `model1` and `model2`.
    public init(json: JSON) throws(RowProblem) {
        let row = try RowReader(json)
        let id = try row.optionalID("pair_id", "id")
        self.init(
            prompt: try row.string("prompt"), left: try row.string("answer1"),
            right: try row.string("answer2"), id: id, promptID: try row.optionalID("prompt_id"),
            leftModel: try row.optionalString("model1"),
            rightModel: try row.optionalString("model2"))
    }

    public var json: JSON {
        var object = JSONObject([
            ("prompt", .string(prompt)), ("answer1", .string(left)), ("answer2", .string(right)),
        ])
        if id != Comparison.derivedID(prompt: prompt, left: left, right: right) {
            object["pair_id"] = .string(id)
        }
        object.addPromptID(promptID, of: prompt)
        if let leftModel { object["model1"] = .string(leftModel) }
        if let rightModel { object["model2"] = .string(rightModel) }
        return .object(object)
    }

    /// Pairs that are judged already as questions, each once, without a trace of the verdict: sides are
    /// in the order of the texts. Their ids say that they are asked again, so that an earlier vote on the
    /// same texts leaves none of them out.
    public static func asked(again pairs: [PreferencePair]) -> [Comparison] {
        var seen: Set<ExactText> = []
        return pairs.map {
            let isInOrder = $0.chosen.utf8.lexicographicallyPrecedes($0.rejected.utf8)
            let (left, right) = isInOrder ? ($0.chosen, $0.rejected) : ($0.rejected, $0.chosen)
            return Comparison(
                prompt: $0.prompt, left: left, right: right,
                id: "again-" + derivedID(prompt: $0.prompt, left: left, right: right),
                promptID: $0.promptID)
        }.filter { seen.insert(ExactText($0.id)).inserted }
    }
}
