import OrderedJSON
import TerminalUI

/// A session as a document for readers elsewhere: Markdown, a Jupyter notebook, a web page, a
/// recording of the terminal. A tutorial alone is one too, whose cells have not been run.
///
/// Where the session follows a tutorial, its prose stands between the cells, and cells that were
/// typed in between stand where they were run.
struct SessionExport {
    /// A part of the document, in reading order.
    enum Part: Equatable {
        case prose(String)
        /// A cell, and what the tutorial says about it.
        case cell(Cell, TutorialCell?)
    }

    /// The session; nil for a tutorial alone.
    let info: SessionInfo?
    let tutorial: TutorialDocument?
    let parts: [Part]
    /// An output as plain text, without colour.
    let render: (CellOutput) -> String

    init(
        info: SessionInfo?, cells: [Cell], tutorial: TutorialDocument? = nil,
        render: @escaping (CellOutput) -> String
    ) {
        self.info = info
        self.tutorial = tutorial
        self.render = render
        parts = Self.parts(cells, tutorial)
    }

    /// Cells stand in the order of the list, because each reads what those above it wrote; the
    /// tutorial's prose stands where it stands there.
    private static func parts(_ cells: [Cell], _ tutorial: TutorialDocument?) -> [Part] {
        var rest = (tutorial?.blocks ?? [])[...]
        var lessons: [String: TutorialCell] = [:]
        for lesson in tutorial?.cells ?? [] { lessons[lesson.id] = lesson }
        let run = Set(cells.map(\.id))
        var between: [Cell] = []
        var parts: [Part] = []
        /// What the tutorial has up to one of its cells, or to its end.
        func take(upTo id: String?) {
            while let block = rest.popFirst() {
                switch block {
                case .prose(let text): parts.append(.prose(text))
                case .cell(let lesson) where lesson.id == id: return
                // It was moved further down.
                case .cell(let lesson) where run.contains(lesson.id): break
                case .cell(let lesson):
                    let unrun = Cell(
                        id: lesson.id, number: 0, name: lesson.name, source: lesson.source)
                    parts.append(.cell(unrun, lesson))
                }
            }
        }
        for cell in cells {
            guard let lesson = lessons[cell.id] else {
                between.append(cell)
                continue
            }
            let isAhead = rest.contains { block in
                if case .cell(let next) = block { next.id == cell.id } else { false }
            }
            if isAhead { take(upTo: cell.id) }
            parts += between.map { .cell($0, nil) } + [.cell(cell, lesson)]
            between = []
        }
        take(upTo: nil)
        return parts + between.map { .cell($0, nil) }
    }

    /// The cells in reading order.
    var cells: [Cell] {
        parts.compactMap { if case .cell(let cell, _) = $0 { cell } else { nil } }
    }

    /// What the document is called.
    var title: String {
        info?.name ?? tutorial?.title ?? tutorial.map { Files.name(of: $0.path) } ?? ""
    }

    /// Where the result of a cell came from, when it was not computed in it.
    private static func storeRemark(on cell: Cell) -> String? {
        guard let saved = cell.savedSeconds else { return nil }
        let share = cell.isFromStore ? "Taken" : "Partly taken"
        return "\(share) from the store, which saved \(formatted(seconds: saved))."
    }

    /// What there is to say about a cell that did not simply finish.
    func remark(on cell: Cell) -> String? {
        switch cell.state {
        case .new where info == nil: nil
        case .new:
            cell.isEdited
                ? "This cell was edited since it was run." : "This cell has not been run."
        case .running, .interrupted: "This cell was interrupted."
        case .stale: "Something this cell reads has changed since it was run."
        case .failed: cell.error ?? "This cell failed."
        case .ok: Self.storeRemark(on: cell)
        }
    }
}
