// The one file of this module that talks to the operating system, and so the only one with
// `unsafe` in it.
import Glibc

/// A file opened for reading at any place.
///
/// Reads go straight into the array that keeps the values; a mapped file would end the process
/// when someone truncates it meanwhile.
struct ReadableFile: ~Copyable {
    let path: String
    let byteCount: Int
    private let descriptor: Int32

    init(path: String) throws(LanguageModelError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileAccess.readError(path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let error = FileAccess.readError(path)
            close(descriptor)
            throw error
        }
        guard status.st_mode & S_IFMT != S_IFDIR else {
            close(descriptor)
            throw .file(path: path, .isFolder)
        }
        self.path = path
        self.descriptor = descriptor
        byteCount = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// `count` bytes from `offset` on; fewer when the file ends before.
    func bytes(at offset: Int, count: Int) throws(LanguageModelError) -> [UInt8] {
        try read(UInt8.self, at: offset, count: count)
    }

    /// `count` values from byte `offset` on, as they stand in the file (little endian).
    func read<Value: BitwiseCopyable>(
        _ type: Value.Type, at offset: Int, count: Int
    ) throws(LanguageModelError) -> [Value] {
        var failure: LanguageModelError?
        let values = unsafe [Value](unsafeUninitializedCapacity: count) { buffer, filled in
            var bytes = UnsafeMutableRawBufferPointer(buffer)
            var position = off_t(offset)
            while unsafe !bytes.isEmpty {
                let done = unsafe pread(descriptor, bytes.baseAddress, bytes.count, position)
                if done < 0 && errno == EINTR { continue }
                if done < 0 { failure = FileAccess.readError(path) }
                guard done > 0 else { break }
                unsafe bytes = UnsafeMutableRawBufferPointer(rebasing: bytes[done...])
                position += off_t(done)
            }
            filled = (Int(position) - offset) / MemoryLayout<Value>.stride
        }
        if let failure { throw failure }
        return values
    }
}

/// A file that appears under its name complete, or not at all.
///
/// The bytes go to a temporary file beside it, which `commit` syncs and renames. Without a commit
/// the temporary file is removed.
struct AtomicFile: ~Copyable {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32

    init(path: String) throws(LanguageModelError) {
        self.path = path
        temporaryPath = "\(path).\(getpid()).partial"
        descriptor = unsafe open(temporaryPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileAccess.writeError(path) }
    }

    deinit {
        close(descriptor)
        unsafe unlink(temporaryPath)
    }

    func write<Value: BitwiseCopyable>(_ values: [Value]) throws(LanguageModelError) {
        var failure: LanguageModelError?
        unsafe values.withUnsafeBytes { buffer in
            var bytes = unsafe buffer
            while unsafe !bytes.isEmpty {
                let done = unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
                if done < 0 && errno == EINTR { continue }
                guard done >= 0 else {
                    failure = FileAccess.writeError(path)
                    return
                }
                unsafe bytes = UnsafeRawBufferPointer(rebasing: bytes[done...])
            }
        }
        if let failure { throw failure }
    }

    /// Puts the file under its name; nothing is written after this.
    func commit() throws(LanguageModelError) {
        guard fsync(descriptor) == 0, unsafe rename(temporaryPath, path) == 0 else {
            throw FileAccess.writeError(path)
        }
        FileAccess.synchronizeFolder(FileAccess.folder(of: path))
    }
}

/// Files and folders by path.
enum FileAccess {
    static func read(_ path: String) throws(LanguageModelError) -> [UInt8] {
        let file = try ReadableFile(path: path)
        return try file.bytes(at: 0, count: file.byteCount)
    }

    static func write(_ bytes: [UInt8], to path: String) throws(LanguageModelError) {
        let file = try AtomicFile(path: path)
        try file.write(bytes)
        try file.commit()
    }

    static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// Creates a folder and those above it; fine when it is there.
    static func createFolder(_ path: String) throws(LanguageModelError) {
        if isFolder(path) { return }
        let parent = folder(of: path)
        if parent != path { try createFolder(parent) }
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else { throw writeError(path) }
        guard isFolder(path) else { throw .file(path: path, .isNotFolder) }
    }

    /// Gives a file or folder another name; a file of that name is replaced.
    static func move(_ path: String, to newPath: String) throws(LanguageModelError) {
        guard unsafe rename(path, newPath) == 0 else { throw writeError(newPath) }
        synchronizeFolder(folder(of: newPath))
    }

    static func removeFile(_ path: String) { unsafe unlink(path) }

    static func removeFolder(_ path: String) { unsafe rmdir(path) }

    /// Makes renames in the folder survive a loss of power.
    static func synchronizeFolder(_ path: String) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// The folder that a path lies in: `.` for a bare name.
    static func folder(of path: String) -> String {
        let trimmed = withoutTrailingSlashes(path)
        guard let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) else {
            return trimmed == "/" ? "/" : "."
        }
        return slash == trimmed.startIndex ? "/" : withoutTrailingSlashes(String(trimmed[..<slash]))
    }

    static func withoutTrailingSlashes(_ path: String) -> String {
        var trimmed = path[...]
        while trimmed.utf8.count > 1, trimmed.utf8.last == UInt8(ascii: "/") {
            trimmed.removeLast()
        }
        return String(trimmed)
    }

    static func temporarySuffix() -> String { ".\(getpid()).partial" }

    static func readError(_ path: String) -> LanguageModelError {
        .file(path: path, errno == ENOENT ? .missing : .cannotRead(reason: reason()))
    }

    static func writeError(_ path: String) -> LanguageModelError {
        .file(path: path, .cannotWrite(reason: reason()))
    }

    private static func reason() -> String {
        guard let text = unsafe strerror(errno) else { return "error \(errno)" }
        return unsafe String(cString: text)
    }
}
