/// What can be wrong with a session folder. The sentences are made in `CommandError`.
enum SessionError: Error, Equatable, Sendable {
    /// There is no such folder, or it is a file.
    case noFolder(path: String)
    /// The folder has no `session.json`.
    case notASession(path: String)
    /// A part of the session is gone: `session.json`, `journal.jsonl` or the folder of artifacts.
    case incomplete(path: String, missing: String)
    /// The journal is empty although the session has had one.
    case emptied(path: String)
    /// A new session was to be made where something stands already.
    case alreadyExists(path: String)
    /// A file or folder could not be read; `reason` is the system's.
    case unreadable(path: String, reason: String)
    /// A file or folder could not be written, for another reason than space.
    case unwritable(path: String, operation: String, reason: String)
    /// No space: the device, a quota or the limit on file sizes.
    case outOfSpace(path: String, reason: String)
    /// The session was written by a newer rlhf.
    case newerFormat(path: String, found: Int, supported: Int)
    /// `session.json` or a manifest is not what it should be.
    case malformed(path: String, line: Int, problem: String)
    /// The journal is damaged before its end; nothing was changed. `records` are still good.
    case damagedJournal(path: String, line: Int, problem: String, records: Int)
    /// Another process has the session open.
    case locked(path: String, owner: LockOwner)
    /// The session was opened for reading only.
    case readOnly(path: String)
    /// The store has no such artifact (model weights are left out of recorded sessions).
    case missingArtifact(path: String, digest: Digest)
    /// The bytes of an artifact are not those that its name promises.
    case damagedArtifact(path: String, expected: Digest, found: Digest)
    /// A metric file is damaged before its end.
    case damagedMetrics(path: String, line: Int, problem: String)
    /// No cell has this id.
    case unknownCell(id: String)

    /// The error of a call that was to write.
    static func writing(_ error: PosixError) -> SessionError {
        error.isOutOfSpace
            ? .outOfSpace(path: error.path, reason: error.reason)
            : .unwritable(path: error.path, operation: error.operation, reason: error.reason)
    }

    /// The error of a call that was to read.
    static func reading(_ error: PosixError) -> SessionError {
        .unreadable(path: error.path, reason: error.reason)
    }

    /// The same where errors of both kinds meet; `path` is for one that says nothing about itself.
    static func writing(any error: any Error, _ path: String) -> SessionError {
        switch error {
        case let error as SessionError: error
        case let error as PosixError: .writing(error)
        default: .unwritable(path: path, operation: "write", reason: "\(error)")
        }
    }

    /// The same where errors of both kinds meet; `path` is for one that says nothing about itself.
    static func reading(any error: any Error, _ path: String) -> SessionError {
        switch error {
        case let error as SessionError: error
        case let error as PosixError: .reading(error)
        default: .unreadable(path: path, reason: "\(error)")
        }
    }
}

/// Who holds the lock of a session; nil where the lock file did not say.
struct LockOwner: Equatable, Sendable {
    var processID: Int?
    var host: String?
    var since: String?
    /// The command that the process was started with.
    var command: String?
}
