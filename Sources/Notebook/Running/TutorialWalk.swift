import TerminalUI

/// A reader's way through a tutorial: prose up to the next cell, which Enter runs.
final class TutorialWalk {
    private let notebook: LiveSession
    private let document: TutorialDocument
    private let runner: CellRunner
    /// The block that comes next.
    private var position = 0
    private var hasSaidTheEnd = false

    init(_ notebook: LiveSession, _ document: TutorialDocument) {
        self.notebook = notebook
        self.document = document
        runner = CellRunner(notebook: notebook, document: document, showsProse: true)
    }

    /// Shows the beginning; in a session that has gone some way, what comes after that.
    func begin() {
        let done = document.blocks.firstIndex { block in
            if case .cell(let cell) = block { !isDone(cell) } else { false }
        }
        let last = document.blocks[..<(done ?? document.blocks.count)].lastIndex { block in
            if case .cell = block { true } else { false }
        }
        if let last {
            position = last + 1
            let count = document.cells.prefix { isDone($0) }.count
            notebook.console.remark(
                Paragraph("\(count) of \(document.cells.count) cells are done.", .dim))
        }
        showProse()
    }

    /// Runs the next cell and shows what follows it.
    func runNext() {
        guard let cell = nextCell else { return }
        eraseEmptyPrompt()
        do {
            let result = try runner.run(cell)
            if result.state == .ok {
                position += 1
                showProse()
            } else {
                let isInterrupted = result.state == .interrupted
                notebook.console.remark(
                    Paragraph(
                        isInterrupted ? "Enter goes on with it as well." : "Enter runs it again.",
                        .dim))
            }
        } catch {
            notebook.console.failed(commandError(for: error))
        }
    }

    /// After other lines: the cell may have been finished by `:resume`.
    func catchUp() {
        if let cell = nextCell, isDone(cell) { showProse() }
    }

    private var nextCell: TutorialCell? {
        guard position < document.blocks.count, case .cell(let cell) = document.blocks[position]
        else { return nil }
        return cell
    }

    private func isDone(_ cell: TutorialCell) -> Bool {
        guard let cell = notebook.folder.cell(cell.id) else { return false }
        // An edited cell waits for :rerun, with the reader's own text.
        return cell.state == .ok || cell.state == .stale || cell.isEdited
    }

    /// Enter in an empty line leaves a prompt with nothing behind it; the cell takes its place.
    private func eraseEmptyPrompt() {
        if notebook.console.capabilities.cursorControl {
            notebook.console.write("\u{1B}[A\r\u{1B}[K")
        }
    }

    private func showProse() {
        while position < document.blocks.count {
            switch document.blocks[position] {
            case .prose(let text): notebook.console.remark(Prose(text))
            case .cell(let cell):
                if !isDone(cell) {
                    notebook.console.remark(
                        NextCell(source: (try? runner.substituted(cell)) ?? cell.source))
                    return
                }
            }
            position += 1
        }
        if hasSaidTheEnd { return }
        hasSaidTheEnd = true
        notebook.console.remark(Paragraph("The tutorial ends here; the session goes on.", .dim))
    }
}

/// Prose of a tutorial, with air around it and in lines that are not too long to read.
struct Prose: Renderable {
    private static let widest = 90
    private let text: MarkdownText

    init(_ text: String) { self.text = MarkdownText(text) }

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let lines = text.lines(width: min(width, Self.widest), capabilities: capabilities)
        return lines.isEmpty ? [] : [""] + lines + [""]
    }
}

/// The cell that Enter runs.
private struct NextCell: Renderable {
    let source: String

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let indent = StyledLine("    ")
        let source = source.split(separator: "\n").flatMap { line in
            StyledLine(String(line), .code).wrapped(to: max(1, width - 4), hangingIndent: 4)
        }
        return source.map { indent + $0 } + ["", StyledLine("Enter runs this cell.", .dim)]
    }
}
