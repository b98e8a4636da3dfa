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

    /// Reads a file of such rows, or of rows with several rated completions as UltraFeedback has
    /// them.
    ///
    /// - Throws: `FeedbackError` with file and line, at the first problem.
    public static func read(bytes: [UInt8], path: String) throws(FeedbackError) -> [RatedCompletion]
    {
        var result: [RatedCompletion] = []
        try RowSource(path: path, bytes: bytes).forEach { (line, row) throws(FeedbackError) in
            do throws(RowProblem) {
                if row["completions"]?[0]?.objectValue != nil {
                    result += try RatedCompletions.completions(RowReader(row))
                } else {
                    result.append(try RatedCompletion(json: row))
                }
            } catch {
                throw .badRow(path: path, line: line, problem: error)
            }
        }
        return result
    }
}
