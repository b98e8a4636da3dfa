import ArgumentParser
import Autograd
import Glibc
import OrderedJSON
import TerminalUI

/// `rlhf replay`: every cell of a recorded session again.
struct ReplayCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Execute a recorded session again and compare.",
        discussion: """
            Everything is computed afresh in a temporary session, with the recorded seed, shards and \
            answers. On the recorded instruction set all bits must be the same. On another one, every \
            metric's mean over a run must lie within 20 % of its recorded range and 5 % of its size. \
            With --verify a difference ends with exit code 3.
            """)
    static var place: CommandPlace { .everywhere }

    @OptionGroup var global: GlobalOptions

    @Argument(help: "A session folder.", completion: .directory)
    var session: String

    @Flag(help: "Compare every step with its record; exit 3 if one differs.")
    var verify = false

    func execute(in context: CommandContext) throws {
        let recorded = try SessionFolder.open(at: session, for: .reading)
        if let damage = recorded.damage {
            throw CommandError(
                "the journal of \(session) is damaged in line \(damage.line): \(damage.problem.words)",
                exitCode: .damagedOrLocked)
        }
        let temporary = Files.join(
            Files.parent(of: Files.temporaryPath(beside: "/tmp/x")), "rlhf-replay-\(getpid())")
        let replay = try SessionReplay(recorded, in: temporary, global: global)
        defer { FolderTree.remove(temporary) }
        context.console.givesCellsOnly = true
        var rows: [[String]] = []
        var differing = 0
        for cell in recorded.cells {
            let result = replay.perform(cell)
            if result.verdict == .different { differing += 1 }
            rows.append([
                "\(cell.number)", result.verdict.rawValue, formatted(seconds: result.seconds),
                cell.source.split(separator: "\n").first.map(String.init) ?? "",
            ])
            var json = JSONObject([
                ("cell", .integer(cell.number)), ("source", .string(cell.source)),
                ("verdict", .string(result.verdict.rawValue)), ("seconds", .number(result.seconds)),
            ])
            if !result.reasons.isEmpty {
                json["differences"] = .array(result.reasons.map { .string($0) })
            }
            context.console.emit(cell: .object(json))
            let style: Style = result.verdict == .different ? .error : .good
            context.console.remark(
                StyledLine("[\(cell.number)] ", .prompt)
                    + StyledLine(result.verdict.rawValue, style)
                    + StyledLine("  \(cell.source.split(separator: "\n").first ?? "")", .dim))
            for reason in result.reasons {
                context.console.remark(Paragraph("    " + reason, .warning))
            }
            if Interrupts.isRaised { throw ExitCode(130) }
        }
        context.console.say(
            "\(recorded.cells.count) cells, \(differing) different", differing == 0 ? .good : .error
        )
        if verify && differing > 0 { throw ExitCode(CommandError.ExitCode.checkFailed.rawValue) }
    }
}

/// A folder with everything in it.
enum FolderTree {
    static func remove(_ path: String) {
        guard let kind = try? Posix.kind(of: path) else { return }
        if kind == .folder {
            for name in (try? Posix.names(in: path)) ?? [] { remove(Files.join(path, name)) }
            _ = unsafe rmdir(path)
        } else {
            try? Posix.remove(path)
        }
    }
}
