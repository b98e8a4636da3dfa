/// Offers what a word could become; the order is kept.
public typealias Completer = (CompletionRequest) -> [Completion]

/// A line with a cursor, for which Tab was pressed.
public struct CompletionRequest: Hashable, Sendable {
    public let line: String
    /// Unicode scalars before the cursor.
    public let cursor: Int

    public init(line: String, cursor: Int) {
        self.line = line
        self.cursor = cursor
    }

    public var beforeCursor: String {
        String(String.UnicodeScalarView(line.unicodeScalars.prefix(cursor)))
    }

    /// The word that ends at the cursor, and that a completion replaces. Blanks inside quotes or
    /// after a backslash belong to it.
    public var word: String {
        var word = ""
        var quote: Character?
        var isEscaped = false
        for character in beforeCursor {
            if isEscaped {
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character.isWhitespace {
                word = ""
                continue
            }
            word.append(character)
        }
        return word
    }
}

/// What a word could become.
public struct Completion: Hashable, Sendable {
    /// The whole word.
    public let text: String
    /// Shown beside it in the list.
    public let description: String
    /// The word is finished then; false for a folder.
    public let appendsSpace: Bool

    public init(_ text: String, description: String = "", appendsSpace: Bool = true) {
        self.text = text
        self.description = description
        self.appendsSpace = appendsSpace
    }
}

/// What Tab does: the only completion, else as far as all agree, else at the second time a list.
enum CompletionStep: Equatable {
    case none
    case replaceWord(String)
    case list([Completion])

    init(_ request: CompletionRequest, candidates: [Completion], isRepeated: Bool) {
        let word = request.word
        let fitting = candidates.filter { $0.text.hasPrefix(word) }
        guard let first = fitting.first else {
            self = .none
            return
        }
        if fitting.count == 1 {
            let next = request.line.unicodeScalars.dropFirst(request.cursor).first
            let space = first.appendsSpace && next != " " ? " " : ""
            self = .replaceWord(first.text + space)
            return
        }
        let common = fitting.dropFirst().reduce(first.text) { $0.commonPrefix(with: $1.text) }
        if common.count > word.count {
            self = .replaceWord(common)
        } else {
            self = isRepeated ? .list(fitting) : .none
        }
    }
}

extension String {
    fileprivate func commonPrefix(with other: String) -> String {
        String(zip(self, other).prefix { $0 == $1 }.map(\.0))
    }
}

/// The list below a line: names in columns, or names with descriptions, one a line. What is longer
/// than the screen is shown in parts, the next one at every Tab.
struct CompletionList: Renderable {
    let completions: [Completion]
    var mostLines = 40
    var part = 0

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let all =
            completions.contains { !$0.description.isEmpty }
            ? described(width: width, capabilities: capabilities) : inColumns(width: width)
        let lines = all.map { $0.truncated(to: width, ellipsis: capabilities.ellipsis) }
        if lines.count <= mostLines { return lines }
        let size = max(1, mostLines - 1)
        let start = part % ((lines.count + size - 1) / size) * size
        let end = min(start + size, lines.count)
        let place = "\(start + 1) to \(end) of \(lines.count); Tab goes on"
        return lines[start..<end] + [StyledLine(place, .dim).truncated(to: width)]
    }

    private func described(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let nameWidth = completions.map { displayWidth(of: $0.text) }.max() ?? 0
        return completions.map {
            StyledLine($0.text, .strong).padded(to: nameWidth) + "  "
                + StyledLine($0.description, .dim)
        }
    }

    private func inColumns(width: Int) -> [StyledLine] {
        let columnWidth = (completions.map { displayWidth(of: $0.text) }.max() ?? 0) + 2
        let columns = max(1, width / columnWidth)
        let rows = (completions.count + columns - 1) / columns
        return (0..<rows).map { row in
            stride(from: row, to: completions.count, by: rows).reduce(StyledLine()) {
                $0 + StyledLine(completions[$1].text).padded(to: columnWidth)
            }
        }
    }
}
