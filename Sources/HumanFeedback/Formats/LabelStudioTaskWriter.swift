import OrderedJSON

/// A comparison with its votes as a task of Label Studio's raw export: the verdict in a `Choices`
/// control, beside the pairwise control's click where a side was preferred.
enum LabelStudioTaskWriter {
    static func task(_ comparison: Comparison, _ votes: [Vote]) -> JSON {
        var data = JSONObject([
            ("prompt", .string(comparison.prompt)), ("answer1", .string(comparison.left)),
            ("answer2", .string(comparison.right)), ("pair_id", .string(comparison.id)),
            ("prompt_id", .string(comparison.promptID)),
        ])
        if let model = comparison.leftModel { data["model1"] = .string(model) }
        if let model = comparison.rightModel { data["model2"] = .string(model) }
        return ["data": .object(data), "annotations": .array(votes.map(annotation))]
    }

    private static func annotation(_ vote: Vote) -> JSON {
        let annotator: JSON =
            Int(vote.annotator).flatMap { "\($0)" == vote.annotator ? .integer($0) : nil }
            ?? ["email": .string(vote.annotator)]
        return [
            "completed_by": annotator, "result": .array(results(vote)),
            "was_cancelled": .bool(vote.verdict == .skip),
            "ground_truth": .bool(vote.isGroundTruth),
            "lead_time": vote.seconds.map { .number($0) } ?? .null,
        ]
    }

    private static func results(_ vote: Vote) -> [JSON] {
        let isMuch = (vote.strength ?? 1) >= 3
        let word: VerdictWord
        switch vote.verdict {
        case .left: word = isMuch ? .leftMuch : .left
        case .right: word = isMuch ? .rightMuch : .right
        case .tie: word = .tie
        case .bothBad: word = .bothBad
        case .skip: return []
        }
        var results: [JSON] = []
        if vote.verdict.isDecided {
            results.append([
                "from_name": "comparison", "to_name": "comparison", "type": "pairwise",
                "value": ["selected": .string(vote.verdict.rawValue)],
            ])
        }
        // A click alone says "better" without a strength.
        if !vote.verdict.isDecided || vote.strength != nil {
            results.append([
                "from_name": "verdict", "to_name": "prompt", "type": "choices",
                "value": ["choices": [.string(word.rawValue)]],
            ])
        }
        return results
    }
}
