import OrderedJSON
import TerminalUI

/// The prompt: lines become cells, Enter alone runs a tutorial's next cell.
final class InteractiveSession {
    private let notebook: LiveSession
    private let editor: any LineEditor
    private let document: TutorialDocument?
    private let walk: TutorialWalk?

    /// - Parameter history: The lines of earlier sessions; nil reads those of the user.
    init(
        _ notebook: LiveSession, editor: any LineEditor, document: TutorialDocument? = nil,
        history: History? = nil
    ) {
        self.notebook = notebook
        self.editor = editor
        self.document = document
        walk = document.map { TutorialWalk(notebook, $0) }
        notebook.editor = editor
        notebook.history =
            history
            ?? History(path: History.defaultPath(environment: ProcessEnvironment.forHistory))
        for entry in notebook.history?.entries ?? [] { editor.addHistory(entry) }
        editor.completer = CommandCompleter(notebook).completions
    }

    private var console: Console { notebook.console }

    func run() {
        greet()
        walk?.begin()
        while !notebook.wantsToQuit {
            switch editor.readLine(prompt: notebook.prompt, prefill: nil) {
            case .endOfInput:
                takeLeave()
                return
            case .cancelled: continue
            case .line(let line): handle(line)
            }
        }
        takeLeave()
    }

    private lazy var pager = Pager(
        capabilities: console.capabilities,
        rows: { TerminalCapabilities.currentRows() ?? 24 },
        columns: { [console] in console.columns },
        hasTypeAhead: { [editor] in editor.hasTypeAhead },
        readKey: { [editor] in editor.readKey() },
        write: { [console] in console.write($0) })

    private func takeLeave() {
        let path = notebook.folder.path
        let count = SentenceParts.count(notebook.folder.cells.count, "cell")
        let command =
            document.map { "rlhf tutorial \($0.path) --session \(path)" } ?? "rlhf \(path)"
        console.remark(Paragraph("\(count) kept; \(command) goes on from here.", .dim))
    }

    private func greet() {
        let info = notebook.folder.info
        console.remark(
            StyledLine("rlhf \(Engine.version)", .title)
                + StyledLine(
                    "  session \(info.name), seed \(info.seed), in \(notebook.folder.path)", .dim))
        console.remark(
            Paragraph(
                document == nil
                    ? ":help lists the commands; text is a prompt for the policy; Ctrl-D leaves."
                    : "Enter runs the next cell; type anything in between; :help lists the commands; "
                        + "Ctrl-D leaves.", .dim))
        if let cell = notebook.folder.cells.last(where: { $0.state == .interrupted }) {
            console.remark(
                Paragraph(
                    "cell \(cell.number) is interrupted: \(cell.source)\n:resume goes on with it",
                    .warning))
        }
    }

    private func handle(_ text: String) {
        let trimmed = text.trimmingBlanks
        if trimmed.isEmpty {
            editor.beginRunning()
            defer { editor.endRunning() }
            walk?.runNext()
            return
        }
        defer { walk?.catchUp() }
        editor.addHistory(trimmed)
        notebook.history?.add(trimmed, session: notebook.folder.info.id)
        let sources = Self.cells(of: trimmed)
        for (index, source) in sources.enumerated() {
            if notebook.wantsToQuit { return }
            if index > 0 {
                console.remark(Echo(number: notebook.folder.nextNumber, source: source))
            }
            guard perform(source) else {
                let left = sources.count - index - 1
                if left > 0 {
                    console.remark(
                        StyledLine(
                            "\(SentenceParts.count(left, "line")) after it not run", .warning))
                }
                return
            }
        }
    }

    /// A pasted block becomes cells: a line each, lines that end in a backslash joined.
    static func cells(of text: String) -> [String] {
        CellLine.lines(of: text, firstLine: 1).map(\.text)
    }

    /// Runs a line as a cell, or at once when it only looks or steers. False stops a pasted block.
    private func perform(_ typed: String) -> Bool {
        let command: any NotebookCommand
        let source: String
        do {
            source = try Abbreviation.expanded(line: typed)
            command = try CommandLineParser.command(source)
        } catch {
            console.failed(commandError(for: error))
            return false
        }
        editor.beginRunning()
        defer { editor.endRunning() }
        // What computes is not held up by an unread screen.
        let isPaged = command is any PagedCommand && !(command is any CellRunningCommand)
        console.pager = isPaged ? pager : nil
        pager.begin()
        defer { console.pager = nil }
        if command is any SteeringCommand {
            Interrupts.clear()
            notebook.performUnrecorded(command)
            return true
        }
        return notebook.execute(LiveSession.Request(source: source)).state == .ok
    }
}
