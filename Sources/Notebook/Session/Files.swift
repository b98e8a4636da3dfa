import Glibc

/// Whole files and folders, safely: what is written here is either there completely or not at all.
enum Files {
    /// Joins two parts of a path with one slash.
    static func join(_ folder: String, _ name: String) -> String {
        folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
    }

    /// The folder that holds `path`: `.` for a bare name.
    static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last part of `path`.
    static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// All bytes of a regular file.
    static func read(_ path: String) throws(PosixError) -> [UInt8] {
        let file = try PosixFile(path, .reading)
        return try file.read(at: 0, count: try file.size())
    }

    /// Replaces a file in one step: temporary file, fsync, rename, fsync of the folder.
    ///
    /// A reader sees the old bytes or the new ones, also after a crash.
    static func replace(
        _ path: String, with bytes: [UInt8], permissions: mode_t = 0o644
    ) throws(PosixError) {
        // A pipe or a device cannot be renamed over; it is written as it is.
        if try Posix.kind(of: path) == .other {
            try PosixFile(path, .appending).write(bytes)
            return
        }
        let temporary = try writeTemporary(beside: path, bytes, permissions: permissions)
        do {
            try Posix.rename(temporary, to: path)
        } catch {
            try? Posix.remove(temporary)
            throw error
        }
        try Posix.synchronizeFolder(parent(of: path))
    }

    /// Creates a folder and the missing folders above it.
    static func makeFolders(_ path: String, permissions: mode_t = 0o755) throws(PosixError) {
        if try Posix.kind(of: path) == .folder { return }
        let above = parent(of: path)
        if above != path, above != "." { try makeFolders(above, permissions: permissions) }
        try Posix.makeFolder(path, permissions: permissions)
        // A folder whose name is not on the device is lost with all that was synced in it.
        try Posix.synchronizeFolder(above)
    }

    /// Writes bytes to a new file `tmp.…` in the folder of `path`, fsynced, and answers its path.
    static func writeTemporary(
        beside path: String, _ bytes: [UInt8], permissions: mode_t
    ) throws(PosixError) -> String {
        let temporary = temporaryPath(beside: path)
        let file = try PosixFile(temporary, .creating, permissions: 0o600)
        do {
            try file.write(bytes)
            try file.setPermissions(permissions)
            try file.synchronize()
        } catch {
            try? Posix.remove(temporary)
            throw error
        }
        return temporary
    }

    /// Copies a file in one step, in pieces of 1 MiB.
    static func copy(_ source: String, to target: String) throws(PosixError) {
        let temporary = temporaryPath(beside: target)
        _ = try copyContents(of: source, to: temporary, permissions: 0o644)
        try Posix.rename(temporary, to: target)
        try Posix.synchronizeFolder(parent(of: target))
    }

    /// Copies a file's bytes to a new file, fsynced, and answers their digest. After an error the
    /// new file is gone.
    static func copyContents(
        of source: String, to target: String, permissions: mode_t
    ) throws(PosixError) -> Digest {
        let input = try PosixFile(source, .reading)
        let output = try PosixFile(target, .creating, permissions: 0o600)
        var hasher = DigestHasher()
        var offset = 0
        do {
            while true {
                let piece = try input.read(at: offset, count: 1 << 20)
                if piece.isEmpty { break }
                hasher.update(piece)
                try output.write(piece)
                offset += piece.count
            }
            try output.setPermissions(permissions)
            try output.synchronize()
        } catch {
            try? Posix.remove(target)
            throw error
        }
        return hasher.finish()
    }

    /// A name that no other process and no earlier crash has used.
    static func temporaryPath(beside path: String) -> String {
        let random = UInt32.random(in: .min ... .max)
        return join(parent(of: path), "tmp.\(getpid()).\(String(random, radix: 16))")
    }
}
