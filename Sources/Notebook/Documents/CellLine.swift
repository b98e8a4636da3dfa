/// One line of a cell that is to be run: a command, or a prompt for the policy.
struct CellLine: Equatable, Sendable {
    /// The line in the file, or in the cell when it was typed; of several joined lines the first.
    var line: Int
    var text: String

    /// Whether the line is a command (`:train sft`) and not a prompt for the policy.
    var isCommand: Bool { text.hasPrefix(":") }

    /// The lines of a cell's source. Blank lines and lines that start with `#` are comments; a
    /// backslash at the end joins a line with the next.
    static func lines(of source: String, firstLine: Int = 1) -> [CellLine] {
        var result: [CellLine] = []
        var open: CellLine?
        for (offset, line) in source.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            var text = String(line).trimmed
            if open == nil, text.isEmpty || text.hasPrefix("#") { continue }
            let continues = text.hasSuffix("\\") && !text.hasSuffix("\\\\")
            if continues { text = String(text.dropLast()).trimmed }
            var joined = open ?? CellLine(line: firstLine + offset, text: "")
            joined.text += joined.text.isEmpty || text.isEmpty ? text : " " + text
            open = continues ? joined : nil
            if !continues, !joined.text.isEmpty { result.append(joined) }
        }
        if let open, !open.text.isEmpty { result.append(open) }
        return result
    }
}
