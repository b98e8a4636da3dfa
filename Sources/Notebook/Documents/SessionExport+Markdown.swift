import OrderedJSON

extension SessionExport {
    /// The session as Markdown. It is a tutorial itself: `rlhf run` makes the session again from
    /// it.
    var markdown: String {
        // A JSON string is a double-quoted YAML string.
        let title = JSON.string(info.name).text
        var text = "---\nrlhf: {schema: 1, title: \(title), seed: \(info.seed)}\n---\n"
        for part in parts {
            switch part {
            case .prose(let prose): text += prose
            case .cell(let cell): text += Self.separator(after: text) + markdown(of: cell)
            }
        }
        return text
    }

    private func markdown(of cell: Cell) -> String {
        let fence = TutorialCell.fence(around: cell.source)
        let name = cell.name.map { "---\nname: \($0)\n---\n" } ?? "\n"
        var text = "\(fence){code-cell} rlhf\n\(name)\(cell.source)\n\(fence)\n"
        for output in cell.outputs {
            let shown = render(output).trimmingFinalNewlines
            let fence = TutorialCell.fence(around: shown)
            text += "\n\(fence)text\n\(shown)\n\(fence)\n"
        }
        if let remark = Self.remark(on: cell) { text += "\n> \(remark)\n" }
        return text + "\n"
    }

    /// An empty line, unless there is one.
    private static func separator(after text: String) -> String {
        text.hasSuffix("\n\n") ? "" : "\n"
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
