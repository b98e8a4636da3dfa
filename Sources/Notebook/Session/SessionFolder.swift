import OrderedJSON

/// A session on disk: a folder that people can read, version control can compare, and no crash
/// leaves half-written.
///
///     session.json    who it is, and the settings that results depend on (replaced in one step)
///     journal.jsonl   everything that happened, append-only: the single source of truth
///     metrics/        one JSON-lines file a training run
///     artifacts/      immutable bytes by their SHA-256
///     checkpoints/    what an interrupted run goes on from
///     outputs/        outputs that are too long to show
///     LOCK            held while the session is open for writing
final class SessionFolder {
    /// Whether a session is opened to go on with it or to look at it.
    enum Access { case writing, reading }

    let path: String
    private(set) var info: SessionInfo
    /// The immutable bytes of the session.
    let artifacts: ArtifactStore
    /// What was done about a torn last line when the session was opened; to be told.
    let recovery: JournalRecovery?
    /// Damage of the journal, only in a session opened for reading: later cells are not shown.
    let damage: JournalDamage?
    private var lock: SessionLock?
    private var isClosed = false
    private let writer: JournalWriter?
    private var list: CellList

    /// The cells in the order of their first execution.
    var cells: [Cell] { list.cells }
    var isReadOnly: Bool { writer == nil || isClosed }
    /// Why records are held in memory at present, or nil while everything is on disk.
    var savingProblem: SessionError? { writer?.problem }
    /// How many records are held in memory because of `savingProblem`.
    var unsavedRecordCount: Int { writer?.waitingCount ?? 0 }

    private init(_ parts: consuming Parts) {
        path = parts.path
        info = parts.info
        artifacts = ArtifactStore(path: Files.join(parts.path, "artifacts"))
        recovery = parts.recovery
        damage = parts.contents.damage
        writer = parts.journal.map { JournalWriter($0) }
        list = CellList(parts.contents)
        lock = parts.lock
    }

    private struct Parts: ~Copyable {
        var path: String
        var info: SessionInfo
        var contents = JournalContents()
        var recovery: JournalRecovery?
        var journal: Journal?
        var lock: SessionLock?
    }

    /// Makes a new session; the folders above it are made when missing.
    ///
    /// - Throws: `SessionError.alreadyExists` when the folder holds anything but the beginnings of
    ///   a session that was never finished, `.locked`, `.unwritable`, `.outOfSpace`.
    static func create(at path: String, _ info: SessionInfo) throws(SessionError) -> SessionFolder {
        try makeFolders([path])
        let lock = try SessionLock(at: Files.join(path, "LOCK"), session: path)
        try requireUnused(path)
        // Their names become durable together with that of the journal.
        do {
            for name in ["metrics", "artifacts", "checkpoints"] {
                try Posix.makeFolder(Files.join(path, name), permissions: 0o755)
            }
        } catch {
            throw .writing(error)
        }
        let journalPath = Files.join(path, "journal.jsonl")
        do {
            if try Posix.kind(of: journalPath) != nil { try Posix.remove(journalPath) }
        } catch {
            throw .writing(error)
        }
        let journal = try Journal.create(at: journalPath, identifier: info.id)
        var info = info
        info.otherKeys[Journal.firstRecordKey] = .string(Journal.firstRecordType)
        try write(info, to: path)
        return SessionFolder(Parts(path: path, info: info, journal: journal, lock: lock))
    }

    /// Opens a session: takes the lock, recovers a torn end, rebuilds the cells from the journal.
    /// Nothing is written before the first record.
    ///
    /// - Throws: `SessionError.noFolder`, `.notASession`, `.locked`, `.newerFormat`, `.malformed`,
    ///   `.damagedJournal` (for writing only), `.unreadable`, `.unwritable`, `.outOfSpace`.
    static func open(
        at path: String, for access: Access = .writing
    ) throws(SessionError) -> SessionFolder {
        let infoPath = Files.join(path, "session.json")
        let journalPath = Files.join(path, "journal.jsonl")
        try requireSession(path)
        let info = try SessionInfo(
            readFile(infoPath), path: infoPath, acceptsNewer: access == .reading)
        var parts = Parts(path: path, info: info)
        switch access {
        case .reading:
            parts.contents = try Journal.read(
                at: journalPath, acceptsNewer: true, keepsRecords: false)
            try requireJournal(parts.contents, info, path, access)
        case .writing:
            parts.lock = try SessionLock(at: Files.join(path, "LOCK"), session: path)
            // Another process may have renamed the session before the lock was taken.
            parts.info = try SessionInfo(readFile(infoPath), path: infoPath)
            let found = try Journal.read(at: journalPath, keepsRecords: false)
            try requireJournal(found, parts.info, path, access)
            let (journal, contents, recovery) = try Journal.open(at: journalPath, found)
            try requireArtifacts(contents, path)
            parts.journal = journal
            parts.contents = contents
            parts.recovery = recovery
        }
        return SessionFolder(parts)
    }

