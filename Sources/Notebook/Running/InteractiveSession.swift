import OrderedJSON
import TerminalUI

/// The prompt: lines become cells, Enter alone runs a tutorial's next cell.
final class InteractiveSession {
    private let notebook: LiveSession
    private let editor: any LineEditor
    private let document: TutorialDocument?
    private let runner: CellRunner?
    private var position = 0

    init(
        _ notebook: LiveSession, editor: any LineEditor, document: TutorialDocument? = nil,
        parameters: [String: String] = [:]
    ) {
        self.notebook = notebook
        self.editor = editor
        self.document = document
        runner = document.map {
            CellRunner(
                notebook: notebook, document: $0, parameters: parameters, showsProse: true)
        }
        notebook.editor = editor
        notebook.history = History(path: History.defaultPath(environment: ProcessEnvironment.forHistory))
        for entry in notebook.history?.entries ?? [] { editor.addHistory(entry) }
        editor.completer = CommandCompleter(notebook).completions
    }

    private var console: Console { notebook.console }

    func run() {
        greet()
        showProse()
        while !notebook.wantsToQuit {
            let prompt = StyledLine("[\(notebook.folder.nextNumber)]>", .prompt) + StyledLine(" ")
            switch editor.readLine(prompt: prompt, prefill: nil) {
            case .endOfInput:
                console.write("\n")
                return
            case .cancelled: continue
            case .line(let line): handle(line)
            }
        }
    }

    private func greet() {
        let info = notebook.folder.info
        console.remark(
            StyledLine("rlhf \(Engine.version)", .title)
                + StyledLine("  session \(info.name), seed \(info.seed), in \(notebook.folder.path)", .dim))
        console.remark(
            Paragraph(
                document == nil
                    ? ":help lists the commands; text is a prompt for the policy; Ctrl-D leaves."
                    : "Enter runs the next cell; type anything in between; :help lists the commands; "
                        + "Ctrl-D leaves.", .dim))
        if let cell = notebook.folder.cells.last(where: { $0.state == .interrupted }) {
            console.remark(
                Paragraph("cell \(cell.number) is interrupted: \(cell.source)\n:resume goes on with it", .warning))
        }
    }

    private func handle(_ text: String) {
        let trimmed = text.trimmingBlanks
        if trimmed.isEmpty {
            runNext()
            return
        }
        editor.addHistory(trimmed)
        notebook.history?.add(trimmed, session: notebook.folder.info.id)
        for source in Self.cells(of: trimmed) {
            if notebook.wantsToQuit { return }
            guard perform(source) else { return }
        }
    }

    /// A pasted block becomes cells: a line each, lines that end in a backslash joined.
    static func cells(of text: String) -> [String] {
        CellLine.lines(of: text, firstLine: 1).map(\.text)
    }

    /// Runs a line as a cell, or at once when it only looks or steers. False stops a pasted block.
    private func perform(_ source: String) -> Bool {
        let command: any NotebookCommand
        do {
            command = try CommandLineParser.command(source)
        } catch {
            console.failed(commandError(for: error))
            return false
        }
        editor.beginRunning()
        defer { editor.endRunning() }
        if command is any SteeringCommand {
            Interrupts.clear()
            notebook.performUnrecorded(command)
            return true
        }
        return notebook.execute(LiveSession.Request(source: source)).state == .ok
    }

    // MARK: - Tutorial

    /// Shows the prose up to the next cell, and the cell.
    private func showProse() {
        guard let document else { return }
        while position < document.blocks.count {
            switch document.blocks[position] {
            case .prose(let text):
                console.remark(MarkdownText(text))
                position += 1
            case .cell(let cell):
                if notebook.folder.cell(cell.id)?.state == .ok {
                    position += 1
                    continue
                }
                console.remark(
                    StyledLine("next: ", .dim)
                        + StyledLine(cell.source.split(separator: "\n").joined(separator: "  "), .code)
                        + StyledLine("   (Enter runs it)", .dim))
                return
            }
        }
        console.remark(Paragraph("The tutorial ends here; the session goes on.", .dim))
        position += 1
    }

    private func runNext() {
        guard let document, let runner, position < document.blocks.count,
            case .cell(let cell) = document.blocks[position]
        else { return }
        editor.beginRunning()
        defer { editor.endRunning() }
        do {
            let result = try runner.run(cell)
            guard result.state == .ok else { return }
            position += 1
            showProse()
        } catch {
            console.failed(commandError(for: error))
        }
    }
}
