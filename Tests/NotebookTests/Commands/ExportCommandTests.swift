import OrderedJSON
import Testing

@testable import Notebook

@Suite struct ExportCommandTests {
    let fixture: CommandFixture

    init() throws { fixture = try CommandFixture() }

    private func makeSession() throws -> String {
        let path = fixture.folder("session")
        let folder = try SessionFolder.create(at: path, .example)
        try folder.record(
            .begin(
                cell: "c-1",
                CellStart(number: 1, name: nil, source: ":note hello", resumes: false)))
        try folder.record(.output(cell: "c-1", .text("hello\n")))
        try folder.record(
            .output(
                cell: "c-1",
                .table(title: "sizes", columns: ["name", "rows"], rows: [["demos", 3]])))
        try folder.record(
            .end(
                cell: "c-1",
                CellResult(state: .ok, seconds: 0.1, reads: [:], writes: [:], metrics: nil)))
        folder.save()
        folder.close()
        return path
    }

    @Test(arguments: ["ipynb", "html", "md", "cast"])
    func theEndingOfTheNameDecides(ending: String) throws {
        let session = try makeSession()
        let out = fixture.folder("doc." + ending)
        try fixture.run("export", session, "--out", out)
        let text = String(decoding: try fixture.folder.read("doc." + ending), as: UTF8.self)
        #expect(text.contains(ending == "html" ? "<b>:note</b> hello" : ":note hello"))
        #expect(text.contains("demos"))
        switch ending {
        case "ipynb": #expect(try JSON(parsing: text)["nbformat"] == 4)
        case "html": #expect(text.hasPrefix("<!DOCTYPE html>"))
        case "cast": #expect(text.hasPrefix("{\"version\":3,"))
        default: #expect(text.contains("```{code-cell} rlhf"))
        }
        #expect(fixture.shownInOneLine == "1 cell written to \(out)")
    }

    @Test func aNameWithoutAnEndingNeedsTheFormat() throws {
        #expect(
            try fixture.failure("export", try makeSession(), "--out", "document")
                == .usage("--to ipynb, html, md or cast is needed; \"document\" does not say which")
        )
    }

    @Test func aFolderThatIsNoSessionIsNamed() throws {
        #expect(
            try fixture.failure("export", fixture.folder.path, "--out", "a.md")
                == CommandError(
                    "\(fixture.folder.path) is no session, expected a folder with session.json; "
                        + "name the folder of a session"))
    }

    @Test func outputsAreDrawnAgain() {
        #expect(OutputText.text(.text("a\n")) == "a\n")
        #expect(
            OutputText.text(
                .table(title: "sizes", columns: ["name", "rows"], rows: [["demos", 3]]))
                    == """
                    sizes
                    name   rows
                    ─────  ────
                    demos     3

                    """)
        let plot = OutputText.text(
            .plot(title: "loss", x: "step", series: [("loss", [(1, 2), (2, 1), (3, 0.5)])]))
        #expect(plot.contains("loss"))
        #expect(plot.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
    }

    @Test func aSessionThatIsOpenElsewhereIsExported() throws {
        let session = try makeSession()
        let before = try String(
            decoding: fixture.folder.read("session/journal.jsonl"), as: UTF8.self)
        let open = try SessionFolder.open(at: session)
        defer { open.close() }
        for ending in ["ipynb", "html", "md", "cast"] {
            try fixture.run("export", session, "--out", fixture.folder("open." + ending))
        }
        let after = try String(
            decoding: fixture.folder.read("session/journal.jsonl"), as: UTF8.self)
        #expect(before == after)
    }

    @Test func aTutorialBecomesANotebookAndAPageAgain() throws {
        let page = """
            ---
            rlhf: {schema: 1, seed: 7, title: Words}
            ---
            # Words

            ```{code-cell} rlhf
            ---
            name: say
            rlhf: {max_seconds: 60}
            ---
            :note hello
            ```

            The end.

            """
        let path = try fixture.write("words.md", page)
        try fixture.run("export", path, "--out", fixture.folder("words.ipynb"))
        try fixture.run(
            "export", fixture.folder("words.ipynb"), "--out", fixture.folder("again.md"))
        let again = String(decoding: try fixture.folder.read("again.md"), as: UTF8.self)
        #expect(
            again
                == page.replacing(
                    "title: Words}\n",
                    with: "title: Words}\nkernelspec: {display_name: RLHF, name: rlhf}\n"))
        #expect(
            try fixture.failure("export", path, "--out", "a.cast")
                == .usage(
                    "a recording is made of a session; run the tutorial first, then export its session"
                ))
    }

    @Test func anOpenFenceTakesInNoCellOfThePage() throws {
        let notebook = """
            {"cells": [
             {"cell_type": "markdown", "id": "a", "metadata": {}, "source": "```\\nnever closed"},
             {"cell_type": "code", "execution_count": null, "id": "b", "metadata": {}, "outputs": [],
              "source": ":note hello"}
            ], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
            """
        let path = try fixture.write("open.ipynb", notebook)
        try fixture.run("export", path, "--out", fixture.folder("open.md"))
        let page = try TutorialDocument(
            markdown: Array(try fixture.folder.read("open.md")), path: "open.md")
        #expect(page.cells.map(\.source) == [":note hello"])
    }
}
