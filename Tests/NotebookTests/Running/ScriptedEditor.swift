import TerminalUI

@testable import Notebook

/// A person who types what was written down beforehand, then leaves.
final class ScriptedEditor: LineEditor {
    var completer: Completer?
    private(set) var history: [String] = []
    private var lines: [LineResult]
    private var keys: [KeyResult]

    init(lines: [LineResult] = [], keys: [KeyResult] = []) {
        self.lines = lines
        self.keys = keys
    }

    /// Keys by their characters.
    convenience init(keys: String) { self.init(keys: keys.map { .key(.character($0)) }) }

    var remainingKeys: Int { keys.count }

    func readLine(prompt: StyledLine, prefill: String?) -> LineResult {
        lines.isEmpty ? .endOfInput : lines.removeFirst()
    }

    func readKey() -> KeyResult { keys.isEmpty ? .endOfInput : keys.removeFirst() }

    func addHistory(_ line: String) { history.append(line) }
    func beginRunning() {}
    func endRunning() {}
}

/// A session in a folder that goes away, with nothing shown.
struct NotebookFixture {
    let folder: TemporaryFolder
    let notebook: LiveSession

    init(baseFolder: Bool = false) throws {
        folder = try TemporaryFolder()
        let settings = Settings()
        let console = Console(settings: settings)
        console.isSilent = true
        var info = SessionInfo.example
        if baseFolder {
            info.tutorial = SessionInfo.TutorialReference(
                path: folder("lesson.md"), digest: Digest(of: ""))
        }
        notebook = LiveSession(
            folder: try SessionFolder.create(at: folder("session"), info), console: console,
            settings: settings)
    }

    /// What the cell of this number has shown.
    func output(of number: Int) -> String {
        guard let cell = notebook.folder.cells.first(where: { $0.number == number }) else {
            return ""
        }
        return cell.outputs.map { if case .text(let text) = $0.content { text } else { "" } }
            .joined()
    }
}
