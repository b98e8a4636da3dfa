import ArgumentParser
import Autograd
import Glibc
import TerminalUI

/// Opens or makes the session that a command works on.
enum SessionStart {
    /// New sessions go here, in the working folder.
    static let home = ".rlhf/sessions"

    /// The settings of the command line; a session that exists keeps its seed and shards.
    static func settings(_ options: GlobalOptions, seed: Int? = nil) -> Settings {
        var settings = Settings()
        settings.threads = max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        if let seed { settings.seed = UInt64(max(0, seed)) }
        settings.apply(options)
        return settings
    }

    /// - Parameters:
    ///   - path: An existing session is opened, a missing one made; nil makes one in ``home``.
    ///   - document: The tutorial it follows.
    ///   - set: Assignments `NAME=VALUE` to the tutorial's parameters; those of an existing session
    ///     stay what they were.
    static func notebook(
        at path: String?, named name: String, document: TutorialDocument?, set: [String] = [],
        options: GlobalOptions, console: Console? = nil
    ) throws -> LiveSession {
        // Wrong words are to leave no session behind.
        var parameters = try document.map { try Parameters.resolve($0, set: set) }
        var settings = settings(options, seed: document?.seed)
        let folder: SessionFolder
        if let path, ((try? Posix.kind(of: Files.join(path, "session.json"))) ?? nil) == .file {
            folder = try SessionFolder.open(at: path)
            if let seed = options.seed, seed != UInt64(folder.info.seed) {
                throw CommandError.usage(
                    "the session in \(path) has the seed \(folder.info.seed), which results depend on; "
                        + "leave --seed out or start another session")
            }
            settings.seed = UInt64(folder.info.seed)
            settings.shards = folder.info.shards
            settings.precision = try folder.info.supportedPrecision()
            if let document, let recorded = folder.info.parameters {
                parameters = try Parameters.resolve(document, set: set, recorded: recorded)
            }
        } else {
            let place = path ?? "\(home)/\(name)-\(Timestamp.fileName(Timestamp.now()))-\(getpid())"
            folder = try SessionFolder.create(
                at: place,
                SessionInfo(
                    name: name, seed: Int(settings.seed), shards: settings.shards,
                    precision: settings.precision.rawValue,
                    engine: Engine.version, instructionSet: KernelTarget.signature,
                    tutorial: document.map {
                        SessionInfo.TutorialReference(path: $0.path, digest: $0.digest)
                    }))
        }
        let notebook = LiveSession(
            folder: folder, console: console ?? Console(settings: settings), settings: settings)
        notebook.document = document
        if let parameters { try notebook.take(parameters) }
        if let recovery = folder.recovery {
            notebook.console.complain(
                "the last record of the journal was torn (\(recovery.byteCount) bytes); they were moved "
                    + "to \(recovery.savedTo)", .warning)
        }
        return notebook
    }
}
