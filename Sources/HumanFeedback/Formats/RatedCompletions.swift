import OrderedJSON

/// Rows with several rated completions, as UltraFeedback has them:
/// `{"instruction", "completions": [{"response", "overall_score", "model"}, …]}`.
enum RatedCompletions {
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
            let names = ["overall_score", "score", "fine-grained_score", "rating"]
            guard let name = names.first(where: { completion[$0] != nil }),
                let rating = try completion.optionalNumber(name)
            else {
                tally.add(.unrated)
                continue
            }
            result.append(RatedCompletion(prompt: prompt, completion: text, rating: rating))
        }
        return result
    }
}
