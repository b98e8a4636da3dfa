import OrderedJSON
import Testing

@testable import Notebook

@Suite struct NotebookReaderTests {
    private func document(_ text: String) throws -> TutorialDocument {
        try TutorialDocument(notebook: Array(text.utf8), path: "a.ipynb")
    }

    private func notebook(of document: TutorialDocument) -> String {
        SessionExport(info: nil, cells: [], tutorial: document) { _ in "" }.notebook
    }

    /// What Jupyter and jupytext write: kernels of other languages, outputs of other tools.
    static let foreign = """
        {"cells": [
          {"cell_type": "markdown", "id": "m1", "metadata": {}, "source": ["# Title\\n", "text"]},
          {"cell_type": "code", "id": "k9-A_b", "metadata": {"tags": ["x"], "collapsed": true},
           "execution_count": 3, "source": [":load demos a.jsonl\\n", ":train sft"],
           "outputs": [{"output_type": "execute_result", "execution_count": 3, "metadata": {"a": 1},
             "data": {"text/plain": "7", "image/png": "aGk="}}]},
          {"cell_type": "code", "id": "py", "metadata": {}, "execution_count": null, "outputs": [],
           "source": "print('```')"},
          {"cell_type": "raw", "id": "r", "metadata": {}, "source": "as it is"}],
         "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"},
           "language_info": {"name": "python"}},
         "nbformat": 4, "nbformat_minor": 5}
        """

    @Test func `cells that start with a colon are ours, others become prose`() throws {
        let document = try document(Self.foreign)
        #expect(document.cells.map(\.source) == [":load demos a.jsonl\n:train sft"])
        #expect(document.cells[0].id == "k9-A_b")
        #expect(document.cells[0].tags == ["x"])
        #expect(document.cells[0].otherMetadata["collapsed"] == true)
        let page = try TutorialDocument(markdown: Array(document.text.utf8), path: "a.md")
        #expect(page.cells.map(\.source) == document.cells.map(\.source))
        #expect(document.text.contains("```python\nprint('```')\n```\n"))
        #expect(document.text.contains("```{raw-cell}\nas it is\n```\n"))
    }

