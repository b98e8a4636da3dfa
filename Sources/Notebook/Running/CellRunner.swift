import OrderedJSON
import TerminalUI

/// Runs the cells of a document one after the other: for scripts, for CI, and without a terminal.
struct CellRunner {
    let notebook: LiveSession
    let document: TutorialDocument
    /// Values for `${name}` in cells.
    let parameters: [String: String]
    /// Whether prose is shown between the cells.
    let showsProse: Bool

    /// How a run of cells ended.
    enum Ending { case done, failed, interrupted, checkFailed }

    /// Runs everything that is not done yet; stops at the first cell that fails.
    func runAll() throws -> Ending {
        var ending = Ending.done
        for block in document.blocks {
            switch block {
            case .prose(let text):
                if showsProse { notebook.console.remark(Prose(text)) }
            case .cell(let cell):
                let result = try run(cell)
                emit(result)
                switch result.state {
                case .ok, .stale: if !check(cell, result) { ending = .checkFailed }
                case .interrupted: return .interrupted
                default: return .failed
                }
            }
        }
        return ending
    }

    /// Runs one cell, or takes it from the record, or goes on with it.
    func run(_ cell: TutorialCell) throws -> Cell {
        let source = try substituted(cell)
        let console = notebook.console
        if let earlier = notebook.folder.cell(cell.id), earlier.source == source {
            if earlier.state == .ok {
                console.remark(
                    StyledLine("[\(earlier.number)] ", .prompt)
                        + StyledLine("taken from the record: \(source)", .dim))
                return earlier
            }
            if earlier.state == .interrupted {
                echo(source, number: earlier.number)
                return notebook.resume(earlier)
            }
        }
        echo(source, number: notebook.folder.cell(cell.id)?.number ?? notebook.folder.nextNumber)
        return notebook.execute(LiveSession.Request(source: source, id: cell.id, name: cell.name))
    }

    private func echo(_ source: String, number: Int) {
        notebook.console.remark(Echo(number: number, source: source))
    }

    private func emit(_ cell: Cell) {
        var json = JSONObject([
            ("cell", .integer(cell.number)), ("source", .string(cell.source)),
            ("status", .string(cell.state.rawValue)), ("seconds", .number(cell.seconds ?? 0)),
            ("outputs", .array(cell.outputs.map(\.json))),
        ])
        if let facts = cell.details["facts"] { json["facts"] = facts }
        if let error = cell.error { json["error"] = .string(error) }
        notebook.console.emit(cell: .object(json))
    }

    /// Whether the cell's figures are as the document expects them; says which are not.
    private func check(_ cell: TutorialCell, _ result: Cell) -> Bool {
        let facts = result.details["facts"]?.objectValue ?? JSONObject()
        var isMet = true
        for expectation in cell.expectations {
            let value = facts[expectation.name]
            if let value, expectation.isMet(by: value) { continue }
            isMet = false
            notebook.console.complain(
                "check failed in cell \(result.number): \(expectation.name) is "
                    + "\(value?.text ?? "not reported"), expected \(expectation.text)")
        }
        return isMet
    }

    /// The cell's text with the values of the parameters.
    ///
    /// - Throws: `CommandError.usage` for a name that the document does not declare.
    func substituted(_ cell: TutorialCell) throws -> String {
        var text = ""
        var rest = cell.source[...]
        while let start = rest.firstRange(of: "${"),
            let end = rest[start.upperBound...].firstIndex(of: "}")
        {
            let name = String(rest[start.upperBound..<end])
            guard let value = parameters[name] else {
                throw CommandError.usage(
                    "\(document.path):\(cell.line): the cell uses ${\(name)}, which is no parameter of "
                        + "the document; declare it under rlhf.parameters at the top")
            }
            text += rest[..<start.lowerBound] + value
            rest = rest[rest.index(after: end)...]
        }
        return text + rest
    }
}

/// The parameters of a document: declared with defaults in its front matter, changed with --set.
enum Parameters {
    static func resolve(_ document: TutorialDocument, set: [String]) throws -> [String: String] {
        var values: [String: String] = [:]
        for (name, value) in document.parameters {
            values[name] = value.stringValue ?? value.text
        }
        for assignment in set {
            let pieces = assignment.split(
                separator: "=", maxSplits: 1, omittingEmptySubsequences: false
            ).map(String.init)
            guard pieces.count == 2 else {
                throw CommandError.usage("--set has \"\(assignment)\", expected NAME=VALUE")
            }
            guard values[pieces[0]] != nil else {
                let known = values.keys.sorted().joined(separator: ", ")
                throw CommandError.usage(
                    "\(document.path) has no parameter \"\(pieces[0])\"; "
                        + (known.isEmpty ? "it has none" : "it has \(known)"))
            }
            values[pieces[0]] = pieces[1]
        }
        return values
    }
}
