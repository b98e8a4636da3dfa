import OrderedJSON
import Testing

@testable import Notebook

@Suite struct NotebookTextTests {
    /// As Python's `json.dumps(indent=1, sort_keys=True, ensure_ascii=False)` writes it.
    @Test func `the notebook has the bytes that Jupyter writes`() {
        let json: JSON = ["b": [1, ["x": [], "a": nil]], "a": "é/\"", "c": [:]]
        #expect(
            NotebookText.canonical(json) == """
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

    /// As Python's `splitlines(True)` splits them.
    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a\nb", ["a\n", "b"]), ("a\n", ["a\n"]), ("\n\n", ["\n", "\n"]),
        ("a\r\nb\rc", ["a\r\n", "b\r", "c"]),
        ("a\u{2028}b\u{0B}c\u{85}", ["a\u{2028}", "b\u{0B}", "c\u{85}"]),
        ("a\u{1C}b\tc", ["a\u{1C}", "b\tc"]),
    ])
    func `texts are lists of lines`(text: String, lines: [String]) {
        #expect(NotebookText.lines(text) == .array(lines.map { .string($0) }))
        #expect(NotebookText.joined(NotebookText.lines(text)) == text)
    }
}
