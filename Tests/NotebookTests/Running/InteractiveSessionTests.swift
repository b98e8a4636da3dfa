import TerminalUI
import Testing

@testable import Notebook

struct InteractiveSessionTests {
    private func run(_ lines: [LineResult]) throws -> (
        fixture: NotebookFixture, editor: ScriptedEditor
    ) {
        let fixture = try NotebookFixture()
        let editor = ScriptedEditor(lines: lines)
        InteractiveSession(
            fixture.notebook, editor: editor, history: History(path: fixture.folder("history"))
        ).run()
        return (fixture, editor)
    }

    @Test func aLineIsACell() throws {
        let (fixture, editor) = try run([.line("  :note hello  "), .line(":note 'a  b'")])
        #expect(fixture.notebook.folder.cells.map(\.source) == [":note hello", ":note 'a  b'"])
        #expect(fixture.output(of: 1) == "hello\n")
        #expect(editor.history.suffix(2) == [":note hello", ":note 'a  b'"])
    }

    @Test func aPastedBlockStopsAtTheFirstLineThatFails() throws {
        let (fixture, _) = try run([.line(":note one\n:load demos nowhere.jsonl\n:note two")])
        #expect(fixture.notebook.folder.cells.map(\.state) == [.ok, .failed])
    }

    @Test func linesThatEndInABackslashAreOneCell() throws {
        let (fixture, _) = try run([.line(":note one \\\n  two\n:note three")])
        #expect(fixture.notebook.folder.cells.count == 2)
        #expect(fixture.output(of: 1) == "one two\n")
    }

    @Test func misspeltLinesAndEmptyOnesAreNoCells() throws {
        let (fixture, _) = try run([
            .line(":trian"), .line(""), .line("   "), .cancelled, .line(":cells"),
        ])
        #expect(fixture.notebook.folder.cells.isEmpty)
    }

    @Test func quitEndsTheSessionBeforeTheLinesAfterIt() throws {
        let (fixture, _) = try run([.line(":note one\n:quit\n:note two"), .line(":note three")])
        #expect(fixture.notebook.folder.cells.map(\.source) == [":note one"])
    }
}
