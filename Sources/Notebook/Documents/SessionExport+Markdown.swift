import OrderedJSON

extension SessionExport {
    /// The session as Markdown. It is a tutorial itself: `rlhf run` makes the session again from
    /// it. Where there is no session, it is the tutorial in its normal form.
    var markdown: String {
        guard let info else { return tutorial?.text ?? "" }
        // A JSON string is a double-quoted YAML string.
        let title = JSON.string(info.name).text
        var text = "---\nrlhf: {schema: 1, title: \(title), seed: \(info.seed)}\n---\n"
        for (index, part) in parts.enumerated() {
            switch part {
            case .prose(let prose):
                if index > 0, case .prose = parts[index - 1] { text += "+++\n" }
                text += prose
            case .cell(let cell, let lesson):
                text += Self.separator(after: text) + markdown(of: cell, lesson)
            }
        }
        text += Self.separator(after: text) + "---\n\n"
        let rows = Provenance.rows(of: info, cells).map { name, value in
            "| \(name) | \(Self.cellText(value)) |\n"
        }
        return text + "|  | Where this came from |\n|---|---|\n" + rows.joined()
    }

    private func markdown(of cell: Cell, _ lesson: TutorialCell?) -> String {
        let fence = TutorialCell.fence(around: cell.source)
        let lines = lesson?.metadataLines ?? []
        let named =
            lines.isEmpty
            ? cell.name.map { YAMLText.lines(JSONObject([("name", .string($0))])) } ?? [] : lines
        let block = named.isEmpty ? "\n" : "---\n\(named.joined(separator: "\n"))\n---\n"
        var text = "\(fence){code-cell} rlhf\n\(block)\(cell.source)\n\(fence)\n"
        for output in cell.outputs {
            let shown = render(output).trimmingFinalNewlines
            let fence = TutorialCell.fence(around: shown)
            text += "\n\(fence)text\n\(shown)\n\(fence)\n"
        }
        if let remark = remark(on: cell) { text += "\n> \(remark)\n" }
        return text + "\n"
    }

    /// An empty line, unless there is one.
    private static func separator(after text: String) -> String {
        text.hasSuffix("\n\n") ? "" : "\n"
    }

    /// A text as it can stand in a table.
    private static func cellText(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "|", "\\", "<", "`", "*", "[": result += "\\" + String(character)
            case _ where character.isNewline: result += " "
            default: result.append(character)
            }
        }
        return result
    }
}

extension String {
    /// The text without line ends at its end.
    var trimmingFinalNewlines: String {
        var text = self[...]
        while text.last?.isNewline == true { text.removeLast() }
        return String(text)
    }
}
