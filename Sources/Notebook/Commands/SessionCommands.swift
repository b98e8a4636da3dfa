import ArgumentParser
import OrderedJSON
import TerminalUI

/// A command that looks at the session or steers it, and is no cell itself.
protocol SteeringCommand: PagedCommand {}

/// A command that runs cells: an unread screen must not hold them up.
protocol CellRunningCommand: SteeringCommand {}

/// A command that looks at something that may be longer than the screen.
protocol PagedCommand: NotebookCommand {}

extension SteeringCommand {
    static var place: CommandPlace { .cells }
}

/// `:cells`: what has been done.
struct CellsCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "cells", abstract: "List the cells with state, duration and slots.")

    @OptionGroup var global: GlobalOptions

    func execute(in context: CommandContext) throws {
        let cells = context.notebook?.folder.cells ?? []
        if cells.isEmpty { context.console.say("no cells yet") }
        if cells.isEmpty { return }
        // In a narrow window what a cell was is worth more than what it touched.
        let showsSlots = context.console.columns >= 70
        let curves = RunSparkline.byCell(context)
        let rows = cells.map { cell -> [String] in
            let source = cell.source.split(separator: "\n").first.map(String.init) ?? ""
            let slots = { (digests: SlotDigests) in
                digests.slots.filter { !$0.hasPrefix("file:") }.joined(separator: " ")
            }
            return [
                "\(cell.number)", cell.stateWord + (cell.isFromStore ? " (store)" : ""),
                cell.seconds.map { formatted(seconds: $0) } ?? "",
                source,
            ] + (curves.isEmpty ? [] : [curves[cell.number] ?? ""])
                + (showsSlots ? [slots(cell.reads), slots(cell.writes)] : [])
        }
        context.console.show(
            Table(
                headers: ["cell", "state", "time", "source"]
                    + (curves.isEmpty ? [] : ["curve"])
                    + (showsSlots ? ["reads", "writes"] : []),
                rows: rows, optional: curves.isEmpty ? [] : [4, 2]), isReproducible: false)
    }
}

/// `:note`: a remark kept with the session.
struct NoteCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "note", abstract: "Keep a remark with the session.")
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The remark.")
    var text: [String]

    func execute(in context: CommandContext) throws {
        context.console.say(text.joined(separator: " "), .emphasis)
    }
}

/// `:save`: gives the session a name.
struct SaveCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Name the session; everything is on disk already.")
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "The name.")
    var name: String

    func execute(in context: CommandContext) throws {
        guard let folder = context.notebook?.folder else { return }
        var info = folder.info
        info.name = name
        try folder.update(info)
        folder.save()
        context.console.say("this session is called \"\(name)\"", .good)
        context.console.say("it is in \(folder.path)", isReproducible: false)
    }
}

/// `:set`: settings of the session for the cells that follow.
struct SetCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change a parameter of the tutorial, threads or quiet for the cells that follow.",
        discussion: """
            A parameter is recorded with the session; what is computed from it follows, and cells \
            that use it are to be run again.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A parameter of the tutorial, threads or quiet.")
    var name: String

    @Argument(help: "The value.")
    var value: String

    func execute(in context: CommandContext) throws {
        guard let notebook = context.notebook else { return }
        if let parameters = notebook.parameters, parameters.names.contains(name) {
            let changed = try parameters.setting(name, to: value)
            let edited = try notebook.take(changed)
            let news = changed.names.filter { changed.values[$0] != parameters.values[$0] }
            let words = (news.isEmpty ? [name] : news).map {
                "\($0) is \(changed.values[$0]?.text ?? "")"
            }
            var text = words.joined(separator: ", ")
            if !edited.isEmpty {
                let numbers = edited.map { "\($0.number)" }
                text +=
                    "; \(edited.count == 1 ? "cell" : "cells") "
                    + "\(SentenceParts.list(numbers, "and", limit: 12)) "
                    + "\(edited.count == 1 ? "reads" : "read") otherwise now"
            }
            ListView.say(text, notebook)
            return
        }
        switch name {
        case "threads":
            guard let threads = Int(value), threads > 0 else {
                throw CommandError.usage("threads is a whole number above 0, found \"\(value)\"")
            }
            notebook.settings.threads = threads
        case "quiet":
            guard ["on", "off"].contains(value) else {
                throw CommandError.usage("quiet is on or off, found \"\(value)\"")
            }
            notebook.settings.isQuiet = value == "on"
        default:
            if notebook.parameters == nil, let tutorial = notebook.folder.info.tutorial,
                notebook.folder.info.parameters?["values"]?[name] != nil
            {
                throw CommandError.usage(
                    "\(name) is a parameter of \(tutorial.path), which is not open; go on with "
                        + "`rlhf tutorial \(tutorial.path) --session \(notebook.folder.path)`")
            }
            let known = (notebook.parameters?.names ?? []) + ["threads", "quiet"]
            throw CommandError.usage(
                "there is no setting \"\(name)\"; \(SentenceParts.list(known, limit: 12)) can be set "
                    + "here, seed and shards belong to the session: start one with `rlhf --seed N`")
        }
        context.console.say("\(name) is \(value)")
    }
}

/// `:history`: lines typed before.
struct HistoryCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Show lines typed before, in all sessions.")

    @OptionGroup var global: GlobalOptions

    @Argument(help: "Only lines that contain this.")
    var pattern: String?

    @Option(help: ArgumentHelp("Lines to show.", valueName: "N"))
    var count = 20

    func execute(in context: CommandContext) throws {
        let entries = context.notebook?.history?.entries ?? []
        let found = entries.filter { entry in pattern.map { entry.contains($0) } ?? true }
        if found.isEmpty { context.console.say("no such line") }
        for entry in found.suffix(max(1, count)) { context.console.show(Verbatim(text: entry)) }
    }
}

/// `:quit`: leaves the session; everything is on disk.
struct QuitCommand: SteeringCommand {
    static let configuration = CommandConfiguration(
        commandName: "quit", abstract: "Leave; everything is on disk.", aliases: ["exit", "q"])

    @OptionGroup var global: GlobalOptions

    func execute(in context: CommandContext) throws { context.notebook?.wantsToQuit = true }
}

/// `:resume`: goes on with the last cell that was interrupted, or stopped by its health monitor.
struct ResumeCommand: CellRunningCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume", abstract: "Go on with the last interrupted cell.")

    @OptionGroup var global: GlobalOptions

    func execute(in context: CommandContext) throws {
        guard let notebook = context.notebook else { return }
        let waiting = notebook.folder.cells.last {
            $0.state == .interrupted || $0.state == .failed && $0.checkpoint != nil
        }
        guard let cell = waiting else {
            throw CommandError("no cell is interrupted")
        }
        context.console.remark(Echo(number: cell.number, source: cell.source))
        notebook.resume(cell)
    }
}
