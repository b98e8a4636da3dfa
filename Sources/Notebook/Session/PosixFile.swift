import Glibc

/// A call of the operating system that failed: what was tried, on what, and why.
struct PosixError: Error, Equatable {
    /// What was tried, as a verb: `open`, `write`, `rename`.
    var operation: String
    var path: String
    /// The value of `errno`.
    var code: Int32

    /// The system's words for the code: `No space left on device`.
    var reason: String { unsafe String(cString: strerror(code)) }

    /// Whether the device, the quota or the largest allowed file is full.
    var isOutOfSpace: Bool { code == ENOSPC || code == EDQUOT || code == EFBIG }

    /// The error of the call that has just failed.
    static func last(_ operation: String, _ path: String) -> PosixError {
        PosixError(operation: operation, path: path, code: errno)
    }
}

/// An open file, closed when the value ends.
///
/// All calls of the module that pass pointers to the operating system stand in this file. An
/// interrupted call (`EINTR`) is made again; a short write goes on until all is written.
struct PosixFile: ~Copyable {
    /// What the file is opened for.
    enum Mode {
        case reading
        /// Must be there already; for files of the kernel that take commands.
        case commanding
        /// Every write goes to the end; the file is created when missing.
        case appending
        /// Created when missing, kept when there.
        case updating
        /// Must not exist yet.
        case creating
        /// Must not exist yet; every write goes to the end.
        case creatingForAppending

        var flags: Int32 {
            switch self {
            case .reading: O_RDONLY
            case .commanding: O_WRONLY
            case .appending: O_RDWR | O_CREAT | O_APPEND
            case .updating: O_RDWR | O_CREAT
            case .creating: O_RDWR | O_CREAT | O_EXCL
            case .creatingForAppending: O_RDWR | O_CREAT | O_EXCL | O_APPEND
            }
        }
    }

    let path: String
    private let descriptor: Int32

    /// Opens a file; it is not inherited by programs that this one starts.
    init(_ path: String, _ mode: Mode, permissions: mode_t = 0o644) throws(PosixError) {
        if mode.flags & O_CREAT != 0 { try FileSystem.admit(.create(path: path)) }
        var descriptor: Int32 = -1
        repeat {
            descriptor = unsafe open(path, mode.flags | O_CLOEXEC, permissions)
        } while descriptor < 0 && errno == EINTR
        guard descriptor >= 0 else { throw PosixError.last("open", path) }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// The size in bytes. Only regular files have one; others are refused with `EINVAL`.
    func size() throws(PosixError) -> Int {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw .last("read", path) }
        if status.st_mode & S_IFMT == S_IFDIR {
            throw PosixError(operation: "read", path: path, code: EISDIR)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw PosixError(operation: "read", path: path, code: EINVAL)
        }
        return Int(status.st_size)
    }

    /// The bytes from `offset`, at most `count` of them; fewer only at the end of the file.
    func read(at offset: Int, count: Int) throws(PosixError) -> [UInt8] {
        var code: Int32 = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            unsafe (filled, code) = readInto(buffer, at: offset)
        }
        guard code == 0 else { throw PosixError(operation: "read", path: path, code: code) }
        return bytes
    }

    /// Writes all bytes at the current position (appending files: at the end).
    func write(_ bytes: [UInt8]) throws(PosixError) {
        if let (count, error) = FileSystem.refusal(ofWriting: bytes, to: path) {
            try writeAll(Array(bytes.prefix(count)))
            throw error
        }
        try writeAll(bytes)
    }

    private func writeAll(_ bytes: [UInt8]) throws(PosixError) {
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(
                    descriptor, buffer.baseAddress.map { unsafe $0 + written },
                    buffer.count - written)
            }
            if result < 0 && errno == EINTR { continue }
            guard result >= 0 else { throw .last("write", path) }
            written += result
        }
    }

    /// Asks the device to keep what was written.
    func synchronize() throws(PosixError) {
        try FileSystem.admit(.synchronize(path: path))
        while fsync(descriptor) != 0 {
            // A pipe or a device such as /dev/full has nothing to keep.
            if errno == EINVAL || errno == EROFS { return }
            guard errno == EINTR else { throw .last("fsync", path) }
        }
    }

    /// Cuts the file (or fills it with zeros) to `count` bytes.
    func truncate(to count: Int) throws(PosixError) {
        try FileSystem.admit(.truncate(path: path, count: count))
        while ftruncate(descriptor, count) != 0 {
            // A pipe or a device has no end that could be cut.
            if errno == EINVAL { return }
            guard errno == EINTR else { throw .last("truncate", path) }
        }
    }

    func setPermissions(_ permissions: mode_t) throws(PosixError) {
        guard fchmod(descriptor, permissions) == 0 else { throw .last("chmod", path) }
    }

    /// Takes the exclusive lock without waiting; false when another open file holds it.
    func tryLock() throws(PosixError) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            guard errno == EINTR else { throw .last("lock", path) }
        }
        return true
    }

    /// Gives the lock back. Closing alone does it too, but not while a process that is just being
    /// started still has its copy of the descriptor.
    func unlock() { _ = flock(descriptor, LOCK_UN) }

    /// Fills `buffer` and answers how much was read and the error code, 0 for none.
    private func readInto(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, at offset: Int
    ) -> (Int, Int32) {
        var filled = 0
        while filled < buffer.count {
            let result = unsafe pread(
                descriptor, buffer.baseAddress.map { unsafe $0 + filled }, buffer.count - filled,
                offset + filled)
            if result == 0 { break }
            if result < 0 && errno == EINTR { continue }
            if result < 0 { return (filled, errno) }
            filled += result
        }
        return (filled, 0)
    }
}