    /// The file with the metrics of a run: the cell's id, or `c-7.2` for its second run.
    ///
    /// A rerun writes a file of its own, so that `:undo` finds the figures of the run before.
    func metricsPath(of run: String) -> String {
        let cell = list[run] ?? run.lastIndex(of: ".").flatMap { list[String(run[..<$0])] }
        return metricsPath(of: run, in: cell)
    }

    /// The file with the metrics of a run as a cell has recorded it.
    func metricsPath(of run: String, in cell: Cell?) -> String {
        let file = cell?.runs.first { $0.id == run }?.file ?? "\(run).jsonl"
        return Files.join(path, "metrics/\(file)")
    }

    /// A name in `metrics/` for a run that starts from nothing.
    func newMetricsFile(of run: String) -> String {
        var file = "\(run).jsonl"
        var count = 2
        while ((try? Posix.kind(of: Files.join(path, "metrics/\(file)"))) ?? nil) != nil {
            file = "\(run)@\(count).jsonl"
            count += 1
        }
        return file
    }

    /// The folder for the checkpoints of a run.
    func checkpointPath(of run: String) -> String { Files.join(path, "checkpoints/\(run)") }

    /// The file for the output of a cell that is too long to show.
    func longOutputPath(of cell: String) -> String { Files.join(path, "outputs/\(cell).txt") }

    /// Removes what a cell that has come to its end would have gone on from.
    func removeCheckpoints(of cell: String) {
        let folder = Files.join(path, "checkpoints")
        for name in (try? Posix.names(in: folder)) ?? []
        where name.hasPrefix(cell + ".") {
            try? Posix.remove(Files.join(folder, name))
        }
    }

    /// The cell with this id.
    func cell(_ id: String) -> Cell? { list[id] }

    /// The number that the next new cell gets.
    var nextNumber: Int { list.nextNumber }

    /// An id for a new cell that no tutorial named; no cell ever had it, not even one that was
    /// deleted or undone, because files carry it.
    func newCellID() -> String {
        var number = nextNumber
        while list.hasHad("c-\(number)") { number += 1 }
        return "c-\(number)"
    }

    /// The place of a cell in the list.
    func place(of id: String) -> Int? { list.place(of: id) }

    /// Why cells no longer show what they would show.
    var staleness: [Staleness.Finding] { Staleness.findings(in: list.cells) }

    /// What `:undo` would take back.
    var undoable: CellList.Change? { list.undoable.last }
    /// What `:redo` would make again.
    var redoable: CellList.Change? { list.redoable.last }

    /// Applies a change to the cells and writes it to the journal.
    ///
    /// A journal that cannot be written never stops a run: the record waits in memory, each later
    /// call tries again, and `savingProblem` says so until everything is on disk.
    ///
    /// - Throws: `SessionError.readOnly`, `.unknownCell`.
    func record(_ change: CellRecord) throws(SessionError) {
        guard let writer, !isClosed else { throw .readOnly(path: path) }
        if let unknown = change.cells.first(where: { list[$0] == nil }) {
            throw .unknownCell(id: unknown)
        }
        list.apply(change, time: Timestamp.now())
        var outputs: Digest?
        var durability = Journal.Durability.soon
        switch change {
        case .end(let id, _):
            outputs = list[id]?.outputDigest
            durability = .now
        case .edit, .delete, .move, .undo, .redo: durability = .now
        default: break
        }
        // What a run goes on from must not be forgotten together with the run's last second.
        if case .checkpoint = change { durability = .now }
        writer.append(change.type, change.fields(outputs: outputs), durability)
    }

    /// Writes a record that is not about a cell: `open`, `param`, `check`, `note`.
    ///
    /// - Throws: `SessionError.readOnly`.
    func record(_ type: String, _ fields: JSONObject) throws(SessionError) {
        guard let writer, !isClosed else { throw .readOnly(path: path) }
        writer.append(type, fields, .soon)
    }

    /// What is written before the first record after opening: the versions that go on from here.
    func announce(_ fields: JSONObject) { writer?.opening = fields }

    /// Replaces `session.json`.
    ///
    /// - Throws: `SessionError.readOnly`, `.unwritable`, `.outOfSpace`.
    func update(_ info: SessionInfo) throws(SessionError) {
        guard !isReadOnly else { throw .readOnly(path: path) }
        try Self.write(info, to: path)
        self.info = info
    }

    /// Writes what is waiting and puts all of it on the device. `savingProblem` is nil afterwards
    /// exactly when nothing is unsaved.
    func save() { writer?.save() }

