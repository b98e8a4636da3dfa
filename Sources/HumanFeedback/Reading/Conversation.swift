import OrderedJSON

/// Lists of messages that say no more than one text.
///
/// TRL's conversational columns hold lists of `{"role", "content"}`. This program trains on plain
/// texts, so a list is read when it makes one: a prompt is one user message, or turns that alternate
/// and end with the user, as a transcript; a completion is one assistant message. System messages,
/// turns in another order, tool calls and parts that are not text would lose their meaning and are
/// refused, each counted.
enum Conversation {
    /// A message with its text.
    struct Message: Equatable {
        let role: String
        let text: String
    }

    /// What a column holds.
    enum Column: Equatable {
        case text(String)
        case messages([Message])
        case refused(Reason)
    }

    /// Reads a column that is a string or a list of messages.
    static func column(_ row: RowReader, _ key: String) throws(RowProblem) -> Column {
        let expected = "a string or a list of messages"
        guard let value = row[key] else { throw row.missing(key, expected: expected) }
        if let text = value.stringValue { return .text(text) }
        guard let elements = value.arrayValue else {
            throw row.problem(key, expected: expected, found: value)
        }
        var messages: [Message] = []
        for (index, element) in elements.enumerated() {
            let message = try RowReader(element, path: "\(key)[\(index)].")
            let role = try message.string("role")
            guard message["tool_calls"] == nil, let content = message["content"],
                let text = plainText(content)
            else { return .refused(.notPlainText) }
            messages.append(Message(role: role, text: text))
        }
        return .messages(messages)
    }

    /// The text of a content: a string, or a list with one part of type text.
    private static func plainText(_ content: JSON) -> String? {
        if let text = content.stringValue { return text }
        guard let parts = content.arrayValue, parts.count == 1, let part = parts.first,
            part["type"]?.stringValue == "text"
        else { return nil }
        return part["text"]?.stringValue
    }

    /// A prompt, and whether it is a transcript of several turns.
    struct PromptText {
        let text: String
        let isTranscript: Bool
    }

    /// A column as a prompt: a string as it is, the message of a user, or several turns that end with the
    /// user's as a transcript, to which the answer is the next turn.
    static func prompt(_ column: Column) throws(Refusal) -> PromptText {
        switch column {
        case .text(let text): return PromptText(text: text, isTranscript: false)
        case .refused(let reason): throw Refusal(reason: reason)
        case .messages(let messages): return try prompt(messages)
        }
    }

    private static func prompt(_ messages: [Message]) throws(Refusal) -> PromptText {
        let isAlternating = messages.enumerated().allSatisfy {
            $1.role == ($0.isMultiple(of: 2) ? "user" : "assistant")
        }
        guard isAlternating, messages.last?.role == "user" else {
            throw Refusal(reason: .severalTurns)
        }
        if messages.count == 1 { return PromptText(text: messages[0].text, isTranscript: false) }
        guard !messages.contains(where: { Transcript.holdsMarks($0.text) }) else {
            throw Refusal(reason: .marksOfTurns)
        }
        return PromptText(
            text: Transcript.prompt(turns: messages.map(\.text)), isTranscript: true)
    }

    /// A column as the answer to a prompt: a string as it is, or one message of the assistant.
    static func answer(_ column: Column, to prompt: PromptText) throws(Refusal) -> String {
        switch column {
        case .text(let text): return text
        case .refused(let reason): throw Refusal(reason: reason)
        case .messages(let messages):
            guard messages.count == 1, messages[0].role == "assistant" else {
                throw Refusal(reason: .severalTurns)
            }
            return try answer(messages[0].text, to: prompt)
        }
    }

    private static func answer(_ text: String, to prompt: PromptText) throws(Refusal) -> String {
        guard prompt.isTranscript else { return text }
        guard let turn = Transcript.answer(text, after: "") else {
            throw Refusal(reason: .marksOfTurns)
        }
        return turn
    }

    /// A whole conversation that ends with the assistant's answer.
    static func exchange(
        _ column: Column
    ) throws(Refusal) -> (prompt: String, completion: String) {
        if case .refused(let reason) = column { throw Refusal(reason: reason) }
        guard case .messages(let messages) = column, let last = messages.last,
            last.role == "assistant"
        else { throw Refusal(reason: .severalTurns) }
        let prompt = try prompt(Array(messages.dropLast()))
        return (prompt.text, try answer(last.text, to: prompt))
    }
}

/// A sound row that cannot be used; counted, and the file is read on.
struct Refusal: Error, Equatable {
    let reason: Reason
}
