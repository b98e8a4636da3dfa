import Glibc

/// Reading and writing whole files; the only place of this module that talks to the system.
enum FileBytes {
    /// Reads a whole file, or a pipe to its end.
    static func read(path: String) throws(FeedbackError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .missingFile(path: path) }
            throw .cannotRead(path: path, reason: lastReason())
        }
        defer { close(descriptor) }
        var status = stat()
        let isFolder =
            unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
        if isFolder { throw .notAFile(path: path) }

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

    /// Writes a whole file: under another name first, then renamed, so that a reader (or a crash)
    /// sees the old file or the new one.
    static func write(_ text: String, path: String) throws(FeedbackError) {
        var status = stat()
        let isThere = unsafe stat(path, &status) == 0
        if isThere, status.st_mode & S_IFMT == S_IFDIR { throw .notAFile(path: path) }
        // A pipe or a device cannot be renamed over; it is written as it is.
        let isSpecial = isThere && status.st_mode & S_IFMT != S_IFREG
        let target = isSpecial ? path : path + ".new-\(getpid())"
        let descriptor = unsafe open(target, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotWrite(path: path, reason: lastReason()) }
        if let reason = writeAll(text, to: descriptor, synchronize: !isSpecial) {
            if !isSpecial { unsafe unlink(target) }
            throw .cannotWrite(path: path, reason: reason)
        }
        if !isSpecial, unsafe rename(target, path) != 0 {
            let reason = lastReason()
            unsafe unlink(target)
            throw .cannotWrite(path: path, reason: reason)
        }
    }

    /// Writes and closes; the reason of a failure, or nil.
    private static func writeAll(
        _ text: String, to descriptor: Int32, synchronize: Bool
    ) -> String? {
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
        if reason == nil, synchronize, fsync(descriptor) != 0 { reason = lastReason() }
        if close(descriptor) != 0, reason == nil { reason = lastReason() }
        return reason
    }

    /// What went wrong in the last call, in the system's words.
    private static func lastReason() -> String { reason(errno) }

    private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
