import OrderedJSON
import TerminalUI

/// Runs the cells of a document one after the other: for scripts, for CI, and without a terminal.
struct CellRunner {
    let notebook: LiveSession
    let document: TutorialDocument
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
            let changed = earlier.state == .ok ? notebook.changedFiles(of: earlier) : []
            for file in changed {
                console.remark(
                    Paragraph(
                        "\(file.path) is another file than cell \(earlier.number) has read",
                        .warning))
            }
            if earlier.state == .ok, changed.isEmpty {
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
        if let saved = cell.savedSeconds { json["saved_seconds"] = .number(saved) }
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
    func substituted(_ cell: TutorialCell) throws -> String {
        guard let parameters = notebook.parameters else { return cell.source }
        do { return try parameters.substituted(cell) } catch {
            throw CommandError.usage(error.sentence(document.path))
        }
    }
}
