import OrderedJSON

/// Results of steps by their keys, shared by all sessions of a user.
///
///     steps/ab/abcd….json        what a step showed, wrote and measured
///     commands/ab/abcd…/….json   which inputs a command has been seen to read
///     artifacts/sha256/ab/…      the bytes, as second names of the files in the sessions
///     sessions/<id>-….json       where the sessions are that refer to entries
///     LOCK                       shared while something is added, alone while removing
///
/// A key needs the inputs before the work is done. They are found as compiler caches find them: the
/// command (with options, seed, build) leads to the names that it has read before, the names to the
/// digests they have now, and all of it to the key. Nothing has to be declared twice, and what a
/// step read is what it did read.
///
/// Everything here can be lost: sessions are complete without it. An entry appears under its name
/// only when it and all it refers to are there; one that is damaged is removed and counts as
/// unknown.
struct StepStore: Sendable {
    /// The version of the keys and entries; others are not looked at.
    static let format = 1

    let path: String
    var artifacts: ArtifactStore { ArtifactStore(path: Files.join(path, "artifacts")) }

    /// What a step left behind.
    struct Entry: Equatable, Sendable {
        var identity: StepIdentity
        var inputs: StepInputs
        var outputs: [CellOutput] = []
        var writes: SlotDigests = [:]
        var facts = JSONObject()
        var runs: [Run] = []
        /// What computing took.
        var seconds: Double
        /// The session that computed it, and when; information only.
        var session: String
        var made: String

        /// A training run: the digest of its rows without timings, and its file.
        struct Run: Equatable, Sendable {
            var title: String
            var metrics: Digest
            var file: Digest
        }

        var key: Digest { inputs.key(of: identity) }
    }

    // MARK: Finding

    /// The entry of a step, if the inputs that it has read before are what they were.
    ///
    /// - Parameter present: The digest that a name has now, nil when there is nothing.
    func entry(of identity: StepIdentity, present: (String) -> Digest?) -> Entry? {
        let hints = folder("commands", identity.digest)
        for name in (try? Posix.names(in: hints)) ?? [] where name.hasSuffix(".json") {
            guard let bytes = try? Files.read(Files.join(hints, name)),
                let names = (try? JSON(parsing: bytes))?.arrayValue?.map(\.stringValue)
            else { continue }
            var inputs = StepInputs()
            for name in names.compactMap({ $0 }) { inputs.add(name, present(name)) }
            if let entry = entry(inputs.key(of: identity)) { return entry }
        }
        return nil
    }

    /// The entry with this key, complete with its artifacts; nil when there is none. A damaged one
    /// is removed.
    func entry(_ key: Digest) -> Entry? {
        let file = path(of: key)
        guard let bytes = try? Files.read(file) else { return nil }
        let entry = Entry(bytes)
        guard let entry, entry.key == key, artifactsOf(entry).allSatisfy(artifacts.isComplete)
        else {
            try? Posix.remove(file)
            return nil
        }
        return entry
    }

    private func artifactsOf(_ entry: Entry) -> [Digest] {
        entry.writes.map(\.digest) + entry.runs.map(\.file)
    }

    // MARK: Keeping

    /// Keeps what a step left behind.
    ///
    /// - Parameters:
    ///   - source: The store of the session that has the artifacts.
    ///   - metricFiles: The files of the runs, in their order.
    func keep(_ entry: Entry, from source: ArtifactStore, metricFiles: [String]) throws {
        try Files.makeFolders(path)
        let lock = try locked(isShared: true)
        var entry = entry
        for (slot, digest) in entry.writes {
            guard try artifacts.take(digest, from: source) else {
                throw SessionError.missingArtifact(path: slot, digest: digest)
            }
        }
        for (index, file) in metricFiles.enumerated() where index < entry.runs.count {
            entry.runs[index].file = try artifacts.put(file: file)
        }
        try write(entry.bytes, to: path(of: entry.key))
        let names = JSON.array(entry.inputs.names.map { .string($0) }).text
        try write(
            Array(names.utf8),
            to: Files.join(
                folder("commands", entry.identity.digest), Digest(of: names).short + ".json"))
        _ = consume lock
    }

