public import OrderedJSON

/// A text to be continued or answered.
public struct Prompt: FeedbackRow, PromptGrouped {
    public let text: String
    /// The id all rows of this prompt share.
    public let id: String
    public var promptID: String { id }

    /// Creates a prompt; without an id it gets `derivedID(of: text)`.
    public init(text: String, id: String? = nil) {
        self.text = text
        self.id = id ?? Prompt.derivedID(of: text)
    }

    /// The id of a prompt that was given none: `p-` and the 64-bit FNV-1a hash of its UTF-8 bytes
    /// in hexadecimal. The same text has the same id in every file and every run; texts that
    /// differ in one byte, white space included, are different prompts.
    public static func derivedID(of text: String) -> String {
        "p-" + Fingerprint.hexadecimal(Fingerprint.hash(text))
    }

    /// Reads `prompt` and, if there, `prompt_id` or `id`.
    public init(json: JSON) throws(RowProblem) {
        let row = try RowReader(json)
        let id = try row.optionalID("prompt_id", "id")
        self.init(text: try row.string("prompt"), id: id)
    }

    public var json: JSON {
        var object: JSONObject = JSONObject([("prompt", .string(text))])
        object.addPromptID(id, of: text)
        return .object(object)
    }
}

extension JSONObject {
    /// Adds `prompt_id` unless it is the one the text gets anyway.
    mutating func addPromptID(_ id: String, of text: String) {
        if id != Prompt.derivedID(of: text) { self["prompt_id"] = .string(id) }
    }
}
