public import OrderedJSON

/// A prompt with the completion a person would like to see; material for supervised fine-tuning.
public struct Demonstration: FeedbackRow, PromptGrouped {
    /// The prompt; empty for plain text to be learned as a whole.
    public let prompt: String
    public let completion: String
    public let promptID: String

    /// Creates a demonstration; without an id the prompt gets `Prompt.derivedID(of:)`.
    public init(prompt: String, completion: String, promptID: String? = nil) {
        self.prompt = prompt
        self.completion = completion
        self.promptID = promptID ?? Prompt.derivedID(of: prompt)
    }

    /// Reads `prompt`, `completion` and, if there, `prompt_id`.
    public init(json: JSON) throws(RowProblem) {
        let row = try RowReader(json)
        self.init(
            prompt: try row.string("prompt"), completion: try row.string("completion"),
            promptID: try row.optionalID("prompt_id"))
    }

    public var json: JSON {
        var object = JSONObject([("prompt", .string(prompt)), ("completion", .string(completion))])
        object.addPromptID(promptID, of: prompt)
        return .object(object)
    }
}
