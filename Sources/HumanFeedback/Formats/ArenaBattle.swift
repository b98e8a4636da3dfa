import OrderedJSON

/// Rows of a chat arena: `{"model_a", "model_b", "winner", "judge", "conversation_a", …}`.
///
/// Logs without conversations have votes on models only; their texts are empty.
enum ArenaBattle {
    private static let winners: [(word: String, verdict: Verdict)] = [
        ("model_a", .left), ("model_b", .right), ("tie", .tie), ("tie (bothbad)", .bothBad),
    ]

    static func judged(_ row: RowReader) throws -> (comparison: Comparison, vote: Vote) {
        let winner = try row.string("winner")
        guard let verdict = winners.first(where: { $0.word == winner })?.verdict else {
            throw Refusal(reason: .unknownValue)
        }
        let first = try exchange(row, "conversation_a")
        let second = try exchange(row, "conversation_b")
        guard first.prompt == second.prompt else { throw Refusal(reason: .differentPrompts) }
        let models = (try row.string("model_a"), try row.string("model_b"))
        let id = try row.optionalID("question_id")
        let comparison = Comparison(
            prompt: first.prompt, left: first.completion, right: second.completion,
            id: id
                ?? Comparison.derivedID(
                    prompt: models.0 + " " + models.1 + " " + first.prompt, left: first.completion,
                    right: second.completion), leftModel: models.0, rightModel: models.1)
        let annotator = try row.optionalID("judge", "judge_hash") ?? Vote.unknownAnnotator
        return (
            comparison, Vote(comparisonID: comparison.id, annotator: annotator, verdict: verdict)
        )
    }

    private static func exchange(
        _ row: RowReader, _ key: String
    ) throws -> (prompt: String, completion: String) {
        row[key] == nil ? ("", "") : try Conversation.exchange(try Conversation.column(row, key))
    }

    /// Nil where the format has no word for the verdict, or the models are not known.
    static func row(_ comparison: Comparison, _ vote: Vote) -> JSON? {
        guard let left = comparison.leftModel, let right = comparison.rightModel,
            let winner = winners.first(where: { $0.verdict == vote.verdict })?.word
        else { return nil }
        func conversation(_ answer: String) -> JSON {
            let plain = Transcript.plain(answer, after: comparison.prompt)
            return .array(
                Transcript.messages(comparison.prompt)
                    + [["role": "assistant", "content": .string(plain)]])
        }
        return [
            "question_id": .string(comparison.id), "model_a": .string(left),
            "model_b": .string(right), "winner": .string(winner),
            "judge": .string(vote.annotator), "conversation_a": conversation(comparison.left),
            "conversation_b": conversation(comparison.right),
        ]
    }
}
