import Glibc
import OrderedJSON

/// The claim of one process to write a session, held while the value lives.
///
/// The lock is `flock` on the file `LOCK`, so it ends with the process however that ends. The text
/// in the file says who holds it and is information only. Over NFS the system turns `flock` into a
/// lock of byte ranges (Linux 2.6.12 and later).
struct SessionLock: ~Copyable {
    private let file: PosixFile

    /// Takes the lock without waiting.
    ///
    /// - Throws: `SessionError.locked` with the holder, `.unwritable`, `.outOfSpace`.
    init(at path: String, session: String) throws(SessionError) {
        file = try Self.take(path, session)
    }

    private static func take(
        _ path: String, _ session: String
    ) throws(SessionError) -> PosixFile {
        do {
            let file = try PosixFile(path, .updating)
            if try file.tryLock() {
                try file.truncate(to: 0)
                try file.write(Array((LockOwner.current.json.text + "\n").utf8))
                return file
            }
            throw SessionError.locked(path: session, owner: LockOwner(readFrom: file))
        } catch {
            throw .writing(any: error, path)
        }
    }

    deinit {
        try? file.truncate(to: 0)
        file.unlock()
    }
}

extension LockOwner {
    /// This process, from now on.
    static var current: LockOwner {
        LockOwner(
            processID: Int(getpid()), host: Posix.hostName, since: Timestamp.now(),
            command: Posix.commandLine)
    }

    var json: JSON {
        var object = JSONObject()
        object["pid"] = processID.map { .integer($0) }
        object["host"] = host.map { .string($0) }
        object["since"] = since.map { .string($0) }
        object["command"] = command.map { .string($0) }
        return .object(object)
    }

    fileprivate init(readFrom file: borrowing PosixFile) {
        let bytes = (try? file.read(at: 0, count: 4096)) ?? []
        let json = try? JSON(parsing: bytes)
        self.init(
            processID: json?["pid"]?.intValue, host: json?["host"]?.stringValue,
            since: json?["since"]?.stringValue, command: json?["command"]?.stringValue)
    }
}