/// What stands at a path.
enum FileKind: Equatable {
    case file, folder, other
}

/// The calls on names of files, each a thin cover of one call of the operating system.
enum Posix {
    /// What stands at `path`, links followed; nil when nothing does.
    static func kind(of path: String) throws(PosixError) -> FileKind? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw .last("look at", path)
        }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        default: .other
        }
    }

    /// Creates one folder; an existing folder is no error.
    static func makeFolder(_ path: String, permissions: mode_t) throws(PosixError) {
        try FileSystem.admit(.makeFolder(path: path))
        guard unsafe mkdir(path, permissions) != 0 else { return }
        let error = PosixError.last("create", path)
        guard error.code == EEXIST else { throw error }
        guard try kind(of: path) == .folder else {
            throw PosixError(operation: "create", path: path, code: ENOTDIR)
        }
    }

    static func rename(_ old: String, to new: String) throws(PosixError) {
        try FileSystem.admit(.rename(path: old, to: new))
        guard unsafe Glibc.rename(old, new) == 0 else { throw .last("rename", old) }
    }

    static func remove(_ path: String) throws(PosixError) {
        try FileSystem.admit(.remove(path: path))
        guard unsafe unlink(path) == 0 else { throw .last("remove", path) }
    }

    /// Removes a folder with all that is in it; links are removed, not followed.
    static func removeFolder(_ path: String) throws(PosixError) {
        for name in try names(in: path) {
            let inside = Files.join(path, name)
            if unsafe unlink(inside) == 0 { continue }
            guard errno == EISDIR || errno == EPERM else { throw .last("remove", inside) }
            try removeFolder(inside)
        }
        guard unsafe rmdir(path) == 0 else { throw .last("remove", path) }
    }

    /// The names in a folder, sorted by their bytes, without `.` and `..`.
    static func names(in folder: String) throws(PosixError) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw .last("read", folder) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Makes the names in a folder durable: a new file's own fsync does not keep its name.
    static func synchronizeFolder(_ path: String) throws(PosixError) {
        let folder = try PosixFile(path, .reading)
        try folder.synchronize()
    }

    /// The name of this machine.
    static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&buffer, buffer.count - 1) == 0 else { return "unknown" }
        return String(
            decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// How many processors can work at once.
    static var processorCount: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }

    /// The words that this process was started with, at most 500 bytes of them.
    static var commandLine: String? {
        guard let file = try? PosixFile("/proc/self/cmdline", .reading),
            let bytes = try? file.read(at: 0, count: 500)
        else { return nil }
        let words = bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    /// Seconds since 1970, UTC.
    static func secondsSince1970() -> Int {
        time(nil)
    }

    /// The date and time of day in UTC.
    static func calendar(
        _ seconds: Int
    ) -> (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        var moment = time_t(seconds)
        var parts = unsafe tm()
        unsafe gmtime_r(&moment, &parts)
        return unsafe (
            Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday),
            Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)
        )
    }

    /// Seconds on a clock that never goes back.
    static func monotonicSeconds() -> Double {
        var now = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) * 1e-9
    }
}
