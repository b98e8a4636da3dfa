import OrderedJSON

/// Rows of OpenAI's preference fine-tuning:
/// `{"input": {"messages"}, "preferred_output": [message], "non_preferred_output": [message]}`.
enum OpenAIPreference {
    static func pair(_ row: RowReader) throws -> PreferencePair {
        let input = try RowReader(row["input"] ?? .null, path: "input.")
        if let tools = input["tools"]?.arrayValue, !tools.isEmpty {
            throw Refusal(reason: .notPlainText)
        }
        let prompt = try Conversation.prompt(try Conversation.column(input, "messages"))
        func answer(_ key: String) throws -> String {
            try Conversation.answer(try Conversation.column(row, key), to: prompt)
        }
        return PreferencePair(
            prompt: prompt.text, chosen: try answer("preferred_output"),
            rejected: try answer("non_preferred_output"))
    }

    static func row(_ pair: PreferencePair) -> JSON {
        func answer(_ text: String) -> JSON {
            let plain = Transcript.plain(text, after: pair.prompt)
            return [["role": "assistant", "content": .string(plain)]]
        }
        return [
            "input": [
                "messages": .array(Transcript.messages(pair.prompt)), "tools": [],
                "parallel_tool_calls": true,
            ],
            "preferred_output": answer(pair.chosen),
            "non_preferred_output": answer(pair.rejected),
        ]
    }
}
