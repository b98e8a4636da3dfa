import Glibc

extension SessionFolder {
    /// Copies what is sound of a session to a new folder: all records, or those before the first
    /// damage, the metrics, the artifacts and the checkpoints. The session itself is not touched;
    /// another process may have it open.
    ///
    /// - Returns: How many records were kept.
    /// - Throws: `SessionError.noFolder`, `.notASession`, `.alreadyExists`, `.newerFormat`, and what
    ///   reading and writing can throw.
    static func copySound(_ path: String, to target: String) throws(SessionError) -> Int {
        _ = try open(at: path, for: .reading)
        let infoPath = Files.join(path, "session.json")
        let journalPath = Files.join(path, "journal.jsonl")
        let info: SessionInfo
        do {
            info = try SessionInfo(Files.read(infoPath), path: infoPath)
        } catch {
            throw .reading(any: error, infoPath)
        }
        let kept = try Journal.read(at: journalPath)
        // What this program cannot read would be left behind.
        if case .newer(let version) = kept.damage?.problem {
            throw .newerFormat(
                path: journalPath, found: version, supported: JournalRecord.version)
        }
        let repaired = try create(at: target, info)
        do {
            for folder in ["metrics", "artifacts", "checkpoints", "outputs"]
            where try Posix.kind(of: Files.join(path, folder)) == .folder {
                try copy(Files.join(path, folder), to: Files.join(target, folder))
            }
            let bytes = try Files.read(journalPath)
            let newline = kept.needsNewline ? [UInt8(ascii: "\n")] : []
            try Files.replace(
                Files.join(target, "journal.jsonl"),
                with: Array(bytes[..<kept.goodLength]) + newline)
        } catch {
            throw .writing(error)
        }
        repaired.close()
        return kept.records.count
    }

    private static func copy(_ source: String, to target: String) throws(PosixError) {
        switch try Posix.kind(of: source) {
        case .folder:
            try Files.makeFolders(target)
            for name in try Posix.names(in: source) {
                try copy(Files.join(source, name), to: Files.join(target, name))
            }
        case .file:
            do { try Files.copy(source, to: target) } catch {
                // Whoever has the session open may have replaced a checkpoint meanwhile.
                guard error.operation == "open", error.code == ENOENT else { throw error }
            }
        default: break
        }
    }
}
