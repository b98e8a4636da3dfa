import OrderedJSON

/// What a journal file holds: its good records, and where and how it is damaged.
struct JournalContents: Equatable, Sendable {
    /// The records before the damage, or all of them.
    var records: [JournalRecord] = []
    /// How many bytes of the file the good records take.
    var goodLength = 0
    /// The check of the last good record.
    var lastCRC = JournalRecord.firstPrevious
    /// Whether the last good record lacks its newline.
    var needsNewline = false
    /// The damage, or nil for a sound journal.
    var damage: JournalDamage?
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
    init(_ bytes: [UInt8], acceptsNewer: Bool = false) {
        var start = 0
        var line = 1
        while start < bytes.count {
            let newline = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            let next = newline.map { $0 + 1 } ?? bytes.count
            var content = bytes[start..<(newline ?? bytes.count)]
            // A copy that went through a version control system on another machine.
            if content.last == UInt8(ascii: "\r") { content.removeLast() }
            switch JournalRecord.read(
                content, sequence: records.count + 1, previous: lastCRC, acceptsNewer: acceptsNewer)
            {
            case .success(let (record, crc)):
                records.append(record)
                lastCRC = crc
                goodLength = next
                needsNewline = newline == nil
            case .failure(let problem):
                damage = JournalDamage(
                    line: line, byteCount: bytes.count - start,
                    isTail: problem.isTearing && !Self.hasDurableRecord(in: bytes[next...]),
                    problem: problem)
                return
            }
            start = next
            line += 1
        }
    }

    /// Whether an intact record that was synced when it was written has something behind it.
    private static func hasDurableRecord(in bytes: ArraySlice<UInt8>) -> Bool {
        var lines = bytes.split(separator: UInt8(ascii: "\n"))
        lines.removeLast(min(1, lines.count))
        return lines.contains { JournalRecord.isIntact($0, ofTypes: JournalRecord.durableTypes) }
    }
}
