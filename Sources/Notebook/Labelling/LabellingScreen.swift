import HumanFeedback
import TerminalUI

/// Lays the questions of a desk before the person at the keyboard: a page of its own for each on a
/// terminal that can, one below the other where the cursor cannot be moved.
final class LabellingScreen {
    private let editor: any LineEditor
    private let console: Console
    private let instructions: LabellingInstructions
    /// Called after every answer, with all answers so far.
    private let keep: ([Vote]) throws -> Void
    private var page: LabellingPage
    private var scroll = 0
    private var durations: [Double] = []

    init(
        _ desk: LabellingDesk, criteria: LabellingCriteria, editor: any LineEditor,
        console: Console, keep: @escaping ([Vote]) throws -> Void = { _ in }
    ) {
        page = LabellingPage(desk: desk)
        self.editor = editor
        self.console = console
        self.keep = keep
        instructions = LabellingInstructions(
            criteria: criteria, criterion: desk.criterion, mode: desk.mode)
    }

    private var isPaged: Bool {
        console.capabilities.isTerminal && console.capabilities.cursorControl && !console.isSilent
    }

    /// Asks until the questions or the person's patience end. Everything answered so far is kept.
    ///
    /// - Throws: `PosixError` when an answer cannot be kept on disk.
    func run() throws -> [Vote] {
        guard !page.desk.isDone else {
            console.remark(
                Paragraph("All pairs have been judged by \(page.desk.annotator) already.", .dim))
            return page.desk.votes
        }
        if isPaged { console.write(Self.enter) }
        defer { if isPaged { console.write(Self.leave) } }
        guard showInstructions() else { return page.desk.votes }
        try ask()
        return page.desk.votes
    }

    // The alternate screen leaves what stood on the terminal as it was.
    private static let enter = "\u{1B}[?1049h\u{1B}[?25l"
    private static let leave = "\u{1B}[?25h\u{1B}[?1049l"

    /// False when the person leaves at once.
    private func showInstructions() -> Bool {
        if !isPaged {
            console.remark(
                Paragraph(
                    page.desk.criterion.question + " " + LabellingPage.keys(page.desk.mode), .dim))
            return true
        }
        var first = 0
        while true {
            draw(
                header: [], body: { self.instructions.lines(width: $0, capabilities: $1) },
                footer: { _, _ in [StyledLine("any key goes on, q leaves", .dim)] }, from: &first)
            switch readKey({
                self.draw(
                    header: [], body: { self.instructions.lines(width: $0, capabilities: $1) },
                    footer: { _, _ in [StyledLine("any key goes on, q leaves", .dim)] },
                    from: &first)
            })
            {
            case .key(.down), .key(.pageDown): first += 5
            case .key(.up), .key(.pageUp): first -= 5
            case .key(.character("q")), .key(.escape), .cancelled, .endOfInput: return false
            case .key: return true
            }
        }
    }

    private func ask() throws {
        var shown = -1
        var start = MonotonicClock.seconds()
        while true {
            if page.desk.isDone {
                guard isPaged, try reconsiders() else { return }
                shown = -1
            }
            if page.desk.position != shown {
                shown = page.desk.position
                scroll = 0
                start = MonotonicClock.seconds()
                if !isPaged { showBelow() }
            }
            if isPaged { drawPage() }
            let key = readKey { if self.isPaged { self.drawPage() } }
            // Ctrl-C between two readings is a signal.
            if Interrupts.isRaised { return }
            guard case .key(let key) = key else { return }
            if move(key) { continue }
            let seconds = MonotonicClock.seconds() - start
            let effect = page.desk.take(key, seconds: seconds)
            if effect == .quit { return }
            try act(on: effect, seconds: seconds)
            if case .wantsNote = effect { start = MonotonicClock.seconds() - seconds }
            if [.undone, .wentBack, .wentOn, .entered].contains(effect) { shown = -1 }
        }
    }

    /// After the last question: true where the person takes an answer back or goes back to it, since
    /// a slip of the finger happens there too.
    private func reconsiders() throws -> Bool {
        let end = LabellingEnd(desk: page.desk)
        func draw() {
            var first = 0
            self.draw(
                header: [], body: { end.lines(width: $0, capabilities: $1) },
                footer: { width, _ in
                    [StyledLine(self.page.message, .good).truncated(to: width)]
                        + StyledLine(LabellingEnd.keys, .dim).wrapped(to: width)
                }, from: &first)
        }
        while true {
            draw()
            let read = readKey(draw)
            guard case .key(let key) = read, !Interrupts.isRaised else { return false }
            switch key {
            case .enter, .escape, .character("q"), .character("Q"): return false
            case .backspace, .character("u"), .character("U"), .character("p"), .character("P"):
                try act(on: page.desk.take(key, seconds: nil), seconds: 0)
                return true
            default: continue
            }
        }
    }

