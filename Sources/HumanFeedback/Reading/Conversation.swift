import OrderedJSON

/// Lists of messages that say no more than one text.
///
/// TRL's conversational columns hold lists of `{"role", "content"}`. This program trains on plain
/// texts, so a list is read when it reduces to one: a prompt is one user message, a completion is
/// one assistant message. System messages, several turns, tool calls and parts that are not text
/// would lose their meaning and are refused, each counted.
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

    /// A column as one text: a string as it is, or a single message of the role.
    static func text(_ column: Column, role: String) throws(Refusal) -> String {
        switch column {
        case .text(let text): return text
        case .refused(let reason): throw Refusal(reason: reason)
        case .messages(let messages):
            guard messages.count == 1, let message = messages.first, message.role == role else {
                throw Refusal(reason: .severalTurns)
            }
            return message.text
        }
    }

    /// A whole conversation of one user and one assistant message.
    static func exchange(
        _ column: Column
    ) throws(Refusal) -> (prompt: String, completion: String) {
        if case .refused(let reason) = column { throw Refusal(reason: reason) }
        guard case .messages(let messages) = column, messages.map(\.role) == ["user", "assistant"]
        else { throw Refusal(reason: .severalTurns) }
        return (messages[0].text, messages[1].text)
    }
}

/// A sound row that cannot be used; counted, and the file is read on.
struct Refusal: Error, Equatable {
    let reason: Reason
}
