import OrderedJSON

/// Rows of OpenAI's preference fine-tuning:
/// `{"input": {"messages"}, "preferred_output": [message], "non_preferred_output": [message]}`.
enum OpenAIPreference {
    static func pair(_ row: RowReader) throws -> PreferencePair {
        let input = try RowReader(row["input"] ?? .null, path: "input.")
        if let tools = input["tools"]?.arrayValue, !tools.isEmpty {
            throw Refusal(reason: .notPlainText)
        }
        return PreferencePair(
            prompt: try Conversation.text(
                try Conversation.column(input, "messages"), role: "user"),
            chosen: try Conversation.text(
                try Conversation.column(row, "preferred_output"), role: "assistant"),
            rejected: try Conversation.text(
                try Conversation.column(row, "non_preferred_output"), role: "assistant"))
    }

    static func row(_ pair: PreferencePair) -> JSON {
        [
            "input": [
                "messages": [["role": "user", "content": .string(pair.prompt)]], "tools": [],
                "parallel_tool_calls": true,
            ],
            "preferred_output": [["role": "assistant", "content": .string(pair.chosen)]],
            "non_preferred_output": [["role": "assistant", "content": .string(pair.rejected)]],
        ]
    }
}
