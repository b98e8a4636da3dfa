import OrderedJSON
import Testing

@testable import Notebook

@Suite struct TutorialDocumentTests {
    static let lesson = #"""
        ---
        rlhf: {schema: 1, title: "Reward models", seed: 7, minutes: 20}
        kernelspec: {name: rlhf, display_name: RLHF}
        ---
        # 1. Train a reward model
        Why we need pairs …

        ```{code-cell} rlhf
        ---
        name: train-reward
        tags: [parameters]
        rlhf: {expect: {accuracy: ">= 0.70"}, max_seconds: 60}
        ---
        :train reward --steps 200
        # a comment
        :plot reward
        ```
        Between.
        ```bash
        rlhf run x.md
        ```
        ~~~~
        ```rlhf
        :not a cell
        ```
        ~~~~
        <!-- ```rlhf
        :not a cell either
        ``` -->
        ```rlhf
        :show pairs

        ```
          ````{code-cell} rlhf

          :label \
             --count 3
          ```
          ````
        The end.

        """#

    static func document(_ text: String) throws(DocumentError) -> TutorialDocument {
        try TutorialDocument(markdown: Array(text.utf8), path: "a.md")
    }

    @Test func `reads the front matter, the cells and the prose between`() throws {
        let document = try Self.document(Self.lesson)
        #expect(document.title == "Reward models")
        #expect(document.seed == 7)
        #expect(document.minutes == 20)
        #expect(document.digest == Digest(of: Self.lesson))
        #expect(document.cells.map(\.id) == ["train-reward", "t-2", "t-3"])
        let prose = document.blocks.compactMap { block in
            if case .prose(let text) = block { text } else { nil as String? }
        }
        #expect(prose[0] == "# 1. Train a reward model\nWhy we need pairs …\n\n")
        #expect(prose[1].hasPrefix("Between.\n```bash\nrlhf run x.md\n```\n~~~~\n```rlhf\n"))
        #expect(prose[1].hasSuffix(":not a cell either\n``` -->\n"))
        #expect(prose[2] == "The end.\n")
        #expect(prose.count == 3)
    }

    @Test func `reads what a cell says about itself`() throws {
        let cell = try Self.document(Self.lesson).cells[0]
        #expect(cell.name == "train-reward")
        #expect(cell.tags == ["parameters"])
        #expect(cell.maxSeconds == 60)
        #expect(cell.expectations.map(\.name) == ["accuracy"])
        #expect(cell.expectations.map(\.condition) == [.atLeast(0.7)])
        #expect(cell.source == ":train reward --steps 200\n# a comment\n:plot reward")
        #expect(cell.line == 14)
        #expect(
            cell.commands == [
                CellLine(line: 14, text: ":train reward --steps 200"),
                CellLine(line: 16, text: ":plot reward"),
            ])
    }

    @Test func `indented and longer fences, joined lines`() throws {
        let cell = try Self.document(Self.lesson).cells[2]
        #expect(cell.source == ":label \\\n   --count 3\n```")
        #expect(cell.commands.first == CellLine(line: 36, text: ":label --count 3"))
    }

    @Test func `the normal form reads back the same and stays the same`() throws {
        let document = try Self.document(Self.lesson)
        let again = try Self.document(document.text)
        #expect(again.text == document.text)
        #expect(again.cells.map(\.source) == document.cells.map(\.source))
        #expect(again.cells.map(\.expectations) == document.cells.map(\.expectations))
        #expect(again.title == document.title)
        #expect(document.text.contains("```{code-cell} rlhf\n\n:show pairs\n```\n"))
    }

    @Test func `windows line ends and a byte order mark change nothing`() throws {
        let windows =
            "\u{FEFF}"
            + Self.lesson.split(separator: "\n", omittingEmptySubsequences: false)
            .joined(separator: "\r\n")
        let document = try Self.document(windows)
        #expect(document.blocks == (try Self.document(Self.lesson)).blocks)
        #expect(document.title == "Reward models")
    }

    @Test func `a first line with a colon is a command, an option line an option`() throws {
        let document = try Self.document(
            """
            ```{code-cell} rlhf
            :plot reward
            ```
            ```{code-cell} rlhf
            :name: first
            :tags: [a, b]

            :plot loss
            ```
            """)
        #expect(document.cells.map(\.source) == [":plot reward", ":plot loss"])
        #expect(document.cells[1].name == "first")
        #expect(document.cells[1].tags == ["a", "b"])
        #expect(document.cells[1].line == 8)
        #expect(document.text.hasPrefix("```{code-cell} rlhf\n\n:plot reward\n```\n"))
        #expect(try Self.document(document.text).cells[1].name == "first")
    }

    @Test func `answers and keys of other tools`() throws {
        let document = try Self.document(
            """
            ```{code-cell} rlhf
            ---
            slideshow: {slide_type: skip}
            rlhf:
              answers: [1, left, "="]
            ---
            :label
            ```
            """)
        #expect(document.cells[0].answers == ["1", "left", "="])
        #expect(document.cells[0].otherMetadata["slideshow"]?["slide_type"] == "skip")
    }

    static let errors: [(String, DocumentError)] = [
        ("", .noCells(path: "a.md")),
        ("# Title\n```bash\nx\n```\n", .noCells(path: "a.md")),
        ("---\nrlhf: {}\n", .unclosed(path: "a.md", line: 1, what: "the front matter")),
        ("x\n```rlhf\n:a\n", .unclosed(path: "a.md", line: 2, what: "the fence")),
        ("x\n````rlhf\n:a\n```\n", .unclosed(path: "a.md", line: 2, what: "the fence")),
        ("```bash\nx\n", .unclosed(path: "a.md", line: 1, what: "the fence")),
        ("<!-- a\n\n```rlhf\n:a\n```\n", .unclosed(path: "a.md", line: 1, what: "the comment")),
        (
            "```rlhf\n---\nname: a\n:a\n```\n",
            .unclosed(path: "a.md", line: 2, what: "the YAML block of the cell")
        ),
        (
            "\n```{code-cell} python\nx\n```\n",
            .wrongLanguage(path: "a.md", line: 2, found: "python")
        ),
        ("```{code-cell}\nx\n```\n", .wrongLanguage(path: "a.md", line: 1, found: "")),
        (
            "---\nrlhf:\n  title: 7\n---\n",
            .wrongKind(
                path: "a.md", line: 3, key: "title", expected: "a text", found: "an integer")
        ),
        (
            "---\nrlhf: {schema: 2}\n---\n",
            .newerSchema(path: "a.md", line: 2, found: 2, supported: 1)
        ),
        (
            "---\na: 1\nrlhf: {sed: 2}\n---\n",
            .unknownKey(
                path: "a.md", line: 3, key: "sed",
                accepted: ["schema", "title", "seed", "minutes", "parameters"])
        ),
        (
            "---\nrlhf: {seed: 2\n---\n",
            .badYAML(path: "a.md", line: 2, problem: "a bracket or a quotation is not closed")
        ),
        (
            "```rlhf\n---\nrlhf:\n  expct: {a: 1}\n---\n:a\n```\n",
            .unknownKey(
                path: "a.md", line: 4, key: "expct",
                accepted: ["expect", "answers", "max_seconds"])
        ),
        (
            "```rlhf\n---\nrlhf:\n  expect:\n    kl: \">= much\"\n---\n:a\n```\n",
            .badExpectation(path: "a.md", line: 5, key: "kl", text: ">= much")
        ),
        (
            "```rlhf\n---\nname: a b\n---\n:a\n```\n",
            .badName(path: "a.md", line: 3, name: "a b")
        ),
        (
            "```rlhf\n---\nname: a\n---\n:a\n```\n```rlhf\n---\ntags: [x]\nname: a\n---\n:a\n```\n",
            .repeatedName(path: "a.md", line: 10, name: "a", firstLine: 3)
        ),
        (
            "```rlhf\n---\nrlhf: {max_seconds: soon}\n---\n:a\n```\n",
            .wrongKind(
                path: "a.md", line: 3, key: "max_seconds", expected: "a number above 0",
                found: "a string")
        ),
        (
            "```rlhf\n---\nrlhf: {answers: {a: 1}}\n---\n:a\n```\n",
            .wrongKind(
                path: "a.md", line: 3, key: "answers", expected: "a list of texts or numbers",
                found: "an object")
        ),
    ]

    @Test(arguments: errors.indices)
    func `names the file, the line and the problem`(index: Int) {
        let (text, error) = Self.errors[index]
        #expect(throws: error, "\(text)") { try Self.document(text) }
    }

    @Test func `names the line that is not UTF-8`() {
        #expect(throws: DocumentError.notText(path: "a.md", line: 3)) {
            try TutorialDocument(markdown: Array("a\n\nb".utf8) + [0xFF, 10], path: "a.md")
        }
    }

    @Test func `every prefix of a lesson ends in a document or an error`() {
        for length in 0...Self.lesson.utf8.count {
            let bytes = Array(Self.lesson.utf8.prefix(length))
            _ = try? TutorialDocument(markdown: bytes, path: "a.md")
        }
    }

    @Test func `a script has a cell a command`() throws {
        let text =
            "#!/usr/bin/env -S rlhf run\n:load a.jsonl\n\n  :train sft \\\n    --steps 3\nHello?\n"
        let document = try TutorialDocument(script: Array(text.utf8), path: "a.rlhf")
        #expect(
            document.cells.map(\.source) == [":load a.jsonl", ":train sft --steps 3", "Hello?"])
        #expect(document.cells.map(\.line) == [2, 4, 6])
        #expect(document.cells.map(\.id) == ["t-1", "t-2", "t-3"])
        #expect(document.cells.flatMap(\.commands).map(\.isCommand) == [true, true, false])
        #expect(throws: DocumentError.noCells(path: "a")) {
            try TutorialDocument(script: Array("# nothing\n".utf8), path: "a")
        }
    }

    @Test func `the name of the file tells a lesson from a script`() throws {
        let folder = try TemporaryFolder()
        try folder.write("a.md", Array("```rlhf\n:a\n```\n".utf8))
        try folder.write("a.txt", Array("```rlhf\n".utf8))
        #expect(try TutorialDocument.read(path: folder("a.md")).cells.map(\.source) == [":a"])
        #expect(try TutorialDocument.read(path: folder("a.txt")).cells.map(\.source) == ["```rlhf"])
        #expect(
            throws: DocumentError.unreadable(
                path: folder("b.md"), reason: "No such file or directory")
        ) { try TutorialDocument.read(path: folder("b.md")) }
        #expect(throws: DocumentError.unreadable(path: folder.path, reason: "Is a directory")) {
            try TutorialDocument.read(path: folder.path)
        }
    }
}
