import ArgumentParser
import OrderedJSON
import Testing

@testable import Notebook

struct LiveSessionParametersTests {
    private func walked() throws -> (fixture: NotebookFixture, path: String) {
        let fixture = try NotebookFixture()
        let page = """
            ---
            rlhf: {parameters: {word: hello, twice: "= word + word"}}
            ---
            ```{code-cell} rlhf
            ---
            name: say
            ---
            :note ${twice}
            ```
            ```{code-cell} rlhf
            ---
            name: other
            ---
            :note other
            ```
            """
        let document = try TutorialDocument(markdown: Array(page.utf8), path: "page.md")
        let notebook = fixture.notebook
        notebook.document = document
        try notebook.take(try Parameters.resolve(document))
        let runner = CellRunner(notebook: notebook, document: document, showsProse: false)
        #expect(try runner.runAll() == .done)
        return (fixture, notebook.folder.path)
    }

    @Test func settingIsRecordedAndEditsTheCellsThatUseIt() throws {
        let (fixture, path) = try walked()
        let notebook = fixture.notebook
        #expect(notebook.folder.cell("say")?.source == ":note hellohello")
        notebook.performUnrecorded(try CommandLineParser.command(":set word hey"))
        #expect(notebook.folder.cell("say")?.source == ":note heyhey")
        #expect(notebook.folder.cell("say")?.state == .new)
        #expect(notebook.folder.cell("other")?.state == .ok)
        _ = notebook.close()
        let folder = try SessionFolder.open(at: path, for: .reading)
        #expect(
            folder.info.parameters
                == ["values": ["word": "hey", "twice": "heyhey"], "set": ["word"]])
    }

    @Test func settingAtTheNextOpeningMarksTheCellsToo() throws {
        let (fixture, path) = try walked()
        let document = try #require(fixture.notebook.document)
        _ = fixture.notebook.close()
        let console = Console(settings: Settings())
        console.isSilent = true
        let notebook = try SessionStart.notebook(
            at: path, named: "again", document: document, set: ["word=hey"],
            options: try GlobalOptions.parse([]), console: console)
        defer { _ = notebook.close() }
        #expect(notebook.folder.cell("say")?.isEdited == true)
        #expect(notebook.folder.cell("say")?.source == ":note heyhey")
        #expect(notebook.folder.cell("other")?.state == .ok)
        #expect(notebook.staleCount == 1)
        // And back: the text that was run is the cell's own again.
        notebook.performUnrecorded(try CommandLineParser.command(":set word hello"))
        #expect(notebook.staleCount == 0)
    }

    @Test func aCellEditedByHandStaysAsItIs() throws {
        let (fixture, _) = try walked()
        let notebook = fixture.notebook
        notebook.performUnrecorded(try CommandLineParser.command(":edit 1 :note mine"))
        notebook.performUnrecorded(try CommandLineParser.command(":set word hey"))
        #expect(notebook.folder.cell("say")?.source == ":note mine")
    }

    @Test func aWrongValueChangesNothing() throws {
        let (fixture, _) = try walked()
        let before = fixture.notebook.folder.info
        fixture.notebook.performUnrecorded(try CommandLineParser.command(":set worth hey"))
        #expect(fixture.notebook.folder.info == before)
        #expect(fixture.notebook.folder.cell("say")?.state == .ok)
    }
}
