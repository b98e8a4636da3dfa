import Glibc

/// Reading and writing whole files; the only place of this module that talks to the system.
enum FileBytes {
    /// Reads a whole file, or a pipe to its end.
    static func read(path: String) throws(FeedbackError) -> [UInt8] {
        let descriptor = try open(path: path)
        defer { close(descriptor) }
        var status = stat()
        if unsafe fstat(descriptor, &status) != 0 { status = stat() }

        var bytes: [UInt8] = []
        let expected = status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : 0
        // One byte more than the size, so that the end is seen without a second buffer.
        var size = max(expected + 1, 1 << 16)
        while true {
            var failure: Int32 = 0
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                while count < size {
                    let room = unsafe buffer.baseAddress.map { unsafe $0 + count }
                    let got = unsafe Glibc.read(descriptor, room, size - count)
                    if got < 0, errno == EINTR { continue }
                    if got < 0 { failure = errno }
                    if got <= 0 { return }
                    count += got
                }
            }
            if failure != 0 { throw .cannotRead(path: path, reason: reason(failure)) }
            bytes = bytes.isEmpty ? chunk : bytes + chunk
            if chunk.count < size { return bytes }
            size = 1 << 20
        }
    }

    /// Whether a path can be read only once.
    static func isPipe(path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO
    }

    /// Opens a file to read; the caller closes it.
    static func open(path: String) throws(FeedbackError) -> Int32 {
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .missingFile(path: path) }
            throw .cannotRead(path: path, reason: lastReason())
        }
        var status = stat()
        let isFolder =
            unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        if isFolder {
            close(descriptor)
            throw .notAFile(path: path)
        }
        return descriptor
    }

    /// The next `size` bytes, fewer at the end of the file only.
    static func readBlock(
        _ descriptor: Int32, size: Int, path: String
    ) throws(FeedbackError) -> [UInt8] {
        var failure: Int32 = 0
        let block = unsafe [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let room = unsafe buffer.baseAddress.map { unsafe $0 + count }
                let got = unsafe Glibc.read(descriptor, room, size - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { failure = errno }
                if got <= 0 { return }
                count += got
            }
        }
        if failure != 0 { throw .cannotRead(path: path, reason: reason(failure)) }
        return block
    }

    /// Writes a whole file: under another name first, then renamed, so that a reader (or a crash)
    /// sees the old file or the new one.
    static func write(_ text: String, path: String) throws(FeedbackError) {
        try write(path: path) { (file) throws(FeedbackError) in try file.append(text) }
    }

    /// Writes a file piece by piece, in the same manner; where `body` throws the old file stays.
    static func write(
        path: String, _ body: (OpenFile) throws(FeedbackError) -> Void
    ) throws(FeedbackError) {
        var status = stat()
        let isThere = unsafe stat(path, &status) == 0
        if isThere, status.st_mode & S_IFMT == S_IFDIR { throw .notAFile(path: path) }
        // A pipe or a device cannot be renamed over; it is written as it is.
        let isSpecial = isThere && status.st_mode & S_IFMT != S_IFREG
        let target = isSpecial ? path : path + ".new-\(getpid())"
        let descriptor = unsafe Glibc.open(
            target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: lastReason()) }
        do {
            try body(OpenFile(descriptor: descriptor, path: path))
        } catch {
            close(descriptor)
            if !isSpecial { unsafe unlink(target) }
            throw error
        }
        var failure: String?
        if !isSpecial, fsync(descriptor) != 0 { failure = lastReason() }
        if close(descriptor) != 0, failure == nil { failure = lastReason() }
        if !isSpecial, failure == nil, unsafe rename(target, path) != 0 { failure = lastReason() }
        if let failure {
            if !isSpecial { unsafe unlink(target) }
            throw .cannotWrite(path: path, reason: failure)
        }
    }

    /// A file that is being written.
    struct OpenFile {
        fileprivate let descriptor: Int32
        fileprivate let path: String

        func append(_ text: String) throws(FeedbackError) {
            if let reason = FileBytes.append(text, to: descriptor) {
                throw .cannotWrite(path: path, reason: reason)
            }
        }
    }

    /// The reason of a failure, or nil.
    private static func append(_ text: String, to descriptor: Int32) -> String? {
        var reason: String?
        let bytes = Array(text.utf8)
        unsafe bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count {
                let rest = unsafe buffer.baseAddress.map { unsafe $0 + done }
                let written = unsafe Glibc.write(descriptor, rest, buffer.count - done)
                if written < 0, errno == EINTR { continue }
                if written < 0 {
                    reason = lastReason()
                    return
                }
                done += written
            }
        }
        return reason
    }

    /// What went wrong in the last call, in the system's words.
    private static func lastReason() -> String { reason(errno) }

    private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
