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
        var facts = [("state", cell.stateWord)]
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
        let text = OutputText.text(output)
        if width >= Console.recorded.columns {
            return text.split(separator: "\n").map { StyledLine(String($0)) }
        }
        return RecordedLayout.blocks(of: text).flatMap {
            $0.view.lines(width: width, capabilities: capabilities)
        }
    }
}

extension RecordedLayout {
    /// The same for another width.
    fileprivate var view: any Renderable {
        switch self {
        case .paragraph(let text): Paragraph(text)
        case .preformatted(let text): Drawing(text: text)
        case .pairs(let pairs): KeyValueList(pairs.map { ($0[0], $0[1]) })
        case .table(let columns, let isNumeric, let rows):
            Table(headers: columns, alignments: isNumeric.map { $0 ? .right : .left }, rows: rows)
        case .boxes(let titles, let texts):
            Stack(zip(titles, texts).map { TextBox(title: $0, text: $1) })
        }
    }
}

/// Lines that are cut at the edge, because each stands under the one above.
private struct Drawing: Renderable {
    let text: String

    func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        text.split(separator: "\n").map {
            StyledLine(String($0)).truncated(
                to: width, ellipsis: capabilities.unicode ? "…" : "...")
        }
    }
}
