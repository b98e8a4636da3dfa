import ArgumentParser
import Autograd
import Glibc
import OrderedJSON
import TerminalUI

/// `rlhf`: a session at a prompt; a script of lines where nobody is at a terminal.
struct OpenCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Open a session at a prompt (the default).")
    static var place: CommandPlace { .shell }

    @OptionGroup var global: GlobalOptions

    @OptionGroup var access: SessionAccess

    @Argument(help: "A session folder; a new session where there is none.", completion: .directory)
    var session: String?

    func execute(in context: CommandContext) throws {
        let notebook = try SessionStart.notebook(
            at: session, named: session.map(Files.name(of:)) ?? "session", document: nil,
            options: global, opening: access.opening, console: context.console)
        defer { _ = notebook.close() }
        notebook.stepStore = .ofUser
        if let editor = Terminal.editor(context.console) {
            InteractiveSession(notebook, editor: editor).run()
        } else {
            try runLines(notebook)
        }
        try Endings.throwIfUnsaved(notebook)
    }

    private func runLines(_ notebook: LiveSession) throws {
        let reader = PlainReader()
        notebook.console.givesCellsOnly = true
        while case .line(let line) = reader.readLine(prompt: "", prefill: nil) {
            for source in InteractiveSession.cells(of: line) {
                let command = try CommandLineParser.command(source)
                if command is any SteeringCommand {
                    if let code = notebook.performUnrecorded(command) {
                        throw ExitCode(code.rawValue)
                    }
                } else {
                    let cell = notebook.execute(LiveSession.Request(source: source))
                    if cell.state == .interrupted { throw ExitCode(130) }
                    if cell.state != .ok { throw ExitCode(notebook.failureCode.rawValue) }
                }
                if notebook.wantsToQuit { return }
            }
        }
    }
}

/// `rlhf tutorial`: a document walked through by a reader.
struct TutorialCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "tutorial", abstract: "Walk through a tutorial: Enter runs the next cell.",
        discussion: "Where nobody is at a terminal it runs all cells, as `run` does.")
    static var place: CommandPlace { .shell }

    @OptionGroup var global: GlobalOptions

    @OptionGroup var access: SessionAccess

    @Argument(help: "The tutorial, a Markdown file with cells.", completion: .file())
    var file: String = "Tutorials/01-align-a-model.md"

    @Option(help: ArgumentHelp("Session folder; an existing one is continued.", valueName: "DIR"))
    var session: String?

    @Option(help: ArgumentHelp("A parameter of the tutorial.", valueName: "NAME=VALUE"))
    var set: [String] = []

    func execute(in context: CommandContext) throws {
        guard let editor = Terminal.editor(context.console) else {
            try DocumentRun(
                file: file, session: session, set: set, global: global, opening: access.opening
            )
            .perform(context.console)
            return
        }
        let document = try TutorialDocument.read(path: file)
        let notebook = try SessionStart.notebook(
            at: session, named: DocumentRun.name(of: file), document: document, set: set,
            options: global, opening: access.opening, console: context.console)
        defer { _ = notebook.close() }
        notebook.stepStore = .ofUser
        InteractiveSession(notebook, editor: editor, document: document).run()
        try Endings.throwIfUnsaved(notebook)
    }
}

/// `rlhf run`: all cells, no questions asked.
struct RunCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run all cells of a tutorial or script.",
        discussion: """
            It stops at the first cell that fails. On an existing session it continues: finished cells \
            are taken from the record, an interrupted one resumes. Everything else is computed, so \
            that a run proves what it shows; --from-store takes known results from the store. With \
            --report a JSON file says what came of every cell and check, also when one failed.
            """)
    static var place: CommandPlace { .shell }

    @OptionGroup var global: GlobalOptions

    @OptionGroup var access: SessionAccess

    @Argument(
        help: "A Markdown file or notebook with cells, or a script with a command a line.",
        completion: .file())
    var file: String

    @Option(help: ArgumentHelp("Session folder; an existing one is continued.", valueName: "DIR"))
    var session: String?

    @Option(help: ArgumentHelp("A parameter of the document.", valueName: "NAME=VALUE"))
    var set: [String] = []

    @Option(help: ArgumentHelp("Summary of the run, as JSON.", valueName: "FILE"))
    var report: String?

    @Flag(help: "Take results that the store knows, in place of computing them.")
    var fromStore = false

    func execute(in context: CommandContext) throws {
        try DocumentRun(
            file: file, session: session, set: set, report: report, global: global,
            opening: access.opening, takesFromStore: fromStore
        ).perform(context.console)
    }
}

