/// A text of a row with the name of its column.
public struct TextField: Equatable, Sendable {
    public let name: String
    public let text: String

    init(_ name: String, _ text: String) {
        self.name = name
        self.text = text
    }

    /// Whether the text follows a prompt.
    var isAnswer: Bool { name != "prompt" }
    /// Whether nothing but white space is there.
    var isBlank: Bool { text.unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}

extension FeedbackFile {
    /// The texts of each row; none for votes, which refer to texts elsewhere.
    var textRows: [[TextField]] {
        switch data {
        case .prompts(let rows): rows.map { [TextField("prompt", $0.text)] }
        case .demonstrations(let rows):
            shape == .text
                ? rows.map { [TextField("text", $0.completion)] }
                : rows.map { fields($0.prompt, ("completion", $0.completion)) }
        case .pairs(let rows):
            rows.map { fields($0.prompt, ("chosen", $0.chosen), ("rejected", $0.rejected)) }
        case .labelledCompletions(let rows):
            rows.map { fields($0.prompt, ("completion", $0.completion)) }
        case .ratings(let rows):
            rows.map { fields($0.prompt, ("completion", $0.completion)) }
        case .comparisons(let rows), .labelled(let rows, _):
            rows.map { fields($0.prompt, ("answer1", $0.left), ("answer2", $0.right)) }
        case .rankings(let rows):
            rows.map { row in
                [TextField("prompt", row.prompt)]
                    + row.tiers.joined().map { TextField("ranking", $0) }
            }
        case .votes: []
        }
    }

    private func fields(_ prompt: String, _ answers: (String, String)...) -> [TextField] {
        [TextField("prompt", prompt)] + answers.map { TextField($0.0, $0.1) }
    }
}

extension String {
    /// The text without white space at both ends.
    var trimmed: String {
        let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        let end = unicodeScalars.lastIndex { !isSpace($0) }
        guard let end, let start = unicodeScalars.firstIndex(where: { !isSpace($0) }) else {
            return ""
        }
        return String(unicodeScalars[start...end])
    }
}
