/// The cells of a session, made by applying the records of its journal in order.
struct CellList: Equatable, Sendable {
    /// The cells from top to bottom: in the order of their first execution, unless moved.
    private(set) var cells: [Cell] = []
    /// Changes that `undo` takes back, the last one at the end.
    private(set) var undoable: [Change] = []
    /// Changes that `redo` makes again, the next one at the end.
    private(set) var redoable: [Change] = []
    private var places: [String: Int] = [:]
    /// The ids of cells that were taken off the list.
    private var formerIDs: Set<String> = []

    /// One change of the list that can be taken back.
    struct Change: Equatable, Sendable {
        enum Kind: String, Sendable { case run, edit, delete, move }
        var kind: Kind
        /// The cell's number, and its text before the change, or that of the new cell.
        var number: Int
        var source: String
        fileprivate var way: [Step]
    }

    /// A piece of the way between two states of the list; each piece answers its own way back.
    fileprivate indirect enum Step: Equatable, Sendable {
        case replace(Int, Cell)
        case remove(Int)
        case insert(Int, Cell)
    }

    /// The number that the next new cell gets.
    var nextNumber: Int { (cells.map(\.number).max() ?? 0) + 1 }

    subscript(id: String) -> Cell? { places[id].map { cells[$0] } }

    func place(of id: String) -> Int? { places[id] }

    /// Whether a cell of this session has, or had, this id.
    func hasHad(_ id: String) -> Bool {
        places[id] != nil || formerIDs.contains(id)
    }

    /// Rebuilds the cells from a journal. A cell that was begun and not ended is interrupted.
    init(_ contents: JournalContents) {
        for change in contents.changes { perform(change.record, change.time) }
        for index in cells.indices where cells[index].state == .running {
            cells[index].state = .interrupted
        }
        markStale()
    }

    /// The cells after some records.
    init(_ records: [JournalRecord] = []) {
        var contents = JournalContents()
        contents.changes = records.compactMap { record in
            CellRecord(record).map { CellChange(record: $0, time: record.time) }
        }
        self.init(contents)
    }

    /// Applies one record; a record about an unknown cell changes nothing.
    mutating func apply(_ change: CellRecord, time: String) {
        perform(change, time)
        switch change {
        case .end, .edit, .delete, .move, .undo, .redo: markStale()
        case .begin, .output, .checkpoint, .stale: break
        }
    }

    private mutating func perform(_ change: CellRecord, _ time: String) {
        switch change {
        case .begin(let id, let start): begin(id, start, time)
        case .output(let id, let output): update(id) { $0.outputs.append(output) }
        case .end(let id, let result): update(id) { $0.end(result) }
        case .checkpoint(let id, let checkpoint): update(id) { $0.checkpoint = checkpoint }
        case .edit(let id, let source): edit(id, source)
        case .stale: break
        case .delete(let id): delete(id)
        case .move(let id, let target): move(id, before: target)
        case .undo: travel(from: \.undoable, to: \.redoable)
        case .redo: travel(from: \.redoable, to: \.undoable)
        }
    }

    // MARK: Changes

    private mutating func begin(_ id: String, _ start: CellStart, _ time: String) {
        var cell = Cell(id: id, number: start.number, name: start.name, source: start.source)
        cell.state = .running
        cell.began = time
        cell.ran = start.source
        guard let index = places[id] else {
            note(.run, cell, [.remove(cells.count)])
            places[id] = cells.count
            cells.append(cell)
            return
        }
        let earlier = cells[index]
        if start.resumes {
            cell.outputs = Array(earlier.outputs.prefix(max(0, start.keeping)))
            cell.checkpoint = earlier.checkpoint
        }
        cell.earlierSteps = earlier.steps
        note(.run, earlier, [.replace(index, earlier)])
        cells[index] = cell
    }

    private mutating func edit(_ id: String, _ source: String) {
        guard let index = places[id] else { return }
        note(.edit, cells[index], [.replace(index, cells[index])])
        cells[index].source = source
        // The text that was run, restored: what the cell shows is its own again.
        cells[index].state = cells[index].isEdited ? .new : cells[index].ended ?? .new
    }

    private mutating func delete(_ id: String) {
        guard let index = places[id] else { return }
        note(.delete, cells[index], [.insert(index, cells[index])])
        cells.remove(at: index)
        formerIDs.insert(id)
        findPlaces()
    }

    private mutating func move(_ id: String, before target: String?) {
        guard let index = places[id], target != id else { return }
        let cell = cells.remove(at: index)
        findPlaces()
        let place = target.map { places[$0] ?? cells.count } ?? cells.count
        note(.move, cell, [.remove(place), .insert(index, cell)])
        cells.insert(cell, at: place)
        findPlaces()
    }

    private mutating func note(_ kind: Change.Kind, _ cell: Cell, _ way: [Step]) {
        undoable.append(
            Change(kind: kind, number: cell.number, source: cell.source, way: way))
        redoable = []
    }

    /// Goes the way of the last change of one stack and lays the way back on the other.
    private mutating func travel(
        from source: WritableKeyPath<CellList, [Change]>,
        to target: WritableKeyPath<CellList, [Change]>
    ) {
        guard var change = self[keyPath: source].popLast() else { return }
        change.way = change.way.map { take($0) }.reversed()
        findPlaces()
        self[keyPath: target].append(change)
    }

    private mutating func take(_ step: Step) -> Step {
        switch step {
        case .replace(let index, let cell):
            let former = cells[index]
            cells[index] = cell
            return .replace(index, former)
        case .remove(let index):
            formerIDs.insert(cells[index].id)
            return .insert(index, cells.remove(at: index))
        case .insert(let index, let cell):
            cells.insert(cell, at: index)
            return .remove(index)
        }
    }

    private mutating func findPlaces() {
        places = [:]
        for (index, cell) in cells.enumerated() { places[cell.id] = index }
    }

    private mutating func update(_ id: String, _ change: (inout Cell) -> Void) {
        guard let index = places[id] else { return }
        change(&cells[index])
    }

    private mutating func markStale() {
        let stale = Set(Staleness.findings(in: cells).map(\.cell))
        for index in cells.indices where cells[index].state == .ok || cells[index].state == .stale {
            cells[index].state = stale.contains(index) ? .stale : .ok
        }
    }
}

extension Cell {
    fileprivate mutating func end(_ result: CellResult) {
        state = result.state
        ended = result.state
        seconds = result.seconds
        reads = result.reads
        writes = result.writes
        metrics = result.metrics
        error = result.error
        details = result.details
        if state == .ok { checkpoint = nil }
    }
}
