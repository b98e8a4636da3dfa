import ArgumentParser
import TerminalUI

/// `:edit`: another text for a cell. Nothing runs.
struct EditCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change the text of a cell; nothing is run by it.",
        discussion: """
            The old text stands in the line, to be changed; Ctrl-C leaves it as it was. A text after \
            the number is taken as it is. The cell and everything that depends on it are stale then, \
            and :rerun stale runs them.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The cell's number.")
    var number: Int

    @Argument(parsing: .captureForPassthrough, help: "The new text.")
    var text: [String] = []

    /// The new text as it was typed, quotes and all.
    static func text(in line: String) -> String? {
        let pieces = line.split(
            maxSplits: 2, omittingEmptySubsequences: true, whereSeparator: \.isWhitespace)
        guard pieces.count == 3, Int(pieces[1]) != nil else { return nil }
        return String(pieces[2])
    }

    func execute(in context: CommandContext) throws {
        guard let notebook = context.notebook else { return }
        let cell = try notebook.cell(numbered: number)
        guard let new = try newText(cell, notebook) else { return }
        for line in CellLine.lines(of: new) { _ = try CommandLineParser.command(line.text) }
        if new == cell.source {
            context.console.remark(Paragraph("cell \(number) stays as it was", .dim))
            return
        }
        try notebook.change(.edit(cell: cell.id, source: new))
        let words = notebook.folder.cell(cell.id)?.isEdited == true ? "edited" : "restored"
        ListView.say("cell \(number) is \(words)", notebook)
    }

    private func newText(_ cell: Cell, _ notebook: LiveSession) throws -> String? {
        if !text.isEmpty { return text.joined(separator: " ") }
        guard let editor = notebook.editor else {
            throw CommandError.usage("the new text is needed: :edit \(number) TEXT")
        }
        // Editing is no running: keys are the editor's again.
        editor.endRunning()
        defer { editor.beginRunning() }
        switch editor.readLine(
            prompt: StyledLine("edit [\(number)]>", .prompt) + StyledLine(" "),
            prefill: cell.source)
        {
        case .line(let line): return line.trimmingBlanks.isEmpty ? nil : line.trimmingBlanks
        case .cancelled, .endOfInput:
            notebook.console.remark(Paragraph("cell \(number) stays as it was", .dim))
            return nil
        }
    }
}

/// `:delete`: takes a cell off the list.
struct DeleteCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Take a cell off the list; :undo brings it back.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The cell's number.")
    var number: Int

    func execute(in context: CommandContext) throws {
        guard let notebook = context.notebook else { return }
        let cell = try notebook.cell(numbered: number)
        try notebook.change(.delete(cell: cell.id))
        ListView.say("cell \(number) is deleted", notebook)
    }
}

/// `:move`: puts a cell at another place.
struct MoveCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "move", abstract: "Put a cell before or after another one.",
        discussion: """
            Cells keep their numbers. A cell reads what the cells above it wrote, so a move can make \
            cells stale; nothing is run by it.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The cell's number.")
    var number: Int

    @Option(help: ArgumentHelp("The cell that is to follow it.", valueName: "CELL"))
    var before: Int?

    @Option(help: ArgumentHelp("The cell that it is to follow.", valueName: "CELL"))
    var after: Int?

    func validate() throws {
        if (before == nil) == (after == nil) {
            throw ValidationError("--before CELL or --after CELL is needed, and not both")
        }
    }

    func execute(in context: CommandContext) throws {
        guard let notebook = context.notebook else { return }
        let cell = try notebook.cell(numbered: number)
        let other = try notebook.cell(numbered: before ?? after ?? 0)
        if other.id == cell.id {
            throw CommandError.usage("cell \(number) cannot stand beside itself")
        }
        var target: String? = other.id
        if after != nil {
            let rest = notebook.folder.cells.drop { $0.id != other.id }.dropFirst()
            target = rest.first { $0.id != cell.id }?.id
        }
        try notebook.change(.move(cell: cell.id, before: target))
        ListView.say(
            "cell \(number) stands \(before != nil ? "before" : "after") cell \(other.number)",
            notebook)
    }
}

/// `:undo`: the session as it was before its last change.
struct UndoCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Go back to before the last run, edit, deletion or move.",
        discussion: """
            Slots hold again what they held; nothing that was made is removed, and :redo makes the \
            change again. Once more goes further back.
            """)

    @OptionGroup var global: GlobalOptions

    func execute(in context: CommandContext) throws {
        guard let notebook = context.notebook else { return }
        guard let change = notebook.folder.undoable else {
            throw CommandError("there is nothing to undo")
        }
        try notebook.change(.undo)
        ListView.say("undone: \(change.words)", notebook)
    }
}

/// `:redo`: the change that was undone last.
struct RedoCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "redo", abstract: "Make the change again that was undone last.")

    @OptionGroup var global: GlobalOptions

    func execute(in context: CommandContext) throws {
        guard let notebook = context.notebook else { return }
        guard let change = notebook.folder.redoable else {
            throw CommandError("there is nothing to make again; a new cell ends what was undone")
        }
        try notebook.change(.redo)
        ListView.say("made again: \(change.words)", notebook)
    }
}

extension CellList.Change {
    /// What was changed: `the run of cell 9 (:train reward …)`.
    var words: String {
        let verb =
            switch kind {
            case .run: "the run of"
            case .edit: "the edit of"
            case .delete: "the deletion of"
            case .move: "the move of"
            }
        let line = source.split(separator: "\n").first.map(String.init) ?? ""
        return "\(verb) cell \(number) (\(line.count > 40 ? line.prefix(40) + "..." : line))"
    }
}

/// How changes of the list are told.
enum ListView {
    /// A sentence, and which cells are stale now.
    static func say(_ words: String, _ notebook: LiveSession) {
        let stale = notebook.folder.cells.filter { $0.state == .stale }.map { "\($0.number)" }
        let edited = notebook.folder.cells.filter(\.isEdited)
        var text = words
        if !stale.isEmpty {
            text += "; stale: \(SentenceParts.list(stale, limit: 12))"
        }
        if !stale.isEmpty || !edited.isEmpty { text += "; :rerun stale runs what is out of date" }
        notebook.console.say(text, stale.isEmpty && edited.isEmpty ? .good : .warning)
    }
}
