import Glibc

extension Posix {
    /// Gives a file a second name; false where the two places cannot share one file.
    static func link(_ path: String, as name: String) throws(PosixError) -> Bool {
        if unsafe Glibc.link(path, name) == 0 || errno == EEXIST { return true }
        if [EXDEV, EPERM, EMLINK, ENOTSUP, ENOSYS].contains(errno) { return false }
        throw .last("link", name)
    }

    /// When a file was changed last, and its size: tells whether it is still the one looked at
    /// before.
    static func stamp(of path: String) -> String? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return "\(status.st_size)-\(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
}

extension Files {
    /// A path from the root, for other processes.
    static func absolute(_ path: String) -> String {
        if path.hasPrefix("/") { return path }
        guard let here = unsafe getcwd(nil, 0) else { return path }
        defer { unsafe free(here) }
        let inside = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return unsafe join(String(cString: here), inside)
    }
}

/// A lock over the store that several processes can share; it ends with the process.
///
/// Whoever adds to the store shares it, whoever removes from it has it alone: what has just been
/// written cannot be taken away before the entry that refers to it is there.
struct StoreLock: ~Copyable {
    private let descriptor: Int32

    /// Waits for the lock.
    init(at path: String, isShared: Bool) throws(PosixError) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .last("open", path) }
        while flock(descriptor, isShared ? LOCK_SH : LOCK_EX) != 0 {
            guard errno == EINTR else { throw .last("lock", path) }
        }
    }

    deinit {
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}

extension ArtifactStore {
    /// Brings an artifact, and the files of a folder, from another store: as a second name of the
    /// same file where that is possible, as a copy elsewhere.
    ///
    /// - Returns: False when the other store lacks a part of it.
    func take(_ digest: Digest, from other: ArtifactStore) throws -> Bool {
        for part in try other.parts(of: digest) {
            guard other.contains(part) else { return contains(part) && contains(digest) }
            try takeFile(part, from: other)
        }
        return contains(digest)
    }

    private func takeFile(_ digest: Digest, from other: ArtifactStore) throws {
        if contains(digest) { return }
        let target = path(of: digest)
        try Files.makeFolders(Files.parent(of: target))
        if try !Posix.link(other.path(of: digest), as: target) {
            try put(file: other.path(of: digest))
        }
        try Posix.synchronizeFolder(Files.parent(of: target))
    }

    /// The artifact itself, last, and the files it is the list of, if it is one.
    func parts(of digest: Digest) throws -> [Digest] {
        guard contains(digest), try size(of: digest) < 1 << 16 else { return [digest] }
        guard try get(digest).starts(with: Array(#"{"files":"#.utf8)) else { return [digest] }
        return try manifest(digest).files.map(\.digest) + [digest]
    }

    /// Whether the artifact is here with all its parts.
    func isComplete(_ digest: Digest) -> Bool {
        contains(digest) && ((try? parts(of: digest))?.allSatisfy(contains) ?? false)
    }
}
