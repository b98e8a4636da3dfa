import OrderedJSON

/// Rows with several rated completions, as UltraFeedback has them:
/// `{"instruction", "completions": [{"response", "overall_score", "model"}, …]}`.
enum RatedCompletions {
    /// Where a rating may stand, the first that is there counts.
    private static let ratingKeys = ["overall_score", "score", "fine-grained_score", "rating"]

    /// The keys of a row's completions that are not read, each once: `completions.model`.
    static func unreadKeys(of row: JSONObject) -> [String] {
        var keys: [String] = []
        for element in row["completions"]?.arrayValue ?? [] {
            guard let object = element.objectValue else { continue }
            let text = object["response"] == nil ? "text" : "response"
            let rating = ratingKeys.first { object[$0] != nil }
            for key in object.keys where key != text && key != rating {
                if !keys.contains("completions." + key) { keys.append("completions." + key) }
            }
        }
        return keys
    }

    /// The completions of a row with their ratings; those without one are counted and left out.
    static func completions(
        _ row: RowReader, _ tally: inout ReasonTally
    ) throws(RowProblem) -> [RatedCompletion] {
        let prompt = try row["prompt"] == nil ? row.string("instruction") : row.string("prompt")
        guard let list = row["completions"], let elements = list.arrayValue else {
            throw row.missing("completions", expected: "a list of rated completions")
        }
        var result: [RatedCompletion] = []
        for (index, element) in elements.enumerated() {
            let completion = try RowReader(element, path: "completions[\(index)].")
            let key = completion["response"] == nil ? "text" : "response"
            let text = try completion.string(key)
            guard let name = ratingKeys.first(where: { completion[$0] != nil }),
                let rating = try completion.optionalNumber(name)
            else {
                tally.add(.unrated)
                continue
            }
            result.append(RatedCompletion(prompt: prompt, completion: text, rating: rating))
        }
        return result
    }

    /// A completion as an element of a row.
    static func element(_ completion: RatedCompletion) -> JSON {
        [
            "response": .string(completion.completion),
            "overall_score": .number(completion.rating),
        ]
    }

    /// The row of a prompt.
    static func row(_ prompt: String, completions: [JSON]) -> JSON {
        ["instruction": .string(prompt), "completions": .array(completions)]
    }
}
