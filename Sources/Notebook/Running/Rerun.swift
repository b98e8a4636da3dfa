import OrderedJSON
import TerminalUI

/// Running cells again, from the top down: a cell depends on cells above it only.
struct Rerun {
    /// Which cells.
    enum Scope: Equatable {
        case cells([String])
        /// Those edited, and those whose inputs, files included, have changed.
        case stale
        case all
    }

    let notebook: LiveSession
    /// Whether everything is computed, also what the store knows.
    let isFresh: Bool

    /// What came of it, for a sentence at the end.
    struct Outcome: Equatable {
        var computed = 0
        var fromStore = 0
        var saved = 0.0
        var seconds = 0.0
        /// Cells that came out of their own accord: a rerun above gave what they had read before.
        var upToDate = 0
        /// Cells that were not reached, because one before them failed or was interrupted.
        var left = 0
    }

    private var folder: SessionFolder { notebook.folder }

    init(_ notebook: LiveSession, isFresh: Bool = false) {
        self.notebook = notebook
        self.isFresh = isFresh
    }

    /// The cells of a scope, from the top.
    func plan(_ scope: Scope) -> [Cell] {
        switch scope {
        case .cells(let ids): folder.cells.filter { ids.contains($0.id) }
        case .stale: folder.cells.filter(isOutOfDate)
        case .all: folder.cells
        }
    }

    private func isOutOfDate(_ cell: Cell) -> Bool {
        cell.state == .stale || cell.isEdited || !notebook.changedFiles(of: cell).isEmpty
    }

    /// Runs the cells of a scope; stops at the first that does not end well.
    func perform(_ scope: Scope) -> Outcome {
        var outcome = Outcome()
        let planned = plan(scope).map(\.id)
        // A new result can make cells stale that were none of those planned.
        let ids = scope == .stale ? folder.cells.map(\.id) : planned
        for (place, id) in ids.enumerated() {
            guard let cell = folder.cell(id) else { continue }
            if scope == .stale, !isOutOfDate(cell) {
                guard planned.contains(id) else { continue }
                outcome.upToDate += 1
                say(cell, "is up to date again: what it reads came out the same")
                continue
            }
            guard makeInputs(of: cell, &outcome), run(cell, &outcome) else {
                let rest = ids[(place + 1)...].compactMap(folder.cell)
                outcome.left = scope == .stale ? rest.count(where: isOutOfDate) : rest.count
                return outcome
            }
        }
        return outcome
    }

    /// Runs cells above whose results are not kept here: recorded sessions leave models out.
    private func makeInputs(of cell: Cell, _ outcome: inout Outcome) -> Bool {
        guard let place = folder.place(of: cell.id) else { return true }
        for (slot, _) in cell.externalReads {
            let above = folder.cells[..<place]
            guard let writer = above.last(where: { $0.writes[slot] != nil }),
                let digest = writer.writes[slot], !notebook.isAvailable(digest)
            else { continue }
            say(writer, "runs first: its \(slot) is not kept in this session")
            guard makeInputs(of: writer, &outcome), run(writer, &outcome) else { return false }
        }
        return true
    }

    private func run(_ cell: Cell, _ outcome: inout Outcome) -> Bool {
        notebook.console.remark(Echo(number: cell.number, source: cell.source))
        var request = LiveSession.Request(source: cell.source, id: cell.id, name: cell.name)
        request.isFresh = isFresh
        if !cell.isEdited, cell.state != .stale, let answers = cell.details["answers"] {
            // What a person said about the same pairs stays said.
            request.details["answers"] = answers
        }
        let result = notebook.execute(request)
        outcome.seconds += result.seconds ?? 0
        outcome.saved += result.savedSeconds ?? 0
        if result.isFromStore { outcome.fromStore += 1 } else { outcome.computed += 1 }
        return result.state == .ok
    }

    private func say(_ cell: Cell, _ words: String) {
        notebook.console.remark(Paragraph("cell \(cell.number) \(words)", .dim))
    }
}

extension LiveSession {
    /// Whether a value can be read: from the session, or from the store.
    func isAvailable(_ digest: Digest) -> Bool {
        folder.artifacts.isComplete(digest) || stepStore?.artifacts.isComplete(digest) == true
    }

    /// Applies a change of the list and puts the slots in order after it.
    func change(_ record: CellRecord) throws {
        try folder.record(record)
        if let problem = folder.savingProblem { cannotSave(problem) }
        arrange()
    }

    /// The cells by the numbers people see.
    func cell(numbered number: Int) throws(CommandError) -> Cell {
        if let cell = folder.cells.last(where: { $0.number == number }) { return cell }
        let numbers = folder.cells.map { "\($0.number)" }
        throw .usage(
            "there is no cell \(number); "
                + (numbers.isEmpty
                    ? "there are no cells yet" : ":cells lists those there are"))
    }

    /// How many cells do not show what they would show: edited or stale.
    var staleCount: Int { folder.cells.count { $0.state == .stale || $0.isEdited } }

    /// The prompt of the next cell; it says when results on the screen are out of date.
    var prompt: StyledLine {
        let stale = staleCount
        let number = StyledLine("[\(folder.nextNumber)", .prompt)
        let mark = stale > 0 ? StyledLine(" \(stale) stale", .warning) : StyledLine("")
        return number + mark + StyledLine("]>", .prompt) + StyledLine(" ")
    }
}
