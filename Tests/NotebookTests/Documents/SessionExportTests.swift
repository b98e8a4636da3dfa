import OrderedJSON
import Testing

@testable import Notebook

@Suite struct SessionExportTests {
    static let lesson = """
        # Align & <b>measure</b>

        First *load*, then `train`:

        ```{code-cell} rlhf
        ---
        name: load
        ---
        :load a.jsonl
        ```
        ```{code-cell} rlhf

        :train sft
        ```
        The end.

        """

    static func export(tutorial: Bool = true) throws -> SessionExport {
        var load = Cell(id: "load", number: 1, name: "load", source: ":load a.jsonl")
        load.state = .ok
        load.outputs = [.text("2 rows\n")]
        load.seconds = 0.5
        load.writes = ["demos": Digest(of: "d")]
        var question = Cell(id: "c-2", number: 2, source: "What is ``` <b>?")
        question.state = .failed
        question.error = "There is no policy yet."
        var train = Cell(id: "t-2", number: 3, source: ":train sft\n:plot loss")
        train.state = .stale
        train.outputs = [
            .plot(title: "loss", series: [("loss", [(0, 2), (10, 1)])]),
            .table(columns: ["a"], rows: [[1]]),
        ]
        var extra = Cell(id: "c-4", number: 4, source: ":quit")
        extra.state = .ok
        let document = try TutorialDocument(markdown: Array(lesson.utf8), path: "a.md")
        var info = SessionInfo.example
        info.id = "session-1"
        return SessionExport(
            info: info, cells: [load, question, train, extra],
            tutorial: tutorial ? document : nil
        ) { output in
            switch output.content {
            case .text(let text), .error(let text): text
            case .plot: "⠤⠤ <plot>"
            default: "table"
            }
        }
    }

    @Test func `cells typed in between stand where they were run`() throws {
        let ids = try Self.export().parts.map { part in
            if case .cell(let cell) = part { cell.id } else { "prose" }
        }
        #expect(ids == ["prose", "load", "c-2", "t-2", "prose", "c-4"])
        let bare = try Self.export(tutorial: false).parts.map { part in
            if case .cell(let cell) = part { cell.id } else { "prose" }
        }
        #expect(bare == ["load", "c-2", "t-2", "c-4"])
    }

    @Test func `cells of the lesson that were not run are shown`() throws {
        let document = try TutorialDocument(markdown: Array(Self.lesson.utf8), path: "a.md")
        let export = SessionExport(info: .example, cells: [], tutorial: document) { _ in "" }
        #expect(export.markdown.contains("\n> This cell has not been run.\n"))
        #expect(export.notebook.contains("\"execution_count\": null"))
    }

    @Test func `the Markdown reads as a page`() throws {
        let text = try Self.export().markdown
        #expect(
            text == """
                ---
                rlhf: {schema: 1, title: "align", seed: 42}
                ---
                # Align & <b>measure</b>

                First *load*, then `train`:

                ```{code-cell} rlhf
                ---
                name: load
                ---
                :load a.jsonl
                ```

                ```text
                2 rows
                ```

                ```{code-cell} rlhf

                What is ``` <b>?
                ```

                > There is no policy yet.

                ```{code-cell} rlhf

                :train sft
                :plot loss
                ```

                ```text
                ⠤⠤ <plot>
                ```

                ```text
                table
                ```

                > Something this cell reads has changed since it was run.

                The end.

                ```{code-cell} rlhf

                :quit
                ```


                """)
    }

    @Test func `the Markdown runs again as a lesson`() throws {
        let export = try Self.export()
        let document = try TutorialDocument(markdown: Array(export.markdown.utf8), path: "b.md")
        #expect(document.seed == 42)
        #expect(document.title == "align")
        #expect(document.cells.map(\.name) == ["load", nil, nil, nil])
        #expect(
            document.cells.map(\.source)
                == [":load a.jsonl", "What is ``` <b>?", ":train sft\n:plot loss", ":quit"])
    }

    /// The rules of nbformat 4.5 for what an export holds (`nbformat.v4.5.schema.json`).
    @Test func `the notebook keeps the rules of nbformat`() throws {
        let text = try Self.export().notebook
        let json = try JSON(parsing: text)
        #expect(json.objectValue?.keys == ["cells", "metadata", "nbformat", "nbformat_minor"])
        #expect(json["nbformat"] == 4)
        #expect(json["nbformat_minor"] == 5)
        #expect(json["metadata"]?["kernelspec"]?["display_name"] == "RLHF")
        let cells = try #require(json["cells"]?.arrayValue)
        #expect(cells.count == 6)
        for cell in cells {
            let isCode = cell["cell_type"] == "code"
            let keys = cell.objectValue?.keys
            #expect(
                keys
                    == (isCode
                        ? ["cell_type", "execution_count", "id", "metadata", "outputs", "source"]
                        : ["cell_type", "id", "metadata", "source"]))
            let id = try #require(cell["id"]?.stringValue)
            #expect(id.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
            for output in cell["outputs"]?.arrayValue ?? [] {
                let expected =
                    switch output["output_type"] {
                    case "stream": ["name", "output_type", "text"]
                    case "display_data": ["data", "metadata", "output_type"]
                    default: ["ename", "evalue", "output_type", "traceback"]
                    }
                #expect(output.objectValue?.keys == expected)
            }
        }
        #expect(Set(cells.map { $0["id"]?.text }).count == 6)
        #expect(cells[1]["source"] == [":load a.jsonl"])
        #expect(cells[3]["source"] == [":train sft\n", ":plot loss"])
        #expect(cells[1]["outputs"]?[0]?["text"] == ["2 rows\n"])
        #expect(cells[1]["metadata"]?["rlhf"]?["duration_s"] == 0.5)
        #expect(cells[2]["outputs"]?[0]?["traceback"] == ["There is no policy yet."])
        let data = cells[3]["outputs"]?[0]?["data"]
        #expect(data?["application/vnd.rlhf.series+json"]?["title"] == "loss")
        #expect(cells[3]["metadata"]?["rlhf"]?["stale"] == true)
    }

    /// As Python's `json.dumps(indent=1, sort_keys=True, ensure_ascii=False)` writes it.
    @Test func `the notebook has the bytes that Jupyter writes`() {
        let json: JSON = ["b": [1, ["x": [], "a": nil]], "a": "é/\"", "c": [:]]
        #expect(
            SessionExport.jupyterText(json) == """
                {
                 "a": "é/\\"",
                 "b": [
                  1,
                  {
                   "a": null,
                   "x": []
                  }
                 ],
                 "c": {}
                }
                """)
    }

    @Test func `the page holds everything and nothing foreign`() throws {
        let html = try Self.export().html
        for part in [
            "<title>align</title>", "<h1>Align &amp; &lt;b&gt;measure&lt;/b&gt;</h1>",
            "<p>First <em>load</em>, then <code>train</code>:</p>",
            "<pre class=\"source\">What is ``` &lt;b&gt;?</pre>",
            "<pre class=\"output\">2 rows</pre>", "<pre class=\"output\">table</pre>",
            "<p class=\"remark\">There is no policy yet.</p>", "<polyline points=\"64.0,28.0 ",
            "Session session-1, seed 42, 8 shards, f32, rlhf 0.1.0, avx2",
        ] { #expect(html.contains(part), "\(part)") }
        for foreign in ["<script", "http", "<b>", "<link", "src="] {
            #expect(!html.contains(foreign), "\(foreign)")
        }
    }
}
