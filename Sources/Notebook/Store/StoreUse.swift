import OrderedJSON

/// What the store holds, for whom, and what nobody refers to any more.
struct StoreUse: Equatable, Sendable {
    /// A session that has been noted in the store.
    struct Session: Equatable, Sendable {
        /// The name of the note: copies of a session have notes of their own.
        var id: String
        var path: String
        /// The keys of steps in its journal; nil where the session is gone or cannot be read.
        var keys: [Digest]?
    }

    /// An entry with the artifacts that it needs.
    struct Entry: Equatable, Sendable {
        var key: Digest
        var command: String
        var seconds: Double
        var artifacts: [Digest]
        /// The sessions that refer to it, by their ids.
        var sessions: [String]
    }

    var sessions: [Session] = []
    var entries: [Entry] = []
    /// The bytes of entries and artifacts. Files that sessions share are counted once.
    var bytes = 0
    var artifactCount = 0

    var unused: [Entry] { entries.filter(\.sessions.isEmpty) }
    /// What computing all entries took.
    var seconds: Double { entries.reduce(0) { $0 + $1.seconds } }
}

extension StepStore {
    /// Looks at everything in the store.
    func use() throws -> StoreUse {
        var use = StoreUse()
        use.sessions = names("sessions", ending: ".json").map { name in
            let path = (try? Files.read(Files.join(path, "sessions/" + name)))
                .flatMap { try? JSON(parsing: $0) }?["path"]?.stringValue
            return StoreUse.Session(
                id: String(name.dropLast(5)), path: path ?? "", keys: path.flatMap(Self.keys))
        }
        var users: [Digest: [String]] = [:]
        for session in use.sessions {
            for key in Set(session.keys ?? []) { users[key, default: []].append(session.id) }
        }
        for key in keysOfEntries() {
            guard let bytes = try? Files.read(path(of: key)), let entry = Entry(bytes) else {
                continue
            }
            use.bytes += bytes.count
            let parts = try artifactsNeeded(by: entry)
            use.entries.append(
                StoreUse.Entry(
                    key: key, command: entry.identity.command, seconds: entry.seconds,
                    artifacts: parts, sessions: users[key] ?? []))
        }
        for digest in allArtifacts() {
            use.artifactCount += 1
            use.bytes += (try? artifacts.size(of: digest)) ?? 0
        }
        return use
    }

    /// Removes the entries that no session refers to, the artifacts that no entry needs, and the
    /// notes about sessions that are gone. Waits until nobody adds anything.
    ///
    /// - Returns: How many entries and how many bytes were removed.
    func removeUnused() throws -> (entries: Int, bytes: Int) {
        let lock = try locked(isShared: false)
        let use = try use()
        var bytes = 0
        func remove(_ path: String) throws {
            let size = (try? PosixFile(path, .reading).size()) ?? 0
            try Posix.remove(path)
            bytes += size
        }
        for entry in use.unused { try remove(path(of: entry.key)) }
        let needed = Set(use.entries.filter { !$0.sessions.isEmpty }.flatMap(\.artifacts))
        for digest in allArtifacts() where !needed.contains(digest) {
            try remove(artifacts.path(of: digest))
        }
        for session in use.sessions where session.keys == nil {
            try remove(Files.join(path, "sessions/\(session.id).json"))
        }
        // Which inputs a command reads says nothing without its entries.
        if use.entries.count == use.unused.count {
            let commands = Files.join(path, "commands")
            if try Posix.kind(of: commands) != nil { try Posix.removeFolder(commands) }
        }
        _ = consume lock
        return (use.unused.count, bytes)
    }

    private func artifactsNeeded(by entry: Entry) throws -> [Digest] {
        try entry.writes.flatMap { try artifacts.parts(of: $0.digest) } + entry.runs.map(\.file)
    }

    /// The keys in the journal of a session, also of cells that were undone or run again: nil when
    /// it is gone.
    private static func keys(inSession path: String) -> [Digest]? {
        let journal = Files.join(path, "journal.jsonl")
        guard
            let contents = try? Journal.read(at: journal, acceptsNewer: true, keepsRecords: false)
        else { return nil }
        return contents.changes.flatMap { change -> [Digest] in
            guard case .end(_, let result) = change.record else { return [] }
            return (result.details["steps"]?.arrayValue ?? []).compactMap {
                $0["key"]?.stringValue.flatMap(Digest.init(_:))
            }
        }
    }

    private func keysOfEntries() -> [Digest] {
        folders("steps").flatMap { folder in
            names(folder, ending: ".json").compactMap { Digest(String($0.dropLast(5))) }
        }
    }

    private func allArtifacts() -> [Digest] {
        folders("artifacts/sha256").flatMap { names($0, ending: "").compactMap(Digest.init(_:)) }
    }

    private func folders(_ name: String) -> [String] {
        names(name, ending: "").map { Files.join(name, $0) }
    }

    private func names(_ folder: String, ending: String) -> [String] {
        ((try? Posix.names(in: Files.join(path, folder))) ?? []).filter {
            ending.isEmpty || $0.hasSuffix(ending)
        }
    }
}
