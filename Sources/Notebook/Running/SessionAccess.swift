import ArgumentParser
import TerminalUI

/// How an existing session is opened: to go on with it, to look at it, or to go on in a copy.
enum SessionOpening {
    case writing, reading, fork
}

/// The words for a session that another process may have open.
struct SessionAccess: ParsableArguments {
    @Flag(
        name: .customLong("read-only"),
        help: "Look at the session, also while another process has it open.")
    var isReadOnly = false

    @Flag(help: "Copy the session and go on in the copy.")
    var fork = false

    var opening: SessionOpening { isReadOnly ? .reading : fork ? .fork : .writing }

    func validate() throws {
        if isReadOnly && fork {
            throw ValidationError("--read-only and --fork exclude each other")
        }
    }
}

extension SessionFolder {
    /// Opens an existing session in the way that was asked for, and says what is particular about
    /// it: a copy, a newer format, damage that hides cells.
    static func open(
        at path: String, _ opening: SessionOpening, _ console: Console
    ) throws -> SessionFolder {
        if opening == .fork {
            let target = unusedCopy(of: path)
            let count = try copySound(path, to: target)
            console.complain(
                "\(SentenceParts.count(count, "record")) of \(path) copied to \(target); the work goes "
                    + "on there", .warning)
            return try open(at: target)
        }
        if opening == .reading { return try openForReading(path, console) }
        do {
            return try open(at: path)
        } catch SessionError.newerFormat(let file, let found, let supported) {
            console.complain(
                "\(file) has format \(found), this rlhf writes \(supported): the session is open for "
                    + "reading only; open it with the newer rlhf to go on", .warning)
            return try openForReading(path, console)
        }
    }

    private static func openForReading(
        _ path: String, _ console: Console
    ) throws(SessionError) -> SessionFolder {
        let folder = try open(at: path, for: .reading)
        if let damage = folder.damage {
            console.complain(
                "\(path)/journal.jsonl:\(damage.line): \(damage.problem.words); what comes after it is "
                    + "not shown (\(damage.byteCount) bytes)", .warning)
        }
        return folder
    }

    private static func unusedCopy(of path: String) -> String {
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        var number = 1
        while ((try? Posix.kind(of: "\(trimmed)-fork-\(number)")) ?? nil) != nil { number += 1 }
        return "\(trimmed)-fork-\(number)"
    }
}
