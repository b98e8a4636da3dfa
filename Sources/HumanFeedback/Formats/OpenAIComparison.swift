import OrderedJSON

/// Rows of OpenAI's summarize-from-feedback comparisons, one a worker:
/// `{"info": {"id", "post"}, "summaries": [{"text", "policy"}, …], "choice": 0 or 1, "worker"}`.
///
/// `extra.confidence` goes from 1 (the first, much better) to 9; we write 1, 3, 7 and 9.
enum OpenAIComparison {
    static func judged(_ row: RowReader) throws -> (comparison: Comparison, vote: Vote) {
        let info = try RowReader(row["info"] ?? .null, path: "info.")
        let expected = "two texts"
        guard let list = row["summaries"] else {
            throw row.missing("summaries", expected: expected)
        }
        guard let summaries = list.arrayValue, summaries.count == 2 else {
            throw row.problem("summaries", expected: expected, found: list)
        }
        let left = try RowReader(summaries[0], path: "summaries[0].")
        let right = try RowReader(summaries[1], path: "summaries[1].")
        let prompt = try info.optionalString("post") ?? info.string("article")
        let comparison = Comparison(
            prompt: prompt, left: try left.string("text"), right: try right.string("text"),
            promptID: try info.optionalID("id"), leftModel: try left.optionalString("policy"),
            rightModel: try right.optionalString("policy"))
        guard let choice = row["choice"]?.intValue, choice == 0 || choice == 1 else {
            throw Refusal(reason: .unknownValue)
        }
        let extra = try row["extra"].map { json throws(RowProblem) in
            try RowReader(json, path: "extra.")
        }
        let confidence = try extra?.optionalNumber("confidence")
        let vote = Vote(
            comparisonID: comparison.id, annotator: try row.optionalID("worker") ?? "unknown",
            verdict: choice == 0 ? .left : .right,
            strength: confidence.map { abs($0 - 5) >= 3 ? 3 : 1 })
        return (comparison, vote)
    }

    /// Nil where the format has no word for the verdict.
    static func row(_ comparison: Comparison, _ vote: Vote) -> JSON? {
        guard vote.verdict.isDecided else { return nil }
        let isLeft = vote.verdict == .left
        func summary(_ text: String, _ model: String?) -> JSON {
            ["text": .string(text), "policy": model.map { .string($0) } ?? .null, "note": .null]
        }
        var extra = JSONObject()
        if let strength = vote.strength {
            let steps = strength >= 3 ? 4 : 2
            extra["confidence"] = .integer(isLeft ? 5 - steps : 5 + steps)
        }
        return [
            "info": ["id": .string(comparison.promptID), "post": .string(comparison.prompt)],
            "summaries": [
                summary(comparison.left, comparison.leftModel),
                summary(comparison.right, comparison.rightModel),
            ],
            "choice": .integer(isLeft ? 0 : 1), "worker": .string(vote.annotator),
            "extra": .object(extra),
        ]
    }
}
