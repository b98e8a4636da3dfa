import OrderedJSON

/// Conversations as Anthropic's hh-rlhf writes them:
/// `"\n\nHuman: …\n\nAssistant: …"`, the last turn the answer.
///
/// Marks are looked for byte by byte: a carriage return before one must not hide it.
enum Transcript {
    private static let human = "\n\nHuman:"
    private static let assistant = "\n\nAssistant:"

    /// The prompt with its marks, to which an answer can be joined; nil where the text holds marks
    /// of turns itself, so that nobody could tell them apart.
    static func prompt(_ text: String) -> String? {
        if isTranscript(text) { return text }
        return holdsMarks(text) ? nil : human + " " + text + assistant
    }

    /// The prompt of turns that alternate, the first and the last the user's.
    static func prompt(turns: [String]) -> String {
        turns.enumerated().map { ($0.isMultiple(of: 2) ? human : assistant) + " " + $1 }.joined()
            + assistant
    }

    /// The answer as it stands after the prompt: one space first, as the data have it.
    static func answer(_ text: String, after prompt: String) -> String? {
        if holdsMarks(text) { return nil }
        return isTranscript(prompt) ? text : " " + text
    }

    static func isTranscript(_ text: String) -> Bool {
        text.utf8.starts(with: human.utf8)
            && text.utf8.reversed().starts(with: assistant.utf8.reversed())
    }

    static func holdsMarks(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return bytes.firstRange(of: Array(human.utf8)) != nil
            || bytes.firstRange(of: Array(assistant.utf8)) != nil
    }

    /// The turns of a prompt: of a transcript all of them, of any other text one by the user.
    static func messages(_ prompt: String) -> [JSON] {
        guard isTranscript(prompt) else {
            return [["role": "user", "content": .string(prompt)]]
        }
        let (user, reply) = (Array(human.utf8), Array(assistant.utf8))
        var messages: [JSON] = []
        var rest = Array(prompt.utf8).dropLast(reply.count)
        while !rest.isEmpty {
            let isUser = rest.starts(with: user)
            rest = rest.dropFirst(isUser ? user.count : reply.count)
            let ends = [rest.firstRange(of: user), rest.firstRange(of: reply)]
            let end = ends.compactMap { $0?.lowerBound }.min() ?? rest.endIndex
            var text = rest[..<end]
            if text.first == UInt8(ascii: " ") { text = text.dropFirst() }
            messages.append([
                "role": isUser ? "user" : "assistant",
                "content": .string(String(decoding: text, as: UTF8.self)),
            ])
            rest = rest[end...]
        }
        return messages
    }

    /// The answer without the space that a transcript has before it.
    static func plain(_ answer: String, after prompt: String) -> String {
        guard isTranscript(prompt), answer.utf8.first == UInt8(ascii: " ") else { return answer }
        return String(answer.unicodeScalars.dropFirst())
    }
}