    /// Keys that only look. True for one of them.
    private func move(_ key: Key) -> Bool {
        switch key {
        case .up where page.desk.mode != .thumbs: scroll -= 1
        case .down where page.desk.mode != .thumbs: scroll += 1
        case .pageUp: scroll -= 10
        case .pageDown: scroll += 10
        case .character("m"), .character("M"): page.isRaw.toggle()
        default: return false
        }
        return true
    }

    private func act(on effect: LabellingDesk.Effect, seconds: Double) throws {
        switch effect {
        case .answered(let words):
            durations.append(seconds)
            // One or two answers say nothing about the rest.
            if durations.count >= 3 { page.pace = durations.sorted()[durations.count / 2] }
            say(words + (isPaged ? " (u undoes)" : ""), .good)
            try keep(page.desk.votes)
        case .entered: say("", .good)
        case .undone:
            say("undone", .warning)
            try keep(page.desk.votes)
        case .nothingToUndo: say("nothing to undo", .warning)
        case .wentBack:
            let given = page.desk.given.map { "\($0); another answer replaces it, Enter keeps it" }
            say("back: " + (given ?? "no answer yet"), .warning)
        case .wentOn: say("kept as it was", .good)
        case .flagged(let isFlagged):
            say(isFlagged ? "flagged" : "no longer flagged", .warning)
            if page.desk.given != nil { try keep(page.desk.votes) }
        case .wantsNote:
            writeNote()
            if page.desk.given != nil { try keep(page.desk.votes) }
        case .wantsHelp:
            if isPaged { _ = showInstructions() } else { console.remark(instructions) }
        case .unknown:
            say(isPaged ? "no such key; ? explains" : LabellingPage.keys(page.desk.mode), .dim)
        case .quit: break
        }
    }

    private func say(_ words: String, _ style: Style) {
        page.message = words
        if !isPaged, !words.isEmpty { console.remark(StyledLine("  " + words, style)) }
    }

    private func writeNote() {
        if isPaged { console.write("\u{1B}[?25h\r\u{1B}[K") }
        editor.endRunning()
        let line = editor.readLine(
            prompt: StyledLine("note:", .prompt) + " ", prefill: page.desk.note)
        editor.beginRunning()
        if isPaged { console.write("\u{1B}[?25l\u{1B}[2J") }
        guard case .line(let text) = line else { return }
        page.desk.add(note: text.trimmingBlanks)
        say(text.trimmingBlanks.isEmpty ? "no note" : "noted", .good)
    }

    // MARK: Drawing

    private func readKey(_ redraw: () -> Void) -> KeyResult {
        var size = console.size
        return editor.readKey(idle: {
            let now = console.size
            if now != size {
                size = now
                redraw()
            }
        })
    }

    private func showBelow() {
        let columns = console.columns
        let number = "\(page.desk.position + 1)/\(page.desk.items.count)  "
        let body = page.body(width: columns, capabilities: console.capabilities)
        var first = StyledLine(number, .strong)
        first += body[0]
        console.remark(Lines([first] + body.dropFirst()))
    }

    private func drawPage() {
        draw(
            header: [
                page.header(width: console.size.columns, capabilities: console.capabilities), "",
            ],
            body: { self.page.body(width: $0, capabilities: $1) },
            footer: { self.page.footer(width: $0, capabilities: $1) }, from: &scroll)
    }

    /// Draws a page of the window's height: the header at the top, the footer at the bottom, of the
    /// body the lines from `first`, which is put right where it is out of range.
    private func draw(
        header: [StyledLine], body: (Int, TerminalCapabilities) -> [StyledLine],
        footer: (Int, TerminalCapabilities) -> [StyledLine], from first: inout Int
    ) {
        let (rows, columns) = console.size
        let capabilities = console.capabilities
        let bottom = footer(columns, capabilities)
        let all = body(columns, capabilities)
        let room = max(1, rows - header.count - bottom.count)
        let isTall = all.count > room
        let shown = isTall ? max(1, room - 1) : room
        first = min(max(0, first), max(0, all.count - shown))
        var lines = header + all[first..<min(all.count, first + shown)]
        if isTall {
            let rest = all.count - first - shown
            let arrows = capabilities.unicode ? "↑ ↓" : "up and down"
            lines.append(
                StyledLine(
                    rest > 0 ? "\(rest) more lines: \(arrows) scroll" : "the end: \(arrows) scroll",
                    .warning))
        }
        while lines.count < rows - bottom.count { lines.append(StyledLine()) }
        lines = Array((lines + bottom).suffix(rows))
        let text = lines.map { $0.rendered(for: capabilities) + "\u{1B}[K" }.joined(separator: "\n")
        console.write("\u{1B}[H" + text + "\u{1B}[J")
    }
}

/// Lines that are made already.
private struct Lines: Renderable {
    let made: [StyledLine]

    init(_ made: [StyledLine]) { self.made = made }

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] { made }
}

extension Console {
    /// Rows and columns of the window now.
    var size: (rows: Int, columns: Int) {
        (TerminalCapabilities.currentRows() ?? capabilities.rows, columns)
    }
}
