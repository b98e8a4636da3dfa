import OrderedJSON
import TerminalUI

/// One cell with everything that is known of it: `:show 7`.
struct CellView {
    private let cell: Cell
    private let console: Console

    /// - Throws: `CommandError` when there is no cell of this number.
    init(_ number: Int, _ context: CommandContext) throws {
        let cells = context.notebook?.folder.cells ?? []
        guard let cell = cells.first(where: { $0.number == number }) else {
            throw CommandError(
                "there is no cell \(number); "
                    + (cells.isEmpty ? "there are none yet" : ":cells lists the \(cells.count)"))
        }
        self.cell = cell
        console = context.console
    }

    func show() {
        console.show(Echo(number: cell.number, source: cell.source), isReproducible: false)
        var facts = [("state", cell.state.rawValue)]
        if let began = cell.began { facts.append(("begun", began)) }
        if let seconds = cell.seconds { facts.append(("took", formatted(seconds: seconds))) }
        for (name, digests) in [("read", cell.reads), ("wrote", cell.writes)] {
            let slots = digests.map { "\($0.slot) \($0.digest.hex.prefix(8))" }
            if !slots.isEmpty { facts.append((name, slots.joined(separator: ", "))) }
        }
        console.show(KeyValueList(facts), isReproducible: false)
        for output in cell.outputs {
            console.show(OutputView(output: output), isReproducible: false)
        }
        if let error = cell.error { console.say(error, .error, isReproducible: false) }
    }
}

/// An output of the past, drawn again.
struct OutputView: Renderable {
    let output: CellOutput

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        if case .plot(let json) = output.content {
            return PlotData(json).drawing(canvas: .automatic)
                .lines(width: width, capabilities: capabilities)
        }
        return OutputText.text(output).split(separator: "\n").map {
            StyledLine(String($0)).truncated(
                to: width, ellipsis: capabilities.unicode ? "…" : "...")
        }
    }
}