    func locked(isShared: Bool) throws(PosixError) -> StoreLock {
        try StoreLock(at: Files.join(path, "LOCK"), isShared: isShared)
    }

    /// Notes where a session is that refers to entries.
    func note(session id: String, at folder: String) throws {
        let place: JSON = ["path": .string(Files.absolute(folder))]
        try write(
            Array((place.text + "\n").utf8), to: note(of: id, at: Files.absolute(folder)))
    }

    /// A copy has the id of the session that it was made of, and is another user of the entries.
    private func note(of id: String, at folder: String) -> String {
        Files.join(path, "sessions/\(id)-\(Digest(of: folder).short).json")
    }

    private func write(_ bytes: [UInt8], to file: String) throws {
        try Files.makeFolders(Files.parent(of: file))
        try Files.replace(file, with: bytes)
    }

    func path(of key: Digest) -> String {
        Files.join(path, "steps/\(key.hex.prefix(2))/\(key.hex).json")
    }

    private func folder(_ kind: String, _ digest: Digest) -> String {
        Files.join(path, "\(kind)/\(digest.hex.prefix(2))/\(digest.hex)")
    }

    /// `$RLHF_STORE`, `$XDG_CACHE_HOME/rlhf/store`, or the same under `~/.cache`; nil without a
    /// home.
    static func defaultPath(environment: [String: String]) -> String? {
        if let store = environment["RLHF_STORE"], store.hasPrefix("/") { return store }
        if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") {
            return Files.join(cache, "rlhf/store")
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return Files.join(home, ".cache/rlhf/store")
    }
}

extension StepStore.Entry {
    /// One line of JSON, and its check on a line of its own.
    var bytes: [UInt8] {
        let object: JSON = [
            "format": .integer(StepStore.format), "key": .string(key.description),
            "of": identity.json, "inputs": inputs.json,
            "outputs": .array(outputs.map(\.json)), "writes": writes.json,
            "facts": .object(facts),
            "runs": .array(
                runs.map { run in
                    [
                        "title": .string(run.title), "metrics": .string(run.metrics.description),
                        "file": .string(run.file.description),
                    ]
                }),
            "seconds": .number(seconds), "session": .string(session), "made": .string(made),
        ]
        let line = Array(object.text.utf8)
        return line + Array("\n\(CRC32.hex(of: line))\n".utf8)
    }

    /// Reads an entry; nil for anything that is not wholly one.
    init?(_ bytes: [UInt8]) {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            bytes[end...].elementsEqual("\n\(CRC32.hex(of: bytes[..<end]))\n".utf8),
            let json = try? JSON(parsing: Array(bytes[..<end])),
            json["format"]?.intValue == StepStore.format,
            let identity = json["of"].flatMap(StepIdentity.init(json:)),
            let inputs = json["inputs"].flatMap(StepInputs.init(json:)),
            let outputs = json["outputs"]?.arrayValue,
            let writes = json["writes"].flatMap(SlotDigests.init(json:)),
            let runs = json["runs"]?.arrayValue?.compactMap(Run.init(json:))
        else { return nil }
        self.init(
            identity: identity, inputs: inputs, outputs: outputs.map(CellOutput.init(json:)),
            writes: writes, facts: json["facts"]?.objectValue ?? JSONObject(), runs: runs,
            seconds: json["seconds"]?.doubleValue ?? 0,
            session: json["session"]?.stringValue ?? "", made: json["made"]?.stringValue ?? "")
    }
}

extension StepStore.Entry.Run {
    fileprivate init?(json: JSON) {
        guard let title = json["title"]?.stringValue,
            let metrics = json["metrics"]?.stringValue.flatMap(Digest.init(_:)),
            let file = json["file"]?.stringValue.flatMap(Digest.init(_:))
        else { return nil }
        self.init(title: title, metrics: metrics, file: file)
    }
}
