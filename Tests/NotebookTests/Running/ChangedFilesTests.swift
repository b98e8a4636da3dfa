import Testing

@testable import Notebook

struct ChangedFilesTests {
    private let fixture: NotebookFixture

    init() throws {
        fixture = try NotebookFixture()
        try write("one")
    }

    private func write(_ word: String) throws {
        let row = "{\"prompt\": \"\(word)?\", \"completion\": \" \(word).\"}\n"
        try fixture.folder.write("demos.jsonl", Array(row.utf8))
    }

    private func loaded() throws -> LiveSession {
        let path = fixture.folder("demos.jsonl")
        for source in [":load demos \(path)", ":show demos", ":note x"] {
            let cell = fixture.notebook.execute(LiveSession.Request(source: source))
            try #require(cell.state == .ok, "\(cell.error ?? "")")
        }
        return fixture.notebook
    }

    @Test func aFileThatIsAnotherOneIsSeen() throws {
        let notebook = try loaded()
        #expect(notebook.changedFiles(of: notebook.folder.cells[0]).isEmpty)
        try write("two")
        let changes = notebook.changedFiles(of: notebook.folder.cells[0])
        #expect(changes.map(\.path) == [fixture.folder("demos.jsonl")])
        #expect(notebook.changedFiles(of: notebook.folder.cells[1]).isEmpty)
        // The session keeps what was read, so a file that has gone changes nothing.
        try Posix.remove(fixture.folder("demos.jsonl"))
        #expect(notebook.changedFiles(of: notebook.folder.cells[0]).isEmpty)
    }

    @Test func rerunningWhatIsStaleFollowsTheFileDownstream() throws {
        let notebook = try loaded()
        #expect(Rerun(notebook).plan(.stale).isEmpty)
        try write("two")
        #expect(Rerun(notebook).plan(.stale).map(\.number) == [1])
        let outcome = Rerun(notebook).perform(.stale)
        #expect(outcome.computed == 2)
        #expect(fixture.output(of: 2).contains("two"))
        #expect(notebook.staleCount == 0)
        #expect(Rerun(notebook).plan(.stale).isEmpty)
    }

    @Test func aContinuedRunReadsAChangedFileAgain() throws {
        let notebook = fixture.notebook
        let path = fixture.folder("demos.jsonl")
        let script = Array(":load demos \(path)\n:show demos\n".utf8)
        let document = try TutorialDocument(script: script, path: "script")
        let runner = CellRunner(notebook: notebook, document: document, showsProse: false)
        #expect(try runner.runAll() == .done)
        try write("two")
        #expect(try runner.runAll() == .done)
        #expect(fixture.output(of: 2).contains("two"))
        #expect(notebook.folder.cells.count == 2)
    }
}
