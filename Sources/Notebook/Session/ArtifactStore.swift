/// Immutable bytes by the SHA-256 of themselves: `sha256/ab/abcdef…`, readable only.
///
/// An artifact appears under its name only when it is complete and on the device (temporary file,
/// fsync, rename, fsync of the folder), so a journal record that names it afterwards can rely on
/// it.
struct ArtifactStore: Equatable, Sendable {
    /// The folder of the store.
    let path: String

    /// Where an artifact lies, or would lie.
    func path(of digest: Digest) -> String {
        Files.join(folder(of: digest), digest.hex)
    }

    /// Whether the artifact is here. Recorded sessions leave model weights out.
    func contains(_ digest: Digest) -> Bool {
        (try? Posix.kind(of: path(of: digest))) == .file
    }

    /// The size in bytes.
    ///
    /// - Throws: `SessionError.missingArtifact`, `.unreadable`.
    func size(of digest: Digest) throws(SessionError) -> Int {
        try requirePresence(of: digest)
        do {
            let file = try PosixFile(path(of: digest), .reading)
            return try file.size()
        } catch {
            throw .reading(error)
        }
    }

    /// Keeps some bytes and answers their name. Bytes that are here already are not written again,
    /// unless what lies under their name is damaged.
    ///
    /// - Throws: `SessionError.outOfSpace`, `.unwritable`.
    @discardableResult
    func put(_ bytes: [UInt8]) throws(SessionError) -> Digest {
        let digest = Digest(of: bytes)
        if contains(digest), (try? Digest(ofFile: path(of: digest))) == digest { return digest }
        do {
            try makeFolder(of: digest)
            try Files.replace(path(of: digest), with: bytes, permissions: 0o444)
        } catch {
            throw .writing(error)
        }
        return digest
    }

    /// Keeps a copy of a file, read in pieces, and answers its name.
    ///
    /// - Throws: `SessionError.unreadable`, `.outOfSpace`, `.unwritable`.
    @discardableResult
    func put(file source: String) throws(SessionError) -> Digest {
        let digest = try Digest(ofFile: source)
        if contains(digest), (try? Digest(ofFile: path(of: digest))) == digest { return digest }
        let temporary: String
        let copied: Digest
        do {
            try makeFolder(of: digest)
            temporary = Files.temporaryPath(beside: path(of: digest))
            copied = try Files.copyContents(of: source, to: temporary, permissions: 0o444)
        } catch {
            throw error.path == source ? .reading(error) : .writing(error)
        }
        guard copied == digest else {
            try? Posix.remove(temporary)
            throw .unreadable(path: source, reason: "it changed while it was read")
        }
        do {
            try Posix.rename(temporary, to: path(of: digest))
            try Posix.synchronizeFolder(folder(of: digest))
        } catch {
            try? Posix.remove(temporary)
            throw .writing(error)
        }
        return digest
    }

    /// The bytes of an artifact, checked against its name.
    ///
    /// - Throws: `SessionError.missingArtifact`, `.damagedArtifact`, `.unreadable`.
    func get(_ digest: Digest) throws(SessionError) -> [UInt8] {
        try requirePresence(of: digest)
        let bytes: [UInt8]
        do {
            bytes = try Files.read(path(of: digest))
        } catch {
            throw .reading(error)
        }
        try check(Digest(of: bytes), is: digest)
        return bytes
    }

    /// The path of an artifact whose bytes have just been checked, for readers that map files.
    ///
    /// - Throws: as `get`.
    func verifiedPath(of digest: Digest) throws(SessionError) -> String {
        try requirePresence(of: digest)
        try check(Digest(ofFile: path(of: digest)), is: digest)
        return path(of: digest)
    }

    private func folder(of digest: Digest) -> String {
        Files.join(path, "sha256/" + digest.hex.prefix(2))
    }

    private func makeFolder(of digest: Digest) throws(PosixError) {
        let folder = folder(of: digest)
        guard try Posix.kind(of: folder) != .folder else { return }
        try Files.makeFolders(folder)
        try Posix.synchronizeFolder(Files.parent(of: folder))
    }

    private func requirePresence(of digest: Digest) throws(SessionError) {
        guard contains(digest) else {
            throw .missingArtifact(path: path(of: digest), digest: digest)
        }
    }

    private func check(_ found: Digest, is expected: Digest) throws(SessionError) {
        guard found == expected else {
            throw .damagedArtifact(path: path(of: expected), expected: expected, found: found)
        }
    }
}
