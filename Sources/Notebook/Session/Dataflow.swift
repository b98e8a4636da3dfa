/// Which cells depend on which, from the slots they read and wrote.
///
/// A read of a slot belongs to the nearest cell above that wrote it. Nothing is run here: the
/// answer says what is stale, and people decide what to run again.
enum Dataflow {
    /// What one cell reads and writes.
    struct Cell: Equatable, Sendable {
        var reads: [String]
        var writes: [String]
    }

    /// A cell that no longer shows what it would show, and why.
    struct Stale: Equatable, Sendable {
        /// The place of the cell.
        var cell: Int
        /// The first of its slots whose content has changed, or will.
        var slot: String
        /// The place of the cell above that writes that slot.
        var writer: Int
    }

    /// The cells that depend on cell `edited`, directly or through others, when its text changes:
    /// all that it writes is in doubt.
    static func stale(afterEditing edited: Int, in cells: [Cell]) -> [Stale] {
        stale(afterChanging: cells[edited].writes, by: edited, in: cells)
    }

    /// The cells that depend on what cell `writer` has just changed. Slots whose digest stayed the
    /// same are not named in `slots`, so a rerun with the same result makes nothing stale.
    static func stale(
        afterChanging slots: [String], by writer: Int, in cells: [Cell]
    ) -> [Stale] {
        var doubtful = slots.map { (slot: $0, writer: writer) }
        var stale: [Stale] = []
        for index in cells.indices where index > writer {
            let cell = cells[index]
            let cause = cell.reads.lazy.compactMap { read in doubtful.first { $0.slot == read } }
                .first
            doubtful.removeAll { cell.writes.contains($0.slot) }
            guard let cause else { continue }
            stale.append(Stale(cell: index, slot: cause.slot, writer: cause.writer))
            doubtful += cell.writes.map { ($0, index) }
        }
        return stale
    }

    /// The cell above `reader` that wrote what it reads in `slot`; nil when none did.
    static func writer(of slot: String, readBy reader: Int, in cells: [Cell]) -> Int? {
        cells[..<reader].lastIndex { $0.writes.contains(slot) }
    }
}
