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
        let step = StepRecord(
            line: ":load a.jsonl",
            identity: StepIdentity(
                command: "load", options: JSONObject(), arguments: ["a.jsonl"], seed: 42, shards: 8,
                precision: "f32",
                engine: EngineIdentity(version: "1", build: "b", instructionSet: "i")),
            inputs: StepInputs(), seconds: 0.5, key: Digest(of: "key"), savedSeconds: 41.2)
        load.details = JSONObject([("steps", .array([step.json]))])
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
        info.created = "2026-11-21T10:15:03Z"
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

    private static func ids(_ export: SessionExport) -> [String] {
        export.parts.map { part in if case .cell(let cell, _) = part { cell.id } else { "prose" } }
    }

    @Test func `cells typed in between stand where they were run`() throws {
        #expect(
            Self.ids(try Self.export()) == ["prose", "load", "c-2", "t-2", "prose", "c-4"])
        #expect(Self.ids(try Self.export(tutorial: false)) == ["load", "c-2", "t-2", "c-4"])
    }

    @Test func `moved cells stand where they were moved to`() throws {
        let export = try Self.export()
        let document = try TutorialDocument(markdown: Array(Self.lesson.utf8), path: "a.md")
        let cells = export.cells
        func order(_ ids: [String]) -> [String] {
            let moved = ids.compactMap { id in cells.first { $0.id == id } }
            return Self.ids(
                SessionExport(info: .example, cells: moved, tutorial: document) { _ in "" })
        }
        #expect(
            order(["t-2", "load", "c-2", "c-4"]) == ["prose", "t-2", "load", "prose", "c-2", "c-4"])
        #expect(
            order(["c-4", "load", "t-2", "c-2"]) == ["prose", "c-4", "load", "t-2", "prose", "c-2"])
        // A lesson's cell that was deleted is shown as one that was not run.
        #expect(order(["c-2", "t-2"]) == ["prose", "load", "c-2", "t-2", "prose"])
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

                > Taken from the store, which saved 41.2 s.

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

                ---

                |  | Where this came from |
                |---|---|
                | session | align (session-1) |
                | made | 2026-11-21T10:15:03Z |
                | seed | 42 |
                | shards | 8 |
                | precision | f32 |
                | engine | rlhf 0.1.0 |
                | instruction set | avx2 |
                | cells | 4 cells: 2 ok, 1 stale, 1 failed; 1 from the store; 500 ms of computing |

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

    @Test func `the notebook keeps the rules of nbformat`() throws {
        let text = try Self.export().notebook
        let json = try JSON(parsing: text)
        #expect(NotebookRules.problems(of: json) == [])
        let cells = try #require(json["cells"]?.arrayValue)
        #expect(cells.count == 6)
        #expect(cells[1]["source"] == [":load a.jsonl"])
        #expect(cells[3]["source"] == [":train sft\n", ":plot loss"])
        #expect(cells[1]["outputs"]?[0]?["text"] == ["2 rows\n"])
        #expect(cells[1]["metadata"]?["rlhf"]?["duration_s"] == 0.5)
        #expect(cells[1]["metadata"]?["rlhf"]?["from_store"] == true)
        #expect(cells[2]["outputs"]?[0]?["traceback"] == ["There is no policy yet."])
        let data = cells[3]["outputs"]?[0]?["data"]
        #expect(data?["application/vnd.rlhf.series+json"]?["title"] == "loss")
        #expect(data?["image/svg+xml"]?[0]?.stringValue?.hasPrefix("<svg xmlns=") == true)
        #expect(cells[3]["metadata"]?["rlhf"]?["stale"] == true)
        #expect(json["metadata"]?["rlhf"]?["engine"] == "0.1.0")
    }

    @Test func `the page holds everything and nothing foreign`() throws {
        let html = try Self.export().html
        for part in [
            "<title>align</title>", "<h1>Align &amp; &lt;b&gt;measure&lt;/b&gt;</h1>",
            "<p>First <em>load</em>, then <code>train</code>:</p>",
            "<pre class=\"source\">What is ``` &lt;b&gt;?</pre>",
            "<b>:load</b> a.jsonl", "<p class=\"said\">2 rows</p>", "<th class=\"n\">a</th>",
            "<p class=\"remark bad\">There is no policy yet.</p>",
            "<span class=\"mark\">from the store</span>",
            "<span class=\"mark warning\">stale</span>",
            "<figure data-series=\"[{&quot;name&quot;:&quot;loss&quot;,&quot;points&quot;:[[0.0,2.0],"
                + "[10.0,1.0]]}]\">",
            "<th scope=\"row\">seed</th><td>42</td>", "rlhf 0.1.0", "avx2",
            "4 cells: 2 ok, 1 stale, 1 failed; 1 from the store; 500 ms of computing",
        ] { #expect(html.contains(part), "\(part)") }
        for foreign in ["http", "<b>m", "<link", "src=", "url(", "import"] {
            #expect(!html.contains(foreign), "\(foreign)")
        }
    }

    @Test func `hostile texts stay texts`() throws {
        let evil = "</script><img src=x onerror=alert(1)>\"'&"
        var cell = Cell(id: "c-1", number: 1, source: evil)
        cell.state = .failed
        cell.error = evil
        cell.outputs = [
            .text(evil), .table(title: evil, columns: [evil], rows: [[.string(evil)]]),
            .plot(title: evil, x: evil, y: evil, series: [(evil, [(0, 1), (1, 2)])]), .error(evil),
            .text("┌─ \(evil) ─┐\n│ \(evil) │\n└\(String(repeating: "─", count: 44))┘\n"),
            .text("\(evil)  \(evil)\n"),
        ]
        var info = SessionInfo.example
        info.name = evil
        info.parameters = ["values": [evil: .string(evil)], "set": []]
        let html = SessionExport(info: info, cells: [cell], render: OutputText.text).html
        #expect(!html.contains("<img"))
        #expect(html.ranges(of: "</script>").count == 1)
    }

    @Test func `parameters and checks are shown`() throws {
        var cell = Cell(id: "train", number: 1, name: "train", source: ":train reward --steps 9")
        cell.state = .ok
        cell.details = JSONObject([("facts", ["accuracy": 0.91])])
        let page = """
            ```{code-cell} rlhf
            ---
            name: train
            rlhf: {expect: {accuracy: ">= 0.90", kl: "< 3"}}
            ---
            :train reward --steps ${steps}
            ```
            """
        var info = SessionInfo.example
        info.parameters = ["values": ["steps": 9, "rate": 0.5], "set": ["steps"]]
        let export = SessionExport(
            info: info, cells: [cell],
            tutorial: try TutorialDocument(markdown: Array(page.utf8), path: "a.md"),
            render: OutputText.text)
        #expect(export.html.contains("✓ accuracy is 0.910, expected &gt;= 0.90"))
        #expect(export.html.contains("✗ kl is not reported, expected &lt; 3"))
        #expect(export.html.contains("<td>steps</td><td>9</td><td>set</td>"))
        #expect(export.markdown.contains("| parameters | steps = 9 (set), rate = 0.5 |"))
        #expect(export.markdown.contains("rlhf: {expect: {accuracy: \">= 0.90\", kl: \"< 3\"}}"))
        let json = try JSON(parsing: export.notebook)
        #expect(json["metadata"]?["rlhf"]?["values"] == ["rate": 0.5, "steps": 9])
        #expect(json["cells"]?[0]?["metadata"]?["rlhf"]?["expect"]?["kl"] == "< 3")
    }

    @Test func `an edited cell is told from one that was never run`() throws {
        var cell = Cell(id: "c-1", number: 1, source: ":note two")
        cell.ran = ":note one"
        cell.ended = .ok
        let export = SessionExport(info: .example, cells: [cell]) { _ in "" }
        let ours = try JSON(parsing: export.notebook)["cells"]?[0]?["metadata"]?["rlhf"]
        #expect(ours?["state"] == "edited")
        #expect(ours?["stale"] == true)
        #expect(export.html.contains("<span class=\"mark warning\">edited</span>"))
        for text in [export.html, export.markdown] {
            #expect(text.contains("1 cell: 1 edited; "))
            #expect(text.contains("This cell was edited since it was run."))
        }
    }
}
