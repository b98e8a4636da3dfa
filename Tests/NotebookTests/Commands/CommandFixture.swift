import ArgumentParser
import Foundation
import OrderedJSON
import Testing

@testable import Notebook

/// Runs commands as the shell does, and keeps what they showed.
struct CommandFixture {
    let folder: TemporaryFolder
    let console: Console
    let context: CommandContext

    init() throws {
        folder = try TemporaryFolder()
        var settings = Settings()
        settings.threads = 2
        console = Console(settings: settings)
        console.isSilent = true
        context = CommandContext(settings: settings, console: console, workspace: Workspace())
    }

    /// Parses words as they are typed after `rlhf` and executes the command.
    func run(_ words: String...) throws {
        console.startCell()
        context.words = words
        let command = try #require(try RLHF.parseAsRoot(words) as? any NotebookCommand)
        try command.execute(in: context)
    }

    /// The error of a command that must fail.
    func failure(_ words: String...) throws -> CommandError {
        context.words = words
        do {
            let command = try #require(try RLHF.parseAsRoot(words) as? any NotebookCommand)
            try command.execute(in: context)
        } catch {
            return commandError(for: error)
        }
        throw CommandError("the command did not fail")
    }

    /// What was shown, at 80 columns and without colour.
    var shown: String {
        console.outputs.map { output in
            if case .text(let text) = output.content { text } else { "" }
        }.joined()
    }

    /// The same without line ends, for paths that make lines wrap.
    var shownInOneLine: String {
        shown.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }.joined(separator: " ")
    }

    func write(_ name: String, _ text: String) throws -> String {
        try folder.write(name, Array(text.utf8))
        return folder(name)
    }

    /// A file under `Tests/Fixtures`.
    static func fixture(_ path: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Fixtures/" + path).path
    }
}
