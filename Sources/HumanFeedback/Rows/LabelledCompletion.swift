public import OrderedJSON

/// A completion that was found good or bad by itself (TRL: unpaired preference).
public struct LabelledCompletion: FeedbackRow, PromptGrouped {
    public let prompt: String
    public let completion: String
    /// The column `label`: true for a good completion.
    public let isGood: Bool
    public let promptID: String

    /// Creates a judged completion; without an id the prompt gets `Prompt.derivedID(of:)`.
    public init(prompt: String, completion: String, isGood: Bool, promptID: String? = nil) {
        self.prompt = prompt
        self.completion = completion
        self.isGood = isGood
        self.promptID = promptID ?? Prompt.derivedID(of: prompt)
    }

    /// Reads `prompt`, `completion`, `label` and, if there, `prompt_id`.
    public init(json: JSON) throws(RowProblem) {
        let row = try RowReader(json)
        self.init(
            prompt: try row.string("prompt"), completion: try row.string("completion"),
            isGood: try row.bool("label"), promptID: try row.optionalID("prompt_id"))
    }

    public var json: JSON {
        var object = JSONObject([
            ("prompt", .string(prompt)), ("completion", .string(completion)),
            ("label", .bool(isGood)),
        ])
        object.addPromptID(promptID, of: prompt)
        return .object(object)
    }
}
