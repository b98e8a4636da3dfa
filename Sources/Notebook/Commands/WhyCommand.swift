import ArgumentParser
import OrderedJSON
import TerminalUI

/// `:stale`: the cells that do not show what they would show, and why.
struct StaleCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "stale", abstract: "List the cells that are out of date, with the reason.",
        discussion: "Files that cells have read are looked at again.")

    @OptionGroup var global: GlobalOptions

    func execute(in context: CommandContext) throws {
        guard let notebook = context.notebook else { return }
        let reasons = CellReasons(notebook)
        let findings = notebook.folder.staleness
        let rows = notebook.folder.cells.enumerated().compactMap { place, cell -> [String]? in
            let causes = findings.first { $0.cell == place }?.causes ?? []
            let words = causes.map(reasons.words) + reasons.fileChanges(cell)
            if words.isEmpty { return nil }
            return ["\(cell.number)", cell.stateWord, words.joined(separator: "; ")]
        }
        if rows.isEmpty {
            context.console.say("every cell shows what it would show", .good)
            return
        }
        context.console.show(
            Table(headers: ["cell", "state", "reason"], rows: rows, overflow: .wrap))
    }
}

/// `:why`: what a cell's result was made of, and what has changed since.
struct WhyCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Tell what made a cell's result, and what changed since.",
        discussion: """
            For a cell that is out of date: which input (with the old and the new digest and the cell \
            that wrote it), option, seed, shards, precision or engine differs. For any other: which \
            inputs made it, and what differs from the run before.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The cell's number.")
    var number: Int

    func execute(in context: CommandContext) throws {
        guard let notebook = context.notebook else { return }
        let cell = try notebook.cell(numbered: number)
        let reasons = CellReasons(notebook)
        let console = context.console
        let changes = reasons.changes(since: cell)
        if cell.ran == nil || cell.ended == nil {
            console.say("cell \(number) is \(cell.stateWord); it has no result to explain")
        } else if !changes.isEmpty {
            console.say("cell \(number) is \(cell.stateWord); since it was run:", .warning)
            for change in changes { console.say("  " + change, .warning) }
        } else {
            console.say("cell \(number) is up to date", .good)
            for change in reasons.changesFromTheRunBefore(of: cell) {
                console.say("  since the run before: " + change)
            }
        }
        let origins = reasons.origins(of: cell)
        if !origins.isEmpty { console.show(KeyValueList(origins)) }
    }
}
