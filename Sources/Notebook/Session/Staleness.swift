import OrderedJSON

/// Which cells no longer show what they would show, and why: a function of the list alone.
///
/// A cell read certain digests. If a read would find another digest now, or the cell above that
/// wrote it is itself in doubt, the cell is stale. So an edit, a deletion, a move or a rerun marks
/// everything downstream at once, and a rerun whose results come out the same marks nothing.
enum Staleness {
    /// Why a cell is in doubt.
    enum Cause: Equatable, Sendable {
        /// Its text was changed since it was run.
        case edited
        /// A slot holds something else than what was read; nil is an empty slot. `writer` is the
        /// place of the cell above that fills it now.
        case changed(slot: String, had: Digest?, has: Digest?, writer: Int?)
        /// The slot is as it was read, but the cell that wrote it is in doubt.
        case inDoubt(slot: String, writer: Int)
    }

    /// A cell in doubt, by its place, with all causes in the order of its reads.
    struct Finding: Equatable, Sendable {
        var cell: Int
        var causes: [Cause]
    }

    /// All cells in doubt, from the top: those edited, and those that depend on a change.
    static func findings(in cells: [Cell]) -> [Finding] {
        var slots: [String: (digest: Digest, writer: Int)] = [:]
        var doubtful: Set<Int> = []
        var findings: [Finding] = []
        for (place, cell) in cells.enumerated() {
            if cell.ended != nil {
                let causes = causes(of: cell, slots, doubtful)
                if !causes.isEmpty {
                    findings.append(Finding(cell: place, causes: causes))
                    doubtful.insert(place)
                }
            }
            for (slot, digest) in cell.results { slots[slot] = (digest, place) }
        }
        return findings
    }

    private static func causes(
        of cell: Cell, _ slots: [String: (digest: Digest, writer: Int)], _ doubtful: Set<Int>
    ) -> [Cause] {
        var causes: [Cause] = cell.isEdited ? [.edited] : []
        for (slot, had) in cell.externalReads {
            let now = slots[slot]
            if now?.digest != had {
                causes.append(
                    .changed(slot: slot, had: had, has: now?.digest, writer: now?.writer))
            } else if let writer = now?.writer, doubtful.contains(writer) {
                causes.append(.inDoubt(slot: slot, writer: writer))
            }
        }
        return causes
    }
}

extension Cell {
    /// What it found in slots that cells above had filled, or might have; nil where it found
    /// nothing. Files are not here.
    var externalReads: [(slot: String, digest: Digest?)] {
        if reads.isEmpty, details["absent"] == nil { return [] }
        // Older records also name what the cell had written itself.
        let isExact = details["steps"]?.arrayValue != nil
        let found = reads.pairs.filter { slot, digest in
            !slot.hasPrefix("file:") && (isExact || writes[slot] != digest)
        }
        let absent = details["absent"]?.arrayValue ?? []
        return found.map { ($0.slot, $0.digest) }
            + absent.compactMap(\.stringValue).map { ($0, nil) }
    }

    /// What it left for the cells below: slots, and metric series as `run:` and the run's id.
    var results: [(slot: String, digest: Digest)] {
        writes.pairs
            + runs.compactMap { run in run.metrics.map { ("run:" + run.id, $0) } }
    }
}
