import OrderedJSON
import TerminalUI

/// Where a command speaks: the terminal, the journal's outputs, and JSON for scripts.
final class Console {
    let capabilities: TerminalCapabilities
    let errorCapabilities: TerminalCapabilities
    private(set) var mode: Settings.OutputMode
    var isQuiet: Bool
    /// What the running cell has shown so far.
    private(set) var outputs: [CellOutput] = []
    /// Called with every output of a cell, to keep it in the journal.
    var onOutput: ((CellOutput) -> Void)?
    /// Nothing is shown while a replay computes in silence.
    var isSilent = false
    /// Whoever reads standard output has gone: nothing more is written there.
    private(set) var isClosed = false

    init(settings: Settings) {
        mode = settings.output
        isQuiet = settings.isQuiet
        capabilities = TerminalCapabilities.detect(colorMode: settings.colorMode)
        errorCapabilities = TerminalCapabilities.detect(
            descriptor: 2, colorMode: settings.colorMode)
    }

    /// How outputs are kept: at a fixed width, without colour, so that replays compare equal.
    static let recorded = TerminalCapabilities(columns: 80, unicode: true)

    /// Where the output of the running cell goes when it is too long to show; nil shows all.
    private var longOutputPath: String?
    private var longOutput: LongOutput?
    private var isLongOutputReproducible = true
    private var shownByteCount = 0

    /// - Parameter longOutputPath: The file for what is too long to show.
    func startCell(longOutputPath: String? = nil) {
        outputs = []
        self.longOutputPath = longOutputPath
        longOutput = nil
        isLongOutputReproducible = true
        shownByteCount = 0
    }

    /// Shows the end of an output that was too long, and where all of it is.
    func finishCell() {
        guard let longOutput else { return }
        let text = longOutput.finish()
        keep(CellOutput(.text(text), isReproducible: isLongOutputReproducible))
        if mode == .text { write(text) }
        self.longOutput = nil
    }

    /// Takes a text that is too long to show, or comes after one that was.
    private func keepsLong(_ text: String, isReproducible: Bool) -> Bool {
        guard let longOutputPath else { return false }
        shownByteCount += text.utf8.count
        guard longOutput != nil || shownByteCount > LongOutput.limit else { return false }
        if !isReproducible { isLongOutputReproducible = false }
        if longOutput == nil {
            longOutput = LongOutput(path: longOutputPath)
            let head = LongOutput.head(of: text)
            keep(CellOutput(.text(head), isReproducible: isReproducible))
            if mode == .text { write(head) }
        }
        longOutput?.append(text)
        return true
    }

    /// Shows a result and keeps it with the cell.
    ///
    /// - Parameter isReproducible: False for what differs between identical runs.
    func show(_ renderable: any Renderable, isReproducible: Bool = true) {
        let text = renderable.text(width: nil, capabilities: Self.recorded)
        if keepsLong(text, isReproducible: isReproducible) { return }
        keep(CellOutput(.text(text), isReproducible: isReproducible))
        if mode == .text { write(renderable) }
    }

    /// Shows a sentence.
    func say(_ text: String, _ style: Style = .plain, isReproducible: Bool = true) {
        show(Paragraph(text, style), isReproducible: isReproducible)
    }

    /// Keeps a plot as data and shows it.
    func show(_ plot: any Renderable, data: CellOutput) {
        keep(data)
        if mode == .text { write(plot) }
    }

    /// Shows something that is no result: prose of a tutorial, hints.
    func remark(_ renderable: any Renderable) {
        if mode == .text && !isQuiet { write(renderable) }
    }

    /// A command's line of JSON for scripts; nothing in text mode, nor inside `run` and `replay`,
    /// which give one object a cell.
    func emit(_ json: JSON) {
        if mode == .json && !givesCellsOnly { write(json.text + "\n") }
    }

    /// The JSON of a cell as a whole.
    func emit(cell json: JSON) {
        if mode == .json { write(json.text + "\n") }
    }

    var givesCellsOnly = false

    /// A sentence on standard error: what went wrong, or what to know beside the result.
    func complain(_ text: String, _ style: Style = .error) {
        // Scripts get their sentences on one line.
        let columns = TerminalCapabilities.currentColumns(descriptor: 2) ?? 10_000
        let line = Paragraph(text, style).text(width: columns, capabilities: errorCapabilities)
        try? StandardStream.errors.write(line)
    }

    /// Keeps a result with the cell without showing it: `:show` and exported pages have it.
    func keep(_ renderable: any Renderable) {
        keep(CellOutput(.text(renderable.text(width: nil, capabilities: Self.recorded))))
    }

    func keep(_ output: CellOutput) {
        outputs.append(output)
        onOutput?(output)
    }

    /// Stops where the screen is full, while a command looks at something; nil elsewhere.
    var pager: Pager?

    private func write(_ renderable: any Renderable) {
        if let pager, capabilities.isTerminal, !isSilent {
            pager.show(renderable.lines(width: columns, capabilities: capabilities))
            return
        }
        write(renderable.text(width: columns, capabilities: capabilities))
    }

    /// The width of the window now.
    var columns: Int { TerminalCapabilities.currentColumns() ?? capabilities.columns }

    /// Writes to standard output as it is.
    func write(_ text: String) {
        if isClosed || isSilent && mode == .text { return }
        do { try StandardStream.output.write(text) } catch { isClosed = true }
    }
}
