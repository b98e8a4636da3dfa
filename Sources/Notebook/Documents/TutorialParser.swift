import OrderedJSON

/// Cuts a Markdown text into prose and cells.
struct TutorialParser {
    private let path: String
    private let lines: [String]
    private var index = 0
    private var prose = ""
    private var found: [TutorialDocument.Block] = []
    private var nameLines: [(name: String, line: Int)] = []
    private var cellCount = 0

    init(_ text: DocumentText) {
        path = text.path
        lines = text.lines
    }

    /// The line number of `index`.
    private var lineNumber: Int { index + 1 }

    /// Takes the front matter, when the first line opens one: its lines and the first's number.
    mutating func frontMatter() throws(DocumentError) -> (lines: [String], firstLine: Int)? {
        guard index == 0, lines.first?.trimmed == "---" else { return nil }
        guard
            let end = lines.dropFirst().firstIndex(where: { ["---", "..."].contains($0.trimmed) })
        else { throw .unclosed(path: path, line: 1, what: "the front matter") }
        index = end + 1
        return (Array(lines[1..<end]), 2)
    }

    /// Takes all blocks that follow.
    mutating func blocks() throws(DocumentError) -> [TutorialDocument.Block] {
        while index < lines.count {
            let line = lines[index]
            if let fence = Fence(opening: line) {
                try takeFence(fence)
            } else if line.leadingSpaces < 4, line.trimmed.hasPrefix("<!--") {
                try takeComment()
            } else if line.trimmed == "+++" {
                // MyST's break between two blocks of prose.
                endProse()
                index += 1
            } else {
                takeProse(1)
            }
        }
        endProse()
        return found
    }

    private mutating func takeProse(_ count: Int) {
        for line in lines[index..<(index + count)] { prose += line + "\n" }
        index += count
    }

    private mutating func endProse() {
        if !prose.isEmpty { found.append(.prose(prose)) }
        prose = ""
    }

    /// A cell inside a comment does not run, so a comment is prose up to its end.
    private mutating func takeComment() throws(DocumentError) {
        guard let end = lines[index...].firstIndex(where: { $0.contains("-->") }) else {
            throw .unclosed(path: path, line: lineNumber, what: "the comment")
        }
        takeProse(end - index + 1)
    }

    private mutating func takeFence(_ fence: Fence) throws(DocumentError) {
        guard let end = lines[(index + 1)...].firstIndex(where: { fence.isClosed(by: $0) }) else {
            throw .unclosed(path: path, line: lineNumber, what: "the fence")
        }
        guard try isCell(fence) else {
            takeProse(end - index + 1)
            return
        }
        endProse()
        let body = lines[(index + 1)..<end].map { fence.unindented($0) }
        found.append(.cell(try cell(body, firstLine: index + 2)))
        index = end + 1
    }

    private func isCell(_ fence: Fence) throws(DocumentError) -> Bool {
        let words = fence.info.split(separator: " ").map(String.init)
        guard words.first == "{code-cell}" else { return fence.info == "rlhf" }
        let language = words.dropFirst().joined(separator: " ")
        guard language == "rlhf" else {
            throw .wrongLanguage(path: path, line: lineNumber, found: language)
        }
        return true
    }

    private mutating func cell(
        _ body: [String], firstLine: Int
    ) throws(DocumentError) -> TutorialCell {
        var body = body[...]
        cellCount += 1
        var cell = TutorialCell(id: "t-\(cellCount)", source: "", line: firstLine)
        if let (lines, isBlock) = try metadata(body, firstLine: firstLine) {
            let yamlLine = firstLine + (isBlock ? 1 : 0)
            let yaml = try YAMLReader.read(lines, path: path, firstLine: yamlLine)
            try cell.take(yaml, Place(path: path, line: yamlLine))
            cell.metadataLines = lines
            body = body.dropFirst(lines.count + (isBlock ? 2 : 0))
            try remember(cell.name, yamlLine, yaml)
        }
        while body.first?.trimmed.isEmpty == true { body = body.dropFirst() }
        while body.last?.trimmed.isEmpty == true { body = body.dropLast() }
        cell.line = firstLine + body.startIndex
        cell.source = body.joined(separator: "\n")
        return cell
    }

    /// The lines of a cell's YAML block, or its MyST option lines (`:name: x`) as YAML.
    private func metadata(
        _ body: ArraySlice<String>, firstLine: Int
    ) throws(DocumentError) -> (lines: [String], isBlock: Bool)? {
        if body.first?.trimmed == "---" {
            guard let end = body.dropFirst().firstIndex(where: { $0.trimmed == "---" }) else {
                throw .unclosed(path: path, line: firstLine, what: "the YAML block of the cell")
            }
            return (Array(body[1..<end]), true)
        }
        let options = body.prefix { Self.option($0) != nil }.compactMap(Self.option)
        return options.isEmpty ? nil : (options, false)
    }

    /// `:name: x` as `name: x`. A command such as `:plot reward` has no second colon behind its
    /// first word and is no option.
    private static func option(_ line: String) -> String? {
        guard line.hasPrefix(":") else { return nil }
        let key = line.dropFirst().prefix { $0.isLetter || $0 == "-" || $0 == "_" }
        let rest = line.dropFirst(key.count + 1)
        guard !key.isEmpty, rest == ":" || rest.hasPrefix(": ") else { return nil }
        return String(line.dropFirst())
    }

    private mutating func remember(
        _ name: String?, _ line: Int, _ yaml: YAMLReader.Result
    ) throws(DocumentError) {
        guard let name else { return }
        let line = yaml.keyLines["name"] ?? line
        if let first = nameLines.first(where: { $0.name == name }) {
            throw .repeatedName(path: path, line: line, name: name, firstLine: first.line)
        }
        nameLines.append((name, line))
    }
}

/// The opening line of a fenced code block, as CommonMark has it.
struct Fence: Equatable {
    /// Three or more backticks or tildes.
    private let mark: Character
    private let count: Int
    private let indent: Int
    /// The words behind the mark.
    let info: String

    init?(opening line: String) {
        indent = line.leadingSpaces
        let text = line.dropFirst(indent)
        guard indent < 4, let mark = text.first, mark == "`" || mark == "~" else { return nil }
        self.mark = mark
        count = text.prefix { $0 == mark }.count
        info = String(text.dropFirst(count)).trimmed
        guard count >= 3, mark == "~" || !info.contains("`") else { return nil }
    }

    func isClosed(by line: String) -> Bool {
        let text = line.trimmed
        return line.leadingSpaces < 4 && text.count >= count && text.allSatisfy { $0 == mark }
    }

    /// A line of the block without the indentation that the opening line has.
    func unindented(_ line: String) -> String {
        String(line.dropFirst(min(indent, line.leadingSpaces)))
    }
}