    @Test func `outputs that are not ours go out as they came`() throws {
        let json = try JSON(parsing: notebook(of: try document(Self.foreign)))
        #expect(NotebookRules.problems(of: json) == [])
        let before = try JSON(parsing: Self.foreign)["cells"]?[1]?["outputs"]
        let after = json["cells"]?[1]?["outputs"]
        #expect(
            after.map { NotebookText.canonical($0) } == before.map { NotebookText.canonical($0) })
    }

    @Test(arguments: [
        (
            "[1]",
            "a.ipynb: the notebook cannot be read: it is to be a Jupyter notebook of nbformat 4, "
                + "found an array; "
        ),
        (
            "{\"nbformat\": 3, \"worksheets\": []}",
            "a.ipynb: the notebook cannot be read: it is to be a Jupyter notebook of nbformat 4, found "
                + "nbformat 3; "
        ),
        (
            "{\"nbformat\": 4, \"cells\": [{\"cell_type\": \"code\"}]}",
            "a.ipynb, cell 1: the notebook cannot be read: the cell is to have cell_type and source, "
                + "which every cell has; "
        ),
        ("{\n\"nbformat\": 4,,", "a.ipynb:2: the notebook cannot be read: "),
        ("{\"nbformat\": 4, \"cells\": []}", "a.ipynb has no cells, "),
    ])
    func `what is no notebook says so`(text: String, sentence: String) {
        do {
            _ = try document(text)
            Issue.record("it was read")
        } catch {
            #expect(commandError(for: error).sentence.hasPrefix(sentence))
        }
    }

    @Test(arguments: [
        (
            #""metadata": {"rlhf": {"expct": 1}}, "source": ":note x""#,
            "a.ipynb, cell 2: the key \"expct\" means nothing, "
        ),
        (
            #""metadata": {"name": "a"}, "source": ":note y""#,
            "a.ipynb, cell 2: the name \"a\" is that of cell 1 too; "
        ),
    ])
    func `what is wrong with a cell names the cell`(second: String, sentence: String) {
        let head = #"{"cell_type": "code", "id": "a", "#
        let first = head + #""metadata": {"name": "a"}, "source": ":note x"}"#
        let text = "{\"nbformat\": 4, \"cells\": [\(first), \(head)\(second)}]}"
        do {
            _ = try document(text)
            Issue.record("it was read")
        } catch {
            #expect(commandError(for: error).sentence.hasPrefix(sentence))
        }
    }

    @Test func `a parameter that is none is named with its cell and line`() throws {
        let text = #"""
            {"nbformat": 4, "cells": [
              {"cell_type": "markdown", "metadata": {}, "source": "# A"},
              {"cell_type": "code", "metadata": {}, "source": ":note a\n:note ${stpes}"}]}
            """#
        #expect(
            throws: CommandError.usage(
                "a.ipynb, cell 2, line 2: the cell uses ${stpes}, which is no parameter of the "
                    + "document; declare it under rlhf.parameters at the top")
        ) { try Parameters.resolve(try document(text)) }
    }

    /// What would end a cell, open a front matter or swallow the cells below, were it a page's own.
    @Test(arguments: [
        "```\nopen", "~~~~ text\nopen\n~~~", "<!-- open", "```\n<!--\n```\n<!-- -->",
        "---\nname: x",
        "+++", "    ```",
    ])
    func `no prose takes in the cells that follow`(prose: String) throws {
        let sources = [
            "", ":note one\r\n:note two", ":note ```\n```\n:note é 日本 👩‍👩‍👧", "%magic", ":name: x",
            "---",
        ]
        let cells = sources.map {
            #"{"cell_type": "code", "metadata": {}, "source": \#(JSON.string($0).text)}"#
        }
        let text = JSON.string(prose).text
        let head = #"{"cell_type": "markdown", "metadata": {}, "source": \#(text)}"#
        let document = try document(
            #"{"nbformat": 4, "metadata": {"language_info": {"name": "rlhf"}}, "cells": ["#
                + ([head] + cells).joined(separator: ", ") + "]}")
        let expected = sources.map { $0.replacing("\r\n", with: "\n") }
        #expect(document.cells.map(\.source) == expected)
        let page = try TutorialDocument(markdown: Array(document.text.utf8), path: "a.md")
        #expect(page.cells.map(\.source) == expected)
        #expect(page.frontMatter == document.frontMatter)
        let again = try self.document(notebook(of: page))
        #expect(again.cells.map(\.source) == expected)
    }

    @Test func `repeated ids are told apart`() throws {
        let cell =
            "{\"cell_type\": \"code\", \"id\": \"a\", \"metadata\": {}, \"source\": \":note x\"}"
        let text = "{\"nbformat\": 4, \"cells\": [\(cell), \(cell)], \"metadata\": {}}"
        #expect(try document(text).cells.map(\.id) == ["a", "t-2"])
    }

    @Test func `the tutorial survives the way there and back`() throws {
        let path = CommandFixture.fixture("../../Tutorials/01-align-a-model.md")
        let page = try TutorialDocument.read(path: path)
        let text = notebook(of: page)
        #expect(NotebookRules.problems(of: try JSON(parsing: text)) == [])
        let again = try document(text)
        #expect(again.blocks.map(Self.essence) == page.blocks.map(Self.essence))
        #expect(again.title == page.title && again.seed == page.seed)
        #expect(notebook(of: again) == text)
    }

    /// Names, texts, promises and prose; how YAML was written does not matter.
    private static func essence(_ block: TutorialDocument.Block) -> String {
        switch block {
        case .prose(let text): "prose " + text
        case .cell(let cell):
            "cell \(cell.id) \(cell.name ?? "") \(cell.tags) \(cell.source) \(cell.answers) "
                + "\(cell.expectations.map { $0.name + $0.text }.sorted())"
        }
    }

    // MARK: - Properties

    @Test func `pages and notebooks say the same, over seeds`() throws {
        for seed in 0..<300 {
            let page = Self.randomPage(seed: UInt64(seed))
            let first = try TutorialDocument(markdown: Array(page.utf8), path: "a.md")
            #expect(first.text == page, "seed \(seed)")
            let text = notebook(of: first)
            #expect(NotebookRules.problems(of: try JSON(parsing: text)) == [], "seed \(seed)")
            let second = try document(text)
            #expect(
                second.blocks.map(Self.essence) == first.blocks.map(Self.essence), "seed \(seed)")
            let third = try TutorialDocument(markdown: Array(second.text.utf8), path: "a.md")
            #expect(
                third.blocks.map(Self.essence) == first.blocks.map(Self.essence), "seed \(seed)")
            #expect(notebook(of: third) == text, "seed \(seed)")
        }
    }

    private static func randomPage(seed: UInt64) -> String {
        var random = SeededPieces(seed: seed)
        let sources = [
            ":load demos a.jsonl", ":note 'é 日本 \\ \"q\" ${x'", "How are you?", "---", ":name: x",
            "```",
            "  indented", "````x", "# comment", "a\u{2028}b", "+++", "<!-- no -->",
        ]
        let proses = [
            "# Title\n\ntext *x*", "* a\n* b", "```python\nx = 1\n```", "<!-- note: y -->",
            "| a |\n|---|",
            "~~~\n```{code-cell} rlhf\n~~~", "ends in é", "$x$ and \\",
        ]
        var blocks = [""]
        var isProse = false
        for index in 0..<(1 + random.next(6)) {
            if index > 0, random.next(2) == 0 {
                if isProse { blocks.append("+++\n") }
                blocks.append(random.pick(proses) + "\n")
                isProse = true
            } else {
                let source = (0..<(1 + random.next(3))).map { _ in random.pick(sources) }
                    .joined(separator: "\n")
                let fence = TutorialCell.fence(around: source)
                let named = [
                    "\n", "---\nname: cell-\(index)\n---\n",
                    "---\nname: c\(index)\ntags: [a, b]\nrlhf: {expect: {kl: \"< 3\"}, answers: [l, r]}\n---\n",
                ]
                // A page's cell needs a line that is no option and opens no YAML block.
                blocks.append(
                    "\(fence){code-cell} rlhf\n\(random.pick(named))\(source)\n\(fence)\n")
                isProse = false
            }
        }
        return blocks.dropFirst().joined(separator: "\n")
    }
}
