import OrderedJSON

/// What the journal says about cells, as values.
enum CellRecord: Equatable, Sendable {
    case begin(cell: String, CellStart)
    case output(cell: String, CellOutput)
    case end(cell: String, CellResult)
    /// The running cell can go on from here after an interruption: whatever its commands need for
    /// it.
    case checkpoint(cell: String, JSONObject)
    /// The text of a cell was changed without running it.
    case edit(cell: String, source: String)
    /// Cells whose inputs have changed, as older versions wrote it down. Now it follows from the
    /// digests alone (`Staleness`), so no crash can lose it.
    case stale(cells: [String])
    /// A cell was taken off the list; what it made stays in the store.
    case delete(cell: String)
    /// A cell was put before another one; nil puts it at the end.
    case move(cell: String, before: String?)
    /// The list is as it was before its last change.
    case undo
    /// The change that was undone last is made again.
    case redo
}

/// How a cell starts, for the first time or again.
struct CellStart: Equatable, Sendable {
    var number: Int
    var name: String?
    var source: String
    /// Whether the run goes on from the checkpoint of an interrupted one; otherwise the checkpoint
    /// and the outputs of the run before are forgotten.
    var resumes = false
    /// How many of the outputs of the interrupted run stay, from the first.
    var keeping = 0
}

/// How the run of a cell ended.
struct CellResult: Equatable, Sendable {
    /// `.ok`, `.failed` or `.interrupted`.
    var state: CellState
    var seconds: Double
    var reads: SlotDigests = [:]
    var writes: SlotDigests = [:]
    var metrics: Digest?
    var error: String?
    var details = JSONObject()

    init(
        state: CellState, seconds: Double, reads: SlotDigests = [:], writes: SlotDigests = [:],
        metrics: Digest? = nil, error: String? = nil, details: JSONObject = JSONObject()
    ) {
        self.state = state
        self.seconds = seconds
        self.reads = reads
        self.writes = writes
        self.metrics = metrics
        self.error = error
        self.details = details
    }
}

extension CellRecord {
    /// The record's type in the journal.
    var type: String {
        switch self {
        case .begin: "cell.begin"
        case .output: "cell.output"
        case .end: "cell.end"
        case .checkpoint: "cell.checkpoint"
        case .edit: "cell.edit"
        case .stale: "mark.stale"
        case .delete: "cell.delete"
        case .move: "cell.move"
        case .undo: "undo"
        case .redo: "redo"
        }
    }

    /// The record's keys in the journal. `outputs` is the digest of the reproducible outputs, which
    /// the notebook adds to an end.
    func fields(outputs: Digest? = nil) -> JSONObject {
        var fields = JSONObject()
        switch self {
        case .begin(let cell, let start):
            fields["cell"] = .string(cell)
            fields["n"] = .integer(start.number)
            fields["name"] = start.name.map { .string($0) }
            fields["source"] = .string(start.source)
            if start.resumes {
                fields["resumes"] = true
                fields["keep"] = .integer(start.keeping)
            }
        case .output(let cell, let output):
            fields["cell"] = .string(cell)
            fields["output"] = output.json
        case .end(let cell, let result):
            fields["cell"] = .string(cell)
            fields["status"] = .string(result.state.rawValue)
            fields["seconds"] = .number(result.seconds)
            fields["reads"] = result.reads.json
            fields["writes"] = result.writes.json
            fields["metrics"] = result.metrics.map { .string($0.description) }
            fields["outputs"] = outputs.map { .string($0.description) }
            fields["error"] = result.error.map { .string($0) }
            if !result.details.isEmpty { fields["details"] = .object(result.details) }
        case .checkpoint(let cell, let checkpoint):
            fields["cell"] = .string(cell)
            fields["checkpoint"] = .object(checkpoint)
        case .edit(let cell, let source):
            fields["cell"] = .string(cell)
            fields["source"] = .string(source)
        case .stale(let cells):
            fields["cells"] = .array(cells.map { .string($0) })
        case .delete(let cell):
            fields["cell"] = .string(cell)
        case .move(let cell, let before):
            fields["cell"] = .string(cell)
            fields["before"] = before.map { .string($0) }
        case .undo, .redo: break
        }
        return fields
    }

    /// Reads a journal record; nil when it is of another type or lacks what the type needs.
    init?(_ record: JournalRecord) {
        let fields = record.fields
        guard let cell = fields["cell"]?.stringValue else {
            switch record.type {
            case "undo": self = .undo
            case "redo": self = .redo
            case "mark.stale":
                guard let cells = fields["cells"]?.arrayValue else { return nil }
                self = .stale(cells: cells.compactMap(\.stringValue))
            default: return nil
            }
            return
        }
        let source = fields["source"]?.stringValue
        switch record.type {
        case "cell.begin":
            guard let source, let number = fields["n"]?.intValue else { return nil }
            let start = CellStart(
                number: number, name: fields["name"]?.stringValue, source: source,
                resumes: fields["resumes"]?.boolValue ?? false,
                keeping: fields["keep"]?.intValue ?? 0)
            self = .begin(cell: cell, start)
        case "cell.output":
            guard let output = fields["output"] else { return nil }
            self = .output(cell: cell, CellOutput(json: output))
        case "cell.end":
            guard let result = CellResult(fields) else { return nil }
            self = .end(cell: cell, result)
        case "cell.checkpoint":
            guard let checkpoint = fields["checkpoint"]?.objectValue else { return nil }
            self = .checkpoint(cell: cell, checkpoint)
        case "cell.edit":
            guard let source else { return nil }
            self = .edit(cell: cell, source: source)
        case "cell.delete": self = .delete(cell: cell)
        case "cell.move": self = .move(cell: cell, before: fields["before"]?.stringValue)
        default: return nil
        }
    }
}

extension CellResult {
    fileprivate init?(_ fields: JSONObject) {
        guard let state = fields["status"]?.stringValue.flatMap(CellState.init(rawValue:)),
            let reads = SlotDigests(json: fields["reads"] ?? [:]),
            let writes = SlotDigests(json: fields["writes"] ?? [:])
        else { return nil }
        self.init(
            state: state, seconds: fields["seconds"]?.doubleValue ?? 0, reads: reads,
            writes: writes, metrics: fields["metrics"]?.stringValue.flatMap(Digest.init(_:)),
            error: fields["error"]?.stringValue,
            details: fields["details"]?.objectValue ?? JSONObject())
    }
}
