/// The cells of a session, made by applying the records of its journal in order.
struct CellList: Equatable, Sendable {
    /// The cells, in the order of their first execution.
    private(set) var cells: [Cell] = []

    /// The number that the next new cell gets.
    var nextNumber: Int { (cells.map(\.number).max() ?? 0) + 1 }

    subscript(id: String) -> Cell? { cells.first { $0.id == id } }

    /// Rebuilds the cells from a journal. A cell that was begun and not ended is interrupted.
    init(_ records: [JournalRecord] = []) {
        for record in records {
            guard let change = CellRecord(record) else { continue }
            apply(change, time: record.time)
        }
        for index in cells.indices where cells[index].state == .running {
            cells[index].state = .interrupted
        }
    }

    /// Applies one record; a record about an unknown cell changes nothing.
    mutating func apply(_ change: CellRecord, time: String) {
        switch change {
        case .begin(let id, let start):
            begin(id, start, time)
        case .output(let id, let output):
            update(id) { $0.outputs.append(output) }
        case .end(let id, let result):
            update(id) { $0.end(result) }
        case .checkpoint(let id, let checkpoint):
            update(id) { $0.checkpoint = checkpoint }
        case .edit(let id, let source):
            update(id) {
                $0.source = source
                $0.state = .new
            }
        case .stale(let ids):
            for id in ids {
                update(id) { if $0.state == .ok { $0.state = .stale } }
            }
        }
    }

    private mutating func begin(_ id: String, _ start: CellStart, _ time: String) {
        var cell = Cell(id: id, number: start.number, name: start.name, source: start.source)
        cell.state = .running
        cell.began = time
        if start.resumes, let earlier = self[id] {
            cell.outputs = Array(earlier.outputs.prefix(max(0, start.keeping)))
            cell.checkpoint = earlier.checkpoint
        }
        if let index = cells.firstIndex(where: { $0.id == id }) {
            cells[index] = cell
        } else {
            cells.append(cell)
        }
    }

    private mutating func update(_ id: String, _ change: (inout Cell) -> Void) {
        guard let index = cells.firstIndex(where: { $0.id == id }) else { return }
        change(&cells[index])
    }
}

extension Cell {
    fileprivate mutating func end(_ result: CellResult) {
        state = result.state
        seconds = result.seconds
        reads = result.reads
        writes = result.writes
        metrics = result.metrics
        error = result.error
        details = result.details
        if state == .ok { checkpoint = nil }
        outputDigest = CellOutput.digest(of: outputs)
    }
}
