import OrderedJSON

/// Rows of OpenAI's summarize-from-feedback comparisons, one a worker:
/// `{"info": {"id", "post"}, "summaries": [{"text", "policy"}, …], "choice": 0 or 1, "worker"}`.
///
/// `extra.confidence` goes from 1 (the first, much better) to 9; how far it is from 5, from one step to
/// four, is a strength of a half, 1, 2 or 3.
enum OpenAIComparison {
    /// The strength of each step from the middle.
    static let strengths = [0.5, 1, 2, 3]

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
            comparisonID: comparison.id,
            annotator: try row.optionalID("worker") ?? Vote.unknownAnnotator,
            verdict: choice == 0 ? .left : .right,
            strength: confidence.flatMap { strength(confidence: $0) })
        return (comparison, vote)
    }

    /// Nil for the middle, which says nothing.
    private static func strength(confidence: Double) -> Double? {
        let steps = Int(min(4, abs(confidence - 5)).rounded())
        return steps == 0 ? nil : strengths[steps - 1]
    }

    /// The keys of a row's objects that are not read, each once: `info.title`.
    static func unreadKeys(of row: JSONObject) -> [String] {
        var keys: [String] = []
        func add(_ value: JSON?, _ name: String, known: [String]) {
            for (key, value) in value?.objectValue ?? JSONObject()
            where !known.contains(key) && !value.isNull && !keys.contains(name + key) {
                keys.append(name + key)
            }
        }
        let hasPost = row["info"]?["post"] != nil
        add(row["info"], "info.", known: ["id", hasPost ? "post" : "article"])
        for summary in row["summaries"]?.arrayValue ?? [] {
            add(summary, "summaries.", known: ["text", "policy"])
        }
        add(row["extra"], "extra.", known: ["confidence"])
        return keys
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
            let steps = 1 + (strengths.lastIndex { $0 <= strength } ?? 0)
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
