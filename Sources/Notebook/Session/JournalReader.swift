import Autograd
import OrderedJSON

/// What a journal file holds: its good records, and where and how it is damaged.
struct JournalContents: Equatable, Sendable {
    /// The records before the damage, or all of them; empty where only changes are asked for.
    var records: [JournalRecord] = []
    /// How many records there are.
    var count = 0
    /// What they say about cells, with the times of the records.
    var changes: [CellChange] = []
    /// How many bytes of the file the good records take.
    var goodLength = 0
    /// The check of the last good record.
    var lastCRC = JournalRecord.firstPrevious
    /// Whether the last good record lacks its newline.
    var needsNewline = false
    /// The damage, or nil for a sound journal.
    var damage: JournalDamage?
}

/// A change of the cells, and when it was written down.
struct CellChange: Equatable, Sendable {
    var record: CellRecord
    var time: String
}

/// The first bad line of a journal.
struct JournalDamage: Equatable, Sendable {
    /// The line, starting at 1.
    var line: Int
    /// How many bytes follow the last good record.
    var byteCount: Int
    /// Whether a crash can have left it: a line that was torn while it was written, or lines of
    /// which a loss of power kept only parts.
    ///
    /// What a cell's end is written with is on the device before the next record is written. So
    /// where such a record stands intact behind the bad line, with more behind it, the line was
    /// sound once and something else has damaged it.
    var isTail: Bool
    var problem: JournalProblem
}

/// A torn last line that was taken off a journal when it was opened.
struct JournalRecovery: Equatable, Sendable {
    /// How many bytes were taken off.
    var byteCount: Int
    /// The file that holds them now.
    var savedTo: String
}

extension JournalContents {
    /// Reads the bytes of a journal; never fails, whatever they are.
    ///
    /// The number of a line says which record is to stand in it, and the line before ends with the
    /// check that it has to follow. So lines are read apart, in parts over all cores, and the first
    /// bad one is the same as if they were read in turn.
    ///
    /// - Parameter keepsRecords: Long journals open quicker without the records themselves.
    init(_ bytes: [UInt8], acceptsNewer: Bool = false, keepsRecords: Bool = true) {
        let lines = Self.lines(of: bytes)
        let partSize = 1_024
        let partCount = (lines.count + partSize - 1) / partSize
        let parts = ParallelPlan(threads: Posix.processorCount).map(partCount) { part in
            Self.part(
                part * partSize..<min(lines.count, (part + 1) * partSize), of: lines, bytes,
                acceptsNewer: acceptsNewer, keepsRecords: keepsRecords)
        }
        records.reserveCapacity(keepsRecords ? lines.count : 0)
        changes.reserveCapacity(lines.count)
        var problem: JournalProblem?
        for part in parts where problem == nil {
            count += part.count
            records += part.records
            changes += part.changes
            problem = part.problem
        }
        if count > 0 {
            goodLength = lines[count - 1].next
            lastCRC = JournalRecord.check(endOf: bytes[lines[count - 1].content])
            needsNewline = goodLength == bytes.count && bytes.last != UInt8(ascii: "\n")
        }
        if let problem {
            let rest = bytes[lines[count].next...]
            damage = JournalDamage(
                line: count + 1, byteCount: bytes.count - goodLength,
                isTail: problem.isTearing && !Self.hasDurableRecord(in: rest), problem: problem)
        }
    }

    /// What some lines hold, up to the first bad one.
    private struct Part: Sendable {
        var count = 0
        var records: [JournalRecord] = []
        var changes: [CellChange] = []
        var problem: JournalProblem?
    }

    private static func part(
        _ range: Range<Int>, of lines: [(content: Range<Int>, next: Int)], _ bytes: [UInt8],
        acceptsNewer: Bool, keepsRecords: Bool
    ) -> Part {
        var part = Part()
        part.changes.reserveCapacity(range.count)
        for index in range {
            let previous =
                index == 0
                ? JournalRecord.firstPrevious
                : JournalRecord.check(endOf: bytes[lines[index - 1].content])
            switch JournalRecord.read(
                bytes[lines[index].content], sequence: index + 1, previous: previous,
                acceptsNewer: acceptsNewer)
            {
            case .success(let record):
                part.count += 1
                if let change = CellRecord(record) {
                    part.changes.append(CellChange(record: change, time: record.time))
                }
                if keepsRecords { part.records.append(record) }
            case .failure(let problem):
                part.problem = problem
                return part
            }
        }
        return part
    }

    /// Where the lines are, without their ends, and where the next ones start.
    private static func lines(of bytes: [UInt8]) -> [(content: Range<Int>, next: Int)] {
        var lines: [(content: Range<Int>, next: Int)] = []
        var start = 0
        while start < bytes.count {
            let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            var end = newline ?? bytes.count
            // A copy that went through a version control system on another machine.
            if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
            let next = newline.map { $0 + 1 } ?? bytes.count
            lines.append((start..<end, next))
            start = next
        }
        return lines
    }

    /// Whether an intact record that was synced when it was written has something behind it.
    private static func hasDurableRecord(in bytes: ArraySlice<UInt8>) -> Bool {
        var lines = bytes.split(separator: UInt8(ascii: "\n"))
        lines.removeLast(min(1, lines.count))
        return lines.contains { JournalRecord.isIntact($0, ofTypes: JournalRecord.durableTypes) }
    }
}
