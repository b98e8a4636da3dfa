import OrderedJSON

/// A lesson: a Markdown page whose fenced cells run, a Jupyter notebook, or a script of one command a
/// line.
///
/// The Markdown is CommonMark with the cells of MyST (a fence `{code-cell} rlhf`, where a YAML
/// block between `---` lines may stand first) or plain `rlhf` fences, and a YAML front matter:
///
///     ---
///     rlhf: {schema: 1, title: "Reward models", seed: 7, minutes: 20}
///     ---
///
/// Everything else, other fences included, is prose and kept as it stands.
struct TutorialDocument: Equatable, Sendable {
    /// The newest form of the front matter that this program reads.
    static let schema = 1

    enum Block: Equatable, Sendable {
        /// Lines of Markdown, with their line ends.
        case prose(String)
        case cell(TutorialCell)
    }

    var path: String
    /// The digest of the file's bytes.
    var digest: Digest
    var title: String?
    var seed: Int?
    var minutes: Double?
    /// Names that cells use as `${name}`.
    var parameters: [ParameterDeclaration] = []
    /// The lines of the front matter as they were written, to be written again.
    var frontMatter: [String] = []
    var blocks: [Block] = []

    /// The cells in order.
    var cells: [TutorialCell] {
        blocks.compactMap { if case .cell(let cell) = $0 { cell } else { nil } }
    }

    /// Reads a file: a tutorial where the name ends in `.md` or `.markdown`, a notebook where it ends
    /// in `.ipynb`, else a script.
    ///
    /// - Throws: `DocumentError`.
    static func read(path: String) throws(DocumentError) -> TutorialDocument {
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path)
        } catch {
            throw .unreadable(path: path, reason: error.reason)
        }
        let isMarkdown = [".md", ".markdown"].contains { path.lowercased().hasSuffix($0) }
        if path.lowercased().hasSuffix(".ipynb") {
            return try TutorialDocument(notebook: bytes, path: path)
        }
        return isMarkdown
            ? try TutorialDocument(markdown: bytes, path: path)
            : try TutorialDocument(script: bytes, path: path)
    }

    /// Reads the bytes of a tutorial; `path` is for messages.
    ///
    /// - Throws: `DocumentError`.
    init(markdown bytes: [UInt8], path: String) throws(DocumentError) {
        self.path = path
        digest = Digest(of: bytes)
        var parser = TutorialParser(try DocumentText(bytes, path: path))
        if let (lines, firstLine) = try parser.frontMatter() {
            frontMatter = lines
            try take(YAMLReader.read(lines, path: path, firstLine: firstLine))
        }
        blocks = try parser.blocks()
        guard !cells.isEmpty else { throw .noCells(path: path) }
    }

    /// Reads the bytes of a script: every command is a cell, lines that start with `#` are
    /// comments.
    ///
    /// - Throws: `DocumentError.notText`, `.noCells`.
    init(script bytes: [UInt8], path: String) throws(DocumentError) {
        self.path = path
        digest = Digest(of: bytes)
        let text = try DocumentText(bytes, path: path).lines.joined(separator: "\n")
        for (index, line) in CellLine.lines(of: text).enumerated() {
            blocks.append(
                .cell(TutorialCell(id: "t-\(index + 1)", source: line.text, line: line.line)))
        }
        guard !blocks.isEmpty else { throw .noCells(path: path) }
    }

    /// Reads the bytes of a Jupyter notebook.
    ///
    /// - Throws: `DocumentError`.
    init(notebook bytes: [UInt8], path: String) throws(DocumentError) {
        self.path = path
        digest = Digest(of: bytes)
        var reader = try NotebookReader(bytes, path: path)
        let matter = reader.frontMatter
        frontMatter = YAMLText.lines(matter)
        try take(YAMLReader.Result(value: .object(matter)), line: 0)
        blocks = try reader.blocks()
        guard !cells.isEmpty else { throw .noCells(path: path) }
    }

    private mutating func take(
        _ yaml: YAMLReader.Result, line: Int = 2
    ) throws(DocumentError) {
        // Keys beside `rlhf` belong to other tools (kernelspec, jupytext).
        guard let value = yaml.value["rlhf"] else { return }
        let start = Place(path: path, line: line).key("rlhf", in: yaml)
        guard let options = value.objectValue else {
            throw start.wrongKind("rlhf", "a mapping", value)
        }
        for (key, value) in options {
            let place = start.key("rlhf.\(key)", in: yaml)
            switch key {
            case "schema":
                guard let schema = value.intValue else {
                    throw place.wrongKind(key, "an integer", value)
                }
                guard schema <= Self.schema else {
                    throw .newerSchema(
                        path: path, line: place.line, found: schema, supported: Self.schema)
                }
            case "title":
                guard let title = value.stringValue else {
                    throw place.wrongKind(key, "a text", value)
                }
                self.title = title
            case "seed":
                guard let seed = value.intValue else {
                    throw place.wrongKind(key, "an integer", value)
                }
                self.seed = seed
            case "minutes":
                guard let minutes = value.doubleValue else {
                    throw place.wrongKind(key, "a number", value)
                }
                self.minutes = minutes
            case "parameters":
                guard let parameters = value.objectValue else {
                    throw place.wrongKind(key, "a mapping of names to defaults", value)
                }
                for (name, json) in parameters {
                    let place = start.key("rlhf.parameters.\(name)", in: yaml)
                    do {
                        self.parameters.append(try ParameterDeclaration(name: name, json: json))
                    } catch {
                        throw .badParameter(path: path, line: place.line, error)
                    }
                }
            case _ where Self.sessionKeys.contains(key): break
            default:
                throw .unknownKey(
                    path: path, line: place.line, key: key,
                    accepted: ["schema", "title", "seed", "minutes", "parameters"])
            }
        }
    }
}

extension TutorialDocument {
    /// The document as Markdown in its normal form: prose as it stands, every cell a
    /// `{code-cell} rlhf` fence.
    ///
    /// A cell without a YAML block starts with a blank line: its first line would be read as an
    /// option by MyST, because it starts with a colon.
    var text: String {
        var text = ""
        if !frontMatter.isEmpty {
            text = (["---"] + frontMatter + ["---"]).joined(separator: "\n") + "\n"
        }
        for (index, block) in blocks.enumerated() {
            switch block {
            case .prose(let prose):
                if index > 0, case .prose = blocks[index - 1] { text += "+++\n" }
                text += prose
            case .cell(let cell): text += cell.text
            }
        }
        // A rule at the top would open a front matter.
        return frontMatter.isEmpty && text.hasPrefix("---") ? "\n" + text : text
    }
}

extension TutorialCell {
    /// The cell as a fence, with a line end.
    var text: String {
        let fence = Self.fence(around: source)
        let metadata = metadataLines.isEmpty ? [""] : ["---"] + metadataLines + ["---"]
        return (["\(fence){code-cell} rlhf"] + metadata + [source, fence]).joined(separator: "\n")
            + "\n"
    }

    /// Backticks enough that none of the lines of `text` can close the fence.
    static func fence(around text: String) -> String {
        var longest = 2
        for line in text.split(separator: "\n") {
            longest = max(longest, String(line).trimmed.prefix { $0 == "`" }.count)
        }
        return String(repeating: "`", count: longest + 1)
    }
}
