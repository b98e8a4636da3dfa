import HumanFeedback
import TerminalUI

/// What an annotator sees of one question, at any size of the window: the prompt, the answers beside
/// or above each other, the scale, the keys and how far it is.
struct LabellingPage {
    /// Longer answers are shown to this many characters, and it is said that there is more.
    static let longest = 20_000

    var desk: LabellingDesk
    /// What the last key did.
    var message = ""
    /// Median seconds of an answer so far.
    var pace: Double?
    /// Shows the texts as they were written, without reading Markdown in them.
    var isRaw = false

    /// The middle of the page, which scrolls when it is higher than the window.
    func body(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let item = desk.items[desk.position]
        let prompt = Clipped(item.prompt, isRaw: isRaw)
        var lines = prompt.lines(width: width, capabilities: capabilities)
            .map { StyledLine($0.plainText, .strong) }
        lines.append(StyledLine())
        let boxes = desk.shownAnswers.map { index in
            TextBox(title: title(of: index), content: Clipped(item.answers[index], isRaw: isRaw))
        }
        let answers: any Renderable =
            desk.mode == .pair ? SideBySide(left: boxes[0], right: boxes[1]) : Stack(boxes)
        return lines + answers.lines(width: width, capabilities: capabilities)
    }

    private func title(of index: Int) -> String {
        switch desk.mode {
        case .pair: return index == 0 ? "left (l)" : "right (r)"
        case .thumbs, .rating:
            return "answer \(index + 1) of \(desk.items[desk.position].answers.count)"
        case .rank:
            guard let place = desk.entered.firstIndex(where: { $0.number == index + 1 }) else {
                return "\(index + 1)"
            }
            let tier = desk.entered[...place].enumerated().reduce(1) { tier, entry in
                entry.offset > 0 && !entry.element.tiesWithLast ? tier + 1 : tier
            }
            return "\(index + 1)  place \(tier)"
        }
    }

    /// The line above: how far it is, and how quick.
    func header(width: Int, capabilities: TerminalCapabilities) -> StyledLine {
        var line = StyledLine("\(desk.position + 1)/\(desk.items.count)  ", .title)
        line.append(desk.criterion.question, .strong)
        // The first that has no room is left out: speed matters less than a flag.
        var facts = [desk.annotator]
        if desk.isFlagged { facts.append("flagged") }
        if desk.note != nil { facts.append("noted") }
        if let pace {
            facts.append("\(formatted(pace, decimals: 1)) s each")
            let left = Double(desk.items.count - desk.answeredCount) * pace
            facts.append("about \(formatted(clock: left.rounded(.up))) left")
        }
        line.append("  " + facts.joined(separator: ", "), .dim)
        return line.truncated(to: width, ellipsis: capabilities.unicode ? "…" : "...")
    }

    /// The lines below: what happened last, and what the keys do.
    func footer(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let ellipsis = capabilities.unicode ? "…" : "..."
        var lines = [StyledLine(message, .good).truncated(to: width, ellipsis: ellipsis)]
        switch desk.mode {
        case .pair: lines += scale(width: width)
        case .rating:
            let words = desk.criterion.scale.enumerated().map { "\($0.offset + 1) \($0.element)" }
            lines += Self.filled(words, gap: 3, .emphasis, width: width)
        case .thumbs: lines.append(StyledLine("+ good   - bad", .emphasis))
        case .rank:
            let so = desk.entered.enumerated().map { place, entry in
                (place == 0 ? "" : entry.tiesWithLast ? " = " : " > ") + "\(entry.number)"
            }
            let order = so.joined() + (desk.isTying ? " = " : "")
            lines.append(
                StyledLine("the numbers, best first; = ties with the last   ", .emphasis)
                    + StyledLine(order, .strong))
        }
        return lines
            + Self.filled(Self.keyItems(desk.mode), gap: 2, .dim, width: width)
    }

    static func keys(_ mode: LabellingMode) -> String {
        keyItems(mode).joined(separator: "  ")
    }

    private static func keyItems(_ mode: LabellingMode) -> [String] {
        (mode == .pair ? ["l left", "r right", "t tie", "b both bad"] : [])
            + ["s skip", "u undo", "p back", "f flag", "n note", "m raw", "? help", "q quit"]
    }

    /// Items one after the other; a line ends between two of them, never within one.
    private static func filled(
        _ items: [String], gap: Int, _ style: Style, width: Int
    ) -> [StyledLine] {
        var lines: [String] = []
        for item in items {
            if let last = lines.last, last.count + gap + item.count <= width {
                lines[lines.count - 1] = last + String(repeating: " ", count: gap) + item
            } else {
                lines.append(item)
            }
        }
        // An item that is wider than the window is still read to its end.
        return lines.flatMap { StyledLine($0, style).wrapped(to: width) }
    }

