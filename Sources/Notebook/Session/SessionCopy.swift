extension SessionFolder {
    /// Copies what is sound of a session to a new folder: all records, or those before the first
    /// damage, the metrics, the artifacts and the checkpoints. The session itself is not touched;
    /// another process may have it open.
    ///
    /// - Returns: How many records were kept.
    /// - Throws: `SessionError.noFolder`, `.notASession`, `.alreadyExists`, and what reading and
    ///   writing can throw.
    static func copySound(_ path: String, to target: String) throws(SessionError) -> Int {
        let damaged = try open(at: path, for: .reading)
        let repaired = try create(at: target, damaged.info)
        let kept = try Journal.read(at: Files.join(path, "journal.jsonl"))
        do {
            for folder in ["metrics", "artifacts", "checkpoints", "outputs"]
            where try Posix.kind(of: Files.join(path, folder)) == .folder {
                try copy(Files.join(path, folder), to: Files.join(target, folder))
            }
            let bytes = try Files.read(Files.join(path, "journal.jsonl"))
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
        case .file: try Files.copy(source, to: target)
        default: break
        }
    }
}
