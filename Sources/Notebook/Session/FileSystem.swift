/// A change that the session's code asks the operating system for, as a value.
enum FileOperation: Equatable, Sendable {
    /// A file is opened that may have to be made.
    case create(path: String)
    /// Bytes are written at the end of a file.
    case write(path: String, bytes: [UInt8])
    case truncate(path: String, count: Int)
    /// `fsync` of a file, or of a folder for the names in it.
    case synchronize(path: String)
    case rename(path: String, to: String)
    case remove(path: String)
    case makeFolder(path: String)

    /// What is tried, as in ``PosixError/operation``.
    var verb: String {
        switch self {
        case .create: "open"
        case .write: "write"
        case .truncate: "truncate"
        case .synchronize: "fsync"
        case .rename: "rename"
        case .remove: "remove"
        case .makeFolder: "create"
        }
    }

    var path: String {
        switch self {
        case .create(let path), .write(let path, _), .truncate(let path, _),
            .synchronize(let path), .rename(let path, _), .remove(let path),
            .makeFolder(let path):
            path
        }
    }
}

/// What becomes of an operation that is asked for.
enum FileAdmission: Sendable {
    /// It is made.
    case made
    /// It fails with this `errno`; of a write, so many bytes get through before.
    case refused(code: Int32, afterBytes: Int = 0)
}

/// Sees every change before it is made: how the tests let a disk fail on demand.
protocol FileSystemWatcher: AnyObject, Sendable {
    func admission(of operation: FileOperation) -> FileAdmission
}

/// The one seam between the session's code and the operating system.
///
/// Without a watcher, which is always so outside the tests, it costs the look at one task-local
/// value for each call of the system.
enum FileSystem {
    @TaskLocal static var watcher: (any FileSystemWatcher)?

    /// Lets an operation pass or fail.
    static func admit(_ operation: @autoclosure () -> FileOperation) throws(PosixError) {
        guard let watcher else { return }
        let operation = operation()
        guard case .refused(let code, _) = watcher.admission(of: operation) else { return }
        throw PosixError(operation: operation.verb, path: operation.path, code: code)
    }

    /// How a write of these bytes ends before its time; nil when all of them may be written.
    static func refusal(
        ofWriting bytes: [UInt8], to path: String
    ) -> (byteCount: Int, error: PosixError)? {
        guard let watcher,
            case .refused(let code, let count) = watcher.admission(
                of: .write(path: path, bytes: bytes))
        else { return nil }
        return (count, PosixError(operation: "write", path: path, code: code))
    }
}
