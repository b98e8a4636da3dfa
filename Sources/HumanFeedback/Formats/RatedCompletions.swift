import OrderedJSON

/// Rows with several rated completions, as UltraFeedback has them:
/// `{"instruction", "completions": [{"response", "overall_score", "model"}, …]}`.
enum RatedCompletions {
    /// The completions of a row with their ratings; those without one are left out.
    static func completions(_ row: RowReader) throws(RowProblem) -> [RatedCompletion] {
        let prompt = try row["prompt"] == nil ? row.string("instruction") : row.string("prompt")
        var result: [RatedCompletion] = []
        for (index, element) in (row["completions"]?.arrayValue ?? []).enumerated() {
            let completion = try RowReader(element, path: "completions[\(index)].")
            let key = completion["response"] == nil ? "text" : "response"
            let names = ["overall_score", "score", "fine-grained_score", "rating"]
            guard let name = names.first(where: { completion[$0] != nil }),
                let rating = try completion.optionalNumber(name)
            else { continue }
            result.append(
                RatedCompletion(
                    prompt: prompt, completion: try completion.string(key), rating: rating))
        }
        return result
    }

    /// Every better completion with every worse one, the difference of the ratings as margin; all
    /// with one prompt id. Equal ratings give none and are counted.
    static func pairs(_ row: RowReader, _ tally: inout ReasonTally) throws -> [PreferencePair] {
        let prompt = try row["prompt"] == nil ? row.string("instruction") : row.string("prompt")
        guard let list = row["completions"], let elements = list.arrayValue else {
            throw row.missing("completions", expected: "a list of rated completions")
        }
        var rated: [(text: String, rating: Double)] = []
        for (index, element) in elements.enumerated() {
            let completion = try RowReader(element, path: "completions[\(index)].")
            let key = completion["response"] == nil ? "text" : "response"
            let text = try completion.string(key)
            let names = ["overall_score", "score", "fine-grained_score", "rating"]
            guard let name = names.first(where: { completion[$0] != nil }),
                let rating = try completion.optionalNumber(name)
            else {
                tally.add(.noPreferenceResult)
                continue
            }
            rated.append((text, rating))
        }
        var pairs: [PreferencePair] = []
        for (index, a) in rated.enumerated() {
            for b in rated[(index + 1)...] {
                if a.rating == b.rating {
                    tally.add(.tie)
                    continue
                }
                let (better, worse) = a.rating > b.rating ? (a, b) : (b, a)
                pairs.append(
                    PreferencePair(
                        prompt: prompt, chosen: better.text, rejected: worse.text,
                        margin: better.rating - worse.rating))
            }
        }
        return pairs
    }
}