    /// Ends the work on the session with a `close` record, if anything was recorded, and frees the
    /// lock. `savingProblem` still says whether something could not be saved.
    func close() {
        guard !isClosed else { return }
        writer?.close()
        isClosed = true
        lock = nil
    }
}

extension SessionFolder {
    /// Whether a journal lies here in which more stands than that it was created.
    private static func hasRecords(_ path: String) -> Bool {
        guard let bytes = try? Files.read(Files.join(path, "journal.jsonl")) else { return false }
        let contents = JournalContents(bytes)
        return contents.records.contains { $0.type != Journal.firstRecordType }
            || contents.damage?.isTail == false
    }

    /// No crash leaves an empty journal beside `session.json`: its first record is on the device
    /// before. In sessions of older programs the artifacts give an emptied one away.
    private static func requireJournal(
        _ contents: JournalContents, _ info: SessionInfo, _ path: String, _ access: Access
    ) throws(SessionError) {
        guard contents.count == 0 else { return }
        let journal = Files.join(path, "journal.jsonl")
        let hasBegun = info.otherKeys[Journal.firstRecordKey] != nil
        if let damage = contents.damage {
            guard hasBegun, access == .writing else { return }
            throw .damagedJournal(
                path: journal, line: damage.line, problem: damage.problem.words, records: 0)
        }
        let hasWork = ["artifacts", "metrics", "checkpoints"].contains { name in
            ((try? Posix.names(in: Files.join(path, name))) ?? []).isEmpty == false
        }
        guard hasBegun || hasWork else { return }
        throw .emptied(path: journal)
    }

    /// The folder of artifacts may lack model weights, but it cannot be gone where cells have
    /// written to it.
    private static func requireArtifacts(
        _ contents: JournalContents, _ path: String
    ) throws(SessionError) {
        let store = Files.join(path, "artifacts")
        guard ((try? Posix.kind(of: store)) ?? nil) != .folder,
            CellList(contents).cells.contains(where: { !$0.writes.isEmpty })
        else { return }
        throw .incomplete(path: path, missing: "artifacts")
    }

    private static let beginnings = [
        "LOCK", "artifacts", "checkpoints", "journal.jsonl", "metrics",
    ]

    private static func requireUnused(_ path: String) throws(SessionError) {
        do {
            for name in try Posix.names(in: path) where !name.hasPrefix("tmp.") {
                let child = Files.join(path, name)
                let isBeginning =
                    switch try Posix.kind(of: child) {
                    case .folder: try Posix.names(in: child).isEmpty
                    case .file: name == "LOCK" || !hasRecords(path)
                    default: false
                    }
                if !isBeginning, hasRecords(path),
                    try Posix.kind(of: Files.join(path, "session.json")) == nil
                {
                    throw SessionError.incomplete(path: path, missing: "session.json")
                }
                guard isBeginning, beginnings.contains(name) else {
                    throw SessionError.alreadyExists(path: path)
                }
            }
        } catch {
            throw .reading(any: error, path)
        }
    }

    private static func requireSession(_ path: String) throws(SessionError) {
        let folder: FileKind?
        let info: FileKind?
        do {
            folder = try Posix.kind(of: path)
            info = try Posix.kind(of: Files.join(path, "session.json"))
        } catch {
            throw .reading(error)
        }
        guard folder == .folder else { throw .noFolder(path: path) }
        guard info == .file else {
            guard hasRecords(path) else { throw .notASession(path: path) }
            throw .incomplete(path: path, missing: "session.json")
        }
        guard ((try? Posix.kind(of: Files.join(path, "journal.jsonl"))) ?? nil) == .file else {
            throw .incomplete(path: path, missing: "journal.jsonl")
        }
    }

    private static func makeFolders(_ paths: [String]) throws(SessionError) {
        do {
            for path in paths { try Files.makeFolders(path) }
        } catch {
            throw .writing(error)
        }
    }

    private static func readFile(_ path: String) throws(SessionError) -> [UInt8] {
        do {
            return try Files.read(path)
        } catch {
            throw .reading(error)
        }
    }

    private static func write(_ info: SessionInfo, to path: String) throws(SessionError) {
        do {
            try Files.replace(
                Files.join(path, "session.json"), with: Array(info.json.prettyText().utf8))
        } catch {
            throw .writing(error)
        }
    }
}

extension CellRecord {
    /// The cells that must exist for the record to make sense.
    fileprivate var cells: [String] {
        switch self {
        case .begin: []
        case .output(let cell, _), .end(let cell, _), .checkpoint(let cell, _),
            .edit(let cell, _), .delete(let cell):
            [cell]
        case .move(let cell, let before): [cell] + (before.map { [$0] } ?? [])
        case .stale(let cells): cells
        case .undo, .redo: []
        }
    }
}
