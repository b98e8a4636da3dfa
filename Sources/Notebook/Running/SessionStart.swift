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
        settings.threads = Posix.processorCount
        if let seed { settings.seed = UInt64(max(0, seed)) }
        settings.apply(options)
        return settings
    }

    /// - Parameters:
    ///   - path: An existing session is opened, a missing one made; nil makes one in ``home``.
    ///   - document: The tutorial it follows.
    ///   - set: Assignments `NAME=VALUE` to the tutorial's parameters; those of an existing session
    ///     stay what they were.
    ///   - opening: Whether an existing session is only looked at or copied.
    static func notebook(
        at path: String?, named name: String, document: TutorialDocument?, set: [String] = [],
        options: GlobalOptions, opening: SessionOpening = .writing, console: Console? = nil
    ) throws -> LiveSession {
        // Wrong words are to leave no session behind.
        var parameters = try document.map { try Parameters.resolve($0, set: set) }
        var settings = settings(options, seed: document?.seed)
        var recorded: Parameters?
        let console = console ?? Console(settings: settings)
        let folder: SessionFolder
        if let path, ((try? Posix.kind(of: Files.join(path, "session.json"))) ?? nil) == .file {
            folder = try SessionFolder.open(at: path, opening, console)
            if let seed = options.seed, seed != UInt64(folder.info.seed) {
                throw CommandError.usage(
                    "the session in \(path) has the seed \(folder.info.seed), which results depend on; "
                        + "leave --seed out or start another session")
            }
            settings.seed = UInt64(folder.info.seed)
            settings.shards = folder.info.shards
            settings.precision = try folder.info.supportedPrecision()
            if let document, let json = folder.info.parameters {
                recorded = try Parameters.resolve(document, recorded: json)
                parameters = try Parameters.resolve(document, set: set, recorded: json)
            }
        } else {
            if let path, opening != .writing {
                throw try missing(path)
            }
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
            folder: folder, console: console, settings: settings)
        notebook.document = document
        notebook.parameters = recorded
        if let parameters, !folder.isReadOnly { try notebook.take(parameters) }
        if folder.isReadOnly { notebook.parameters = parameters }
        for sentence in CrashReport(folder, offersResume: document == nil).sentences {
            notebook.console.complain(sentence, .warning)
        }
        return notebook
    }

    /// Why there is nothing to look at or to copy.
    private static func missing(_ path: String) throws -> any Error {
        _ = try SessionFolder.open(at: path, for: .reading)
        return SessionError.notASession(path: path)
    }
}