/// Running a document from its first cell to its last.
struct DocumentRun {
    let file: String
    let session: String?
    let set: [String]
    /// Where the summary is written.
    var report: String?
    let global: GlobalOptions
    var opening = SessionOpening.writing
    /// Whether known results are taken from the store; they are kept there in any case.
    var takesFromStore = false

    static func name(of file: String) -> String {
        let name = Files.name(of: file)
        let ending = [".md", ".ipynb"].first { name.hasSuffix($0) } ?? ""
        return String(name.dropLast(ending.count))
    }

    func perform(_ console: Console) throws {
        guard let report else { return try run(console) { _, _ in } }
        var summary = RunReport(path: report, file: file)
        let start = MonotonicClock.seconds()
        do {
            try run(console) { summary.begin($0, $1) }
        } catch {
            let failure = error is ExitCode ? nil : commandError(for: error)
            let code = (error as? ExitCode)?.rawValue ?? failure?.exitCode.rawValue ?? 1
            try summary.write(
                exitCode: code, seconds: MonotonicClock.seconds() - start, error: failure?.sentence)
            throw error
        }
        try summary.write(exitCode: 0, seconds: MonotonicClock.seconds() - start)
    }

    /// - Parameter begin: Called with the document and the session before the first cell.
    private func run(
        _ console: Console, begin: (TutorialDocument, SessionFolder) -> Void
    ) throws {
        let document = try TutorialDocument.read(path: file)
        let notebook = try SessionStart.notebook(
            at: session, named: Self.name(of: file), document: document, set: set, options: global,
            opening: opening, console: console)
        defer { _ = notebook.close() }
        begin(document, notebook.folder)
        notebook.stepStore = .ofUser
        notebook.takesFromStore = takesFromStore
        console.givesCellsOnly = true
        let start = MonotonicClock.seconds()
        let ending = try CellRunner(
            notebook: notebook, document: document, showsProse: true
        ).runAll()
        let seconds = MonotonicClock.seconds() - start
        console.remark(
            StyledLine(
                "\(document.cells.count) cells in \(formatted(seconds: seconds)); session in "
                    + notebook.folder.path, .dim))
        try Endings.throwIfUnsaved(notebook)
        switch ending {
        case .done: return
        case .failed: throw ExitCode(notebook.failureCode.rawValue)
        case .interrupted: throw ExitCode(CommandError.ExitCode.interrupted.rawValue)
        case .checkFailed: throw ExitCode(CommandError.ExitCode.checkFailed.rawValue)
        }
    }
}

/// How the program ends when the disk did not take everything.
enum Endings {
    static func throwIfUnsaved(_ notebook: LiveSession) throws {
        notebook.folder.save()
        guard let problem = notebook.folder.savingProblem else { return }
        throw CommandError(
            "\(notebook.folder.unsavedRecordCount) records of the session could not be written: "
                + sentence(for: problem), exitCode: .damagedOrLocked)
    }
}

/// The editor of a terminal; nil where nobody can type.
enum Terminal {
    static func editor(_ console: Console) -> (any LineEditor)? {
        guard isatty(0) == 1, isatty(1) == 1, console.mode == .text else { return nil }
        return try? LibeditEditor(program: "rlhf", capabilities: console.capabilities)
    }
}
