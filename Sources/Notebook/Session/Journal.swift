import Glibc
import OrderedJSON

/// The append-only record of a session: its single source of truth.
///
/// A record is one `write` to a file opened for appending, and is on the device (`fsync`) before
/// `append` returns when it ends a cell; in between about once a second.
final class Journal {
    let path: String
    private var file: AppendOnlyFile
    private var recordCount: Int
    private var lastCRC: String
    private var lastSynchronized: Double

    /// How soon a record must be on the device.
    enum Durability {
        /// Before `append` returns.
        case now
        /// Within about a second of further records, or at the end of the cell.
        case soon
    }

    /// Goes on after the records of `contents` in a file opened for appending.
    init(file: consuming PosixFile, following contents: JournalContents) {
        path = file.path
        self.file = AppendOnlyFile(file, length: contents.goodLength)
        recordCount = contents.count
        lastCRC = contents.lastCRC
        lastSynchronized = Posix.monotonicSeconds()
    }

    /// The type of the record that every new journal begins with, so that an emptied journal can be
    /// told from a new one, and the key of `session.json` that says so.
    static let firstRecordType = "session.create"
    static let firstRecordKey = "first_record"

    /// Creates a journal, with a first record that names the session; it is durable when this
    /// returns.
    ///
    /// - Throws: `SessionError.unwritable`, `.outOfSpace`, `.alreadyExists`.
    static func create(
        at path: String, identifier: String? = nil
    ) throws(SessionError) -> Journal {
        let journal: Journal
        do {
            journal = Journal(
                file: try PosixFile(path, .creatingForAppending), following: JournalContents())
        } catch {
            if error.operation == "open", error.code == EEXIST { throw .alreadyExists(path: path) }
            throw .writing(error)
        }
        if let identifier {
            let fields = JSONObject([("id", .string(identifier))])
            try journal.append(firstRecordType, fields, durability: .now)
        }
        do {
            try Posix.synchronizeFolder(Files.parent(of: path))
        } catch {
            throw .writing(error)
        }
        return journal
    }

    /// Reads a journal without changing it; with records of newer formats where they are accepted.
    ///
    /// - Throws: `SessionError.unreadable`.
    static func read(
        at path: String, acceptsNewer: Bool = false, keepsRecords: Bool = true
    ) throws(SessionError) -> JournalContents {
        do {
            return JournalContents(
                try Files.read(path), acceptsNewer: acceptsNewer, keepsRecords: keepsRecords)
        } catch {
            throw .reading(error)
        }
    }

    /// Opens a journal that was just read for appending. A torn last line is moved to `journal.jsonl.corrupt-<time>`
    /// and cut off; the bytes are kept, and the recovery is answered so that it can be said.
    ///
    /// - Throws: `SessionError.damagedJournal` when a line before the last is damaged (nothing is
    ///   changed then), `.newerFormat`, `.unreadable`, `.unwritable`, `.outOfSpace`.
    static func open(
        at path: String, _ contents: JournalContents
    ) throws(SessionError) -> (journal: Journal, contents: JournalContents, JournalRecovery?) {
        try refuse(contents, at: path)
        do {
            let file = try PosixFile(path, .appending)
            let recovery = try recover(file, contents)
            var sound = contents
            sound.damage = nil
            sound.needsNewline = false
            sound.goodLength = try file.size()
            return (Journal(file: file, following: sound), sound, recovery)
        } catch {
            throw .writing(error)
        }
    }

    /// Throws unless the journal is sound or only its last line is torn.
    static func refuse(_ contents: JournalContents, at path: String) throws(SessionError) {
        guard let damage = contents.damage else { return }
        if case .newer(let version) = damage.problem {
            throw .newerFormat(path: path, found: version, supported: JournalRecord.version)
        }
        guard !damage.isTail else { return }
        throw .damagedJournal(
            path: path, line: damage.line, problem: damage.problem.words,
            records: contents.count)
    }

    private static func recover(
        _ file: borrowing PosixFile, _ contents: JournalContents
    ) throws(PosixError) -> JournalRecovery? {
        if contents.needsNewline { try file.write([UInt8(ascii: "\n")]) }
        guard let damage = contents.damage else { return nil }
        let torn = try file.read(at: contents.goodLength, count: damage.byteCount)
        let saved = try unusedName("\(file.path).corrupt-\(Timestamp.fileName(Timestamp.now()))")
        try Files.replace(saved, with: torn)
        try file.truncate(to: contents.goodLength)
        try file.synchronize()
        return JournalRecovery(byteCount: damage.byteCount, savedTo: saved)
    }

    private static func unusedName(_ path: String) throws(PosixError) -> String {
        var candidate = path
        var number = 2
        while try Posix.kind(of: candidate) != nil {
            candidate = "\(path)-\(number)"
            number += 1
        }
        return candidate
    }

    /// Appends one record.
    ///
    /// - Throws: `SessionError.outOfSpace` or `.unwritable`; the record is not in the journal then,
    ///   and the same call may be made again later.
    func append(
        _ type: String, _ fields: JSONObject, durability: Durability = .soon
    ) throws(SessionError) {
        let record = JournalRecord(
            sequence: recordCount + 1, time: Timestamp.now(), type: type, fields: fields)
        let line = record.line(previous: lastCRC)
        let now = Posix.monotonicSeconds()
        let isDurable = durability == .now || now - lastSynchronized >= 1
        do {
            try file.append(line.bytes, isDurable: isDurable)
        } catch {
            throw .writing(error)
        }
        if isDurable { lastSynchronized = now }
        recordCount += 1
        lastCRC = line.crc
    }

    /// Puts everything appended so far on the device.
    func synchronize() throws(SessionError) {
        do {
            try file.synchronize()
        } catch {
            throw .writing(error)
        }
        lastSynchronized = Posix.monotonicSeconds()
    }
}
