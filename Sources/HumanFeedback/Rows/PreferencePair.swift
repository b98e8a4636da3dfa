public import OrderedJSON

/// Two completions of a prompt, the preferred one first by name.
public struct PreferencePair: FeedbackRow, PromptGrouped {
    public let prompt: String
    public let chosen: String
    public let rejected: String
    /// How much better `chosen` should score at least; nil when nobody said.
    public let margin: Double?
    /// How much the pair counts in a loss.
    public let weight: Double
    /// The probability that `chosen` is the better one: 1 when nobody doubts it, ½ for a tie.
    public let confidence: Double
    public let promptID: String
    /// Who preferred it, when one annotator did.
    public let annotator: String?
    /// Whether the annotator was a program.
    public let isSimulated: Bool

    /// Creates a pair; without an id the prompt gets `Prompt.derivedID(of:)`.
    public init(
        prompt: String, chosen: String, rejected: String, margin: Double? = nil,
        weight: Double = 1, confidence: Double = 1, promptID: String? = nil,
        annotator: String? = nil,
        isSimulated: Bool = false
    ) {
        self.prompt = prompt
        self.chosen = chosen
        self.rejected = rejected
        self.margin = margin
        self.weight = weight
        self.confidence = confidence
        self.promptID = promptID ?? Prompt.derivedID(of: prompt)
        self.annotator = annotator
        self.isSimulated = isSimulated
    }

    /// Reads `prompt`, `chosen`, `rejected` and, if there, `margin`, `weight`,
    /// `confidence`, `prompt_id`, `annotator`, `simulated`.
    public init(json: JSON) throws(RowProblem) {
        let row = try RowReader(json)
        self.init(
            prompt: try row.string("prompt"), chosen: try row.string("chosen"),
            rejected: try row.string("rejected"), margin: try row.optionalNumber("margin"),
            weight: try row.optionalNumber("weight") ?? 1,
            confidence: try row.optionalShare("confidence") ?? 1,
            promptID: try row.optionalID("prompt_id"),
            annotator: try row.optionalID("annotator"), isSimulated: try row.flag("simulated"))
    }

    public var json: JSON {
        var object = JSONObject([
            ("prompt", .string(prompt)), ("chosen", .string(chosen)),
            ("rejected", .string(rejected)),
        ])
        if let margin { object["margin"] = .number(margin) }
        if weight != 1 { object["weight"] = .number(weight) }
        if confidence != 1 { object["confidence"] = .number(confidence) }
        object.addPromptID(promptID, of: prompt)
        if let annotator { object["annotator"] = .string(annotator) }
        if isSimulated { object["simulated"] = true }
        return .object(object)
    }
}

extension RowReader {
    /// A number in 0...1.
    fileprivate func optionalShare(_ key: String) throws(RowProblem) -> Double? {
        guard let number = try optionalNumber(key) else { return nil }
        guard (0...1).contains(number) else {
            throw RowProblem(
                key: key, expected: "a number in 0...1", found: JSON.number(number).text)
        }
        return number
    }
}
