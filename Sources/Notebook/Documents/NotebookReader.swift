import OrderedJSON

/// Reads a Jupyter notebook as a document: what its cells say, their names, and what they promise.
///
/// Cells of code are ours where the notebook's language is rlhf, and otherwise where they start with
/// a colon; cells of another language and raw cells become fences in the prose. Outputs are kept as
/// they are, for when the document is written as a notebook again.
struct NotebookReader {
    private let path: String
    private let metadata: JSONObject
    private let cells: [JSON]
    /// The number of the cell that has an id.
    private var ids: [String: Int] = [:]

    /// - Throws: `DocumentError.badNotebook`.
    init(_ bytes: [UInt8], path: String) throws(DocumentError) {
        self.path = path
        let json: JSON
        do { json = try JSON(parsing: bytes) } catch {
            throw .badNotebook(path: path, line: error.line, problem: error.problem)
        }
        let form = json["nbformat"]?.intValue
        guard let cells = json["cells"]?.arrayValue, form == 4 else {
            let found = form.map { "nbformat \($0)" } ?? json.kind
            throw .badNotebook(
                path: path, line: 0,
                problem: "it is to be a Jupyter notebook of nbformat 4, found \(found)")
        }
        self.cells = cells
        metadata = json["metadata"]?.objectValue ?? JSONObject()
    }

    private var language: String {
        metadata["language_info"]?["name"]?.stringValue
            ?? metadata["kernelspec"]?["language"]?.stringValue
            ?? metadata["kernelspec"]?["name"]?.stringValue ?? ""
    }

    /// The front matter that a page with these cells has; empty for a notebook that says nothing.
    var frontMatter: JSONObject {
        var matter = JSONObject()
        if var ours = metadata["rlhf"]?.objectValue {
            for key in TutorialDocument.sessionKeys { ours.removeValue(forKey: key) }
            matter["rlhf"] = .object(ours)
        }
        let isOurs = matter["rlhf"] != nil
        for (key, value) in metadata where key != "rlhf" && key != "language_info" {
            if key != "title" || !isOurs { matter[key] = value }
        }
        return matter
    }

    /// The prose and cells in order, in the form that a page has: a blank line between them.
    ///
    /// - Throws: `DocumentError.badNotebook`, or what is wrong with a cell's metadata.
    mutating func blocks() throws(DocumentError) -> [TutorialDocument.Block] {
        var blocks: [TutorialDocument.Block] = []
        for (index, json) in cells.enumerated() {
            // A page has one kind of line end.
            guard let source = NotebookText.joined(json["source"])?.replacing("\r\n", with: "\n"),
                let type = json["cell_type"]?.stringValue
            else { throw bad(index, "cell_type and source, which every cell has") }
            switch type {
            case "code" where isOurs(source):
                blocks.append(.cell(try cell(json, source, index)))
            case "code": blocks.append(.prose(Self.fenced(source, language)))
            case "raw": blocks.append(.prose(Self.fenced(source, "{raw-cell}")))
            case "markdown": blocks.append(.prose(Self.closed(source)))
            default: throw bad(index, "a cell_type code, markdown or raw")
            }
        }
        return Self.spaced(blocks)
    }

    private func bad(_ index: Int, _ expected: String) -> DocumentError {
        .badNotebook(path: place(index), line: 0, problem: "the cell is to have \(expected)")
    }

    /// Jupyter counts cells from 1 as well, prose included.
    private func place(_ index: Int) -> String { "\(path), cell \(index + 1)" }

    private func isOurs(_ source: String) -> Bool {
        language.lowercased() == "rlhf" || source.trimmingBlanks.hasPrefix(":")
    }

    private static func fenced(_ source: String, _ info: String) -> String {
        let fence = TutorialCell.fence(around: source)
        return "\(fence)\(info)\n\(source)\n\(fence)"
    }

    /// A fence or comment that is open at the end of its cell ends there; in a page it would take
    /// in the cells that follow.
    private static func closed(_ source: String) -> String {
        var end: String?
        var fence: Fence?
        for line in source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        {
            if let open = fence {
                if open.isClosed(by: line) { (fence, end) = (nil, nil) }
            } else if end == nil, let open = Fence(opening: line) {
                fence = open
                end = String(line.trimmed.prefix { $0 == line.trimmed.first })
            } else if end == nil, line.leadingSpaces < 4, line.trimmed.hasPrefix("<!--") {
                end = "-->"
            }
            if end == "-->", line.contains("-->") { end = nil }
        }
        return end.map { source + "\n" + $0 } ?? source
    }

    private mutating func cell(
        _ json: JSON, _ source: String, _ index: Int
    ) throws(DocumentError) -> TutorialCell {
        var cell = TutorialCell(
            id: "t-\(index + 1)", source: source.trimmingBlankLines, line: 1,
            notebookNumber: index + 1)
        var metadata = json["metadata"]?.objectValue ?? JSONObject()
        if var ours = metadata["rlhf"]?.objectValue {
            for key in TutorialCell.sessionOptions { ours.removeValue(forKey: key) }
            metadata["rlhf"] = ours.isEmpty ? nil : .object(ours)
        }
        if let id = json["id"]?.stringValue, NotebookText.isCellID(id) { cell.id = id }
        if !metadata.isEmpty {
            try cell.take(
                YAMLReader.Result(value: .object(metadata)), Place(path: place(index), line: 0))
            cell.metadataLines = YAMLText.lines(Self.ordered(metadata))
        }
        // Ids are to be unique; in a page without names they are numbers anyway.
        if let first = ids[cell.id] {
            if let name = cell.name {
                throw .repeatedName(path: place(index), line: 0, name: name, firstLine: first)
            }
            var number = index + 1
            while ids["t-\(number)"] != nil { number += 1 }
            cell.id = "t-\(number)"
        }
        ids[cell.id] = index + 1
        if let outputs = json["outputs"]?.arrayValue, !outputs.isEmpty { cell.recorded = outputs }
        return cell
    }

    /// The name first, as people write it.
    private static func ordered(_ metadata: JSONObject) -> JSONObject {
        var ordered = JSONObject()
        for key in ["name", "tags"] { ordered[key] = metadata[key] }
        for (key, value) in metadata { ordered[key] = value }
        return ordered
    }

    private static func spaced(_ blocks: [TutorialDocument.Block]) -> [TutorialDocument.Block] {
        var result: [TutorialDocument.Block] = []
        for (index, block) in blocks.enumerated() {
            let isLast = index == blocks.count - 1
            switch block {
            case .prose(let text):
                let start = index == 0 ? "" : "\n"
                result.append(
                    .prose(start + text.trimmingFinalNewlines + "\n" + (isLast ? "" : "\n")))
            case .cell:
                if index > 0, case .cell = blocks[index - 1] { result.append(.prose("\n")) }
                result.append(block)
            }
        }
        return result
    }
}