    /// The scale of seven, drawn over the width of the page so that left is left.
    private func scale(width: Int) -> [StyledLine] {
        let words = ["much", "better", "a little", "tie", "a little", "better", "much"]
        let cells = words.enumerated().map { "\($0.offset + 1) \($0.element)" }
        let text = cells.reduce(0) { $0 + $1.utf8.count }
        let full = min(width, 100)
        guard text + 2 * (cells.count - 1) <= full else {
            return StyledLine("1 2 3 left   4 tie   5 6 7 right", .emphasis).wrapped(to: width)
        }
        let gaps = cells.count - 1
        var line = StyledLine()
        for (index, cell) in cells.enumerated() {
            line.append(cell, .emphasis)
            guard index < gaps else { break }
            let space = (full - text) * (index + 1) / gaps - (full - text) * index / gaps
            line.append(String(repeating: " ", count: space))
        }
        return [line]
    }
}

/// A text of any size and any content, made fit to be read: never more than a person can take in,
/// Markdown where it is Markdown.
struct Clipped: Renderable {
    private let text: String
    private let isRaw: Bool
    private let missing: Int

    init(_ text: String, isRaw: Bool) {
        let end = text.unicodeScalars.index(
            text.startIndex, offsetBy: LabellingPage.longest, limitedBy: text.endIndex)
        let head = end.map { String(text[..<$0]) } ?? text
        missing = end.map { text.utf8.distance(from: $0, to: text.endIndex) } ?? 0
        self.text = head.trimmingBlanks
        self.isRaw = isRaw
    }

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        var lines: [StyledLine]
        if text.isEmpty {
            lines = [StyledLine("(empty)", .dim)]
        } else if !isRaw, Self.isMarkdown(text) {
            lines = MarkdownText(text, wrapsCode: true).lines(
                width: width, capabilities: capabilities)
        } else {
            lines = Paragraph(text).lines(width: width, capabilities: capabilities)
        }
        if missing > 0 {
            lines += StyledLine("(\(formatted(count: missing)) more bytes are not shown)", .warning)
                .wrapped(to: width)
        }
        return lines
    }

    /// Whether a text has marks that only Markdown has. Others keep their line breaks, which
    /// Markdown would take for blanks.
    static func isMarkdown(_ text: String) -> Bool {
        // Markdown leaves comments out, but what is judged must be seen.
        if text.contains("<!--") { return false }
        for line in text.split(separator: "\n") {
            let line = line.trimmingPrefix { $0 == " " }
            if ["```", "~~~", "# ", "## ", "### ", "- ", "* ", "> ", "|"].contains(where: {
                line.hasPrefix($0)
            }) {
                return true
            }
            let rest = line.drop(while: \.isNumber)
            if rest.count < line.count, rest.hasPrefix(". ") { return true }
            if line.contains("**") || line.contains("`") { return true }
        }
        return false
    }
}

/// What is read before the first question, and whenever `?` is pressed.
struct LabellingInstructions: Renderable {
    let criteria: LabellingCriteria
    let criterion: LabellingCriteria.Criterion
    let mode: LabellingMode

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let width = min(width, 90)
        func text(_ text: String, _ style: Style = .plain) -> [StyledLine] {
            StyledLine(text, style).wrapped(to: width)
        }
        var lines = text(criteria.task) + [""]
        lines += text(criterion.name + ": " + criterion.question, .title)
        if !criterion.meaning.isEmpty { lines += text(criterion.meaning) }
        let bullet = capabilities.unicode ? "•" : "*"
        for edge in criterion.edgeCases {
            lines += StyledLine("\(bullet) \(edge)").wrapped(to: width, hangingIndent: 2)
        }
        lines.append("")
        for (key, meaning) in options {
            lines += (StyledLine(key.padding(to: 12), .strong) + StyledLine(meaning))
                .wrapped(to: width, hangingIndent: 12)
        }
        return lines
    }

    private var options: [(String, String)] {
        let own: [(String, String)] =
            switch mode {
            case .pair:
                [
                    ("l r ← →", "the left, the right answer is better"),
                    ("1 2 3", "left is much better, better, a little better"),
                    ("5 6 7", "right is a little better, better, much better"),
                    ("t or 4", "a tie: equally good"), ("b", "both bad: neither is acceptable"),
                ]
            case .rank:
                [
                    ("1 to 9", "the answers' numbers, the best first"),
                    ("=", "the next one is as good as the last"),
                ]
            case .thumbs: [("+ or -", "the answer is good, or it is bad")]
            case .rating:
                criterion.scale.enumerated().map { ("\($0.offset + 1)", $0.element) }
            }
        return own + [
            ("s or blank", "skip: you cannot judge it"),
            ("u", "undo: takes the last answer back"),
            ("p", "back: shows the question before; another answer replaces the one it has"),
            ("Enter", "after going back: on again, and the answer stays as it is"),
            ("f, n", "flag the question for somebody else's eyes; write a note"),
            ("↑ ↓", "scroll, where a text is longer than the window; m shows it raw"),
            ("q, Ctrl-C", "leave: every answer so far is kept"),
        ]
    }
}

extension String {
    fileprivate func padding(to columns: Int) -> String {
        self + String(repeating: " ", count: max(1, columns - count))
    }
}
