import OrderedJSON

/// What has become of a cell.
enum CellState: String, Equatable, Sendable {
    /// Never run, or edited since.
    case new
    case running
    case ok
    case failed
    /// Begun and not ended: stopped by the user, or the program ended under it.
    case interrupted
    /// Finished, but something that it read has changed since.
    case stale
}

/// A numbered cell of a session: what was asked, what came of it, and from what.
struct Cell: Equatable, Sendable {
    /// Stays the same for ever: the tutorial's name for the cell, or `c-7`.
    let id: String
    /// The number shown, in the order of first execution.
    var number: Int
    /// The tutorial's name for the cell.
    var name: String?
    var source: String
    var state: CellState = .new
    var outputs: [CellOutput] = []
    /// When it was begun last; information only.
    var began: String?
    var seconds: Double?
    /// What it found in the slots it read.
    var reads: SlotDigests = [:]
    /// What it left in the slots it wrote.
    var writes: SlotDigests = [:]
    /// The digest of its metric series, timings left out.
    var metrics: Digest?
    /// Why it failed, in one sentence.
    var error: String?
    /// Where an interrupted run can go on from; nil once the cell has finished.
    var checkpoint: JSONObject?
    /// The text that was run last; nil before the first run. Another text in `source` is an edit.
    var ran: String?
    /// How the last run ended.
    var ended: CellState?
    /// What the run before the last one recorded about its steps.
    var earlierSteps: [StepRecord] = []
    /// Whatever else the commands record about the run: resolved options, step keys, checkpoints.
    var details = JSONObject()

    init(id: String, number: Int, name: String? = nil, source: String) {
        self.id = id
        self.number = number
        self.name = name
        self.source = source
    }

    /// Whether the text was changed since the cell was run.
    var isEdited: Bool { ran != nil && ran != source }

    /// The digest of its reproducible outputs, once it has ended.
    var outputDigest: Digest? { ended == nil ? nil : CellOutput.digest(of: outputs) }

    /// The state in a word: an edited cell is `new` in journals and `edited` on screens.
    var stateWord: String { isEdited ? "edited" : state.rawValue }
}

/// What a replay compares: everything about a cell that two identical runs share.
///
/// Seconds, dates, rates, machine paths and `details` are not here.
struct ComparableCell: Equatable, Sendable {
    var source: String
    var state: CellState
    var writes: SlotDigests
    var metrics: Digest?
    /// The stable JSON texts of the reproducible outputs.
    var outputs: [String]

    /// One respect in which two runs of a cell differ.
    enum Difference: Equatable, Sendable {
        case source
        case status(CellState, CellState)
        case slot(String, Digest?, Digest?)
        case metrics(Digest?, Digest?)
        /// The place of the first output that differs, starting at 0.
        case output(Int)
    }

    /// How `other` differs from this record, in a fixed order; empty when they are identical.
    func differences(from other: ComparableCell) -> [Difference] {
        var differences: [Difference] = []
        if source != other.source { differences.append(.source) }
        if state != other.state { differences.append(.status(state, other.state)) }
        let slots = writes.slots + other.writes.slots.filter { writes[$0] == nil }
        for slot in slots where writes[slot] != other.writes[slot] {
            differences.append(.slot(slot, writes[slot], other.writes[slot]))
        }
        if metrics != other.metrics { differences.append(.metrics(metrics, other.metrics)) }
        if outputs != other.outputs {
            let same = zip(outputs, other.outputs).prefix { $0 == $1 }
            differences.append(.output(same.reduce(0) { count, _ in count + 1 }))
        }
        return differences
    }
}

extension Cell {
    /// What a replay compares. A stale cell counts as the finished cell that it was.
    var comparable: ComparableCell {
        ComparableCell(
            source: source, state: state == .stale ? .ok : state, writes: writes, metrics: metrics,
            outputs: outputs.filter(\.isReproducible).map(\.json.text))
    }
}
