import OrderedJSON
import Testing

@testable import Notebook

@Suite struct YAMLReaderTests {
    static func read(_ text: String) throws -> JSON {
        try YAMLReader.read(lines(text), path: "a.md", firstLine: 10).value
    }

    static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Every value is that of PyYAML's safe loader for the same text.
    static let examples: [(String, String)] = [
        ("", "{}"),
        ("# only a comment", "{}"),
        ("a: 1", #"{"a":1}"#),
        ("a: -1.5\nb: 1.0e-3\nc: 1.0", #"{"a":-1.5,"b":0.001,"c":1.0}"#),
        (
            "a: true\nb: false\nc: null\nd: ~\ne:",
            #"{"a":true,"b":false,"c":null,"d":null,"e":null}"#
        ),
        ("a: plain text, with colon:inside # note", #"{"a":"plain text, with colon:inside"}"#),
        ("a: C#", #"{"a":"C#"}"#),
        ("a: 'it''s'\nb: \"x\\ty \\\"q\\\" \\u00e9\"", #"{"a":"it's","b":"x\ty \"q\" é"}"#),
        ("\"a b\": 1\n'c': 2", #"{"a b":1,"c":2}"#),
        ("a: \"# no comment\"", ##"{"a":"# no comment"}"##),
        (
            "a: {b: 1, c: \"x, y\", d: {e: [1, two, 3.5]}}",
            #"{"a":{"b":1,"c":"x, y","d":{"e":[1,"two",3.5]}}}"#
        ),
        ("a: []\nb: {}", #"{"a":[],"b":{}}"#),
        ("a: [1, 2,]", #"{"a":[1,2]}"#),
        (
            "a: {expect: {accuracy: \">= 0.70\", kl: < 10}}",
            #"{"a":{"expect":{"accuracy":">= 0.70","kl":"< 10"}}}"#
        ),
        ("a:\n  b: 1\n  c:\n    d: 2\ne: 3", #"{"a":{"b":1,"c":{"d":2}},"e":3}"#),
        ("a:\n  - 1\n  - two\nb: 2", #"{"a":[1,"two"],"b":2}"#),
        ("a:\n- 1\n- 2\nb: 2", #"{"a":[1,2],"b":2}"#),
        ("- a: 1\n  b: 2\n- a: 3", #"[{"a":1,"b":2},{"a":3}]"#),
        ("a:\n  -\n    b: 1\n  - [x]\n", #"{"a":[{"b":1},["x"]]}"#),
        ("a: [1,\n   2,\n  3]\nb: 4", #"{"a":[1,2,3],"b":4}"#),
        ("a: {b: 1,\n    c: 2}", #"{"a":{"b":1,"c":2}}"#),
        ("a:   1   \n\n\n# x\nb: 2", #"{"a":1,"b":2}"#),
        ("a: http://host/x", #"{"a":"http://host/x"}"#),
        ("a: [x y, \"z\"]", #"{"a":["x y","z"]}"#),
        ("{a: 1, b: [2]}", #"{"a":1,"b":[2]}"#),
    ]

    @Test(arguments: examples.indices)
    func `reads the same as PyYAML`(index: Int) throws {
        let (text, json) = Self.examples[index]
        #expect(try Self.read(text).text == json)
    }

    @Test(arguments: [
        ("a: plain text, with: colon", 10, "\": colon\" is not expected here; put text in quotes"),
        ("a:\n  - - x", 11, "a list in a list is written [[x]]"),
        ("a: 1\nb", 11, "a line \"key: value\" was expected"),
        ("a: 1\n  b: 2", 11, "the indentation fits no line above"),
        ("a:\n    b: 1\n  c: 2", 12, "the indentation fits no line above"),
        ("a: 1\n\na: 2", 12, "\"a\" is there twice"),
        ("a: {b: 1, b: 2}", 10, "\"b\" is there twice"),
        ("a: [1, 2", 10, "a bracket or a quotation is not closed"),
        ("a: \"x", 10, "a bracket or a quotation is not closed"),
        ("a: [1] 2", 10, "\"2\" is not expected here; put text in quotes"),
        ("a: b: c", 10, "\": c\" is not expected here; put text in quotes"),
        ("a: >= 0.7", 10, "a value that starts with > is not supported; put text in quotes"),
        ("a: |\n  text", 10, "a value that starts with | is not supported; put text in quotes"),
        ("a: *x", 10, "a value that starts with * is not supported; put text in quotes"),
        ("a: \"\\q\"", 10, "\\q means nothing in double quotes"),
        ("a:\n\tb: 1", 11, "indent with spaces, not with a tab"),
    ])
    func `names the line and the problem`(text: String, line: Int, problem: String) {
        #expect(throws: DocumentError.badYAML(path: "a.md", line: line, problem: problem)) {
            try Self.read(text)
        }
    }

    @Test func `knows the line of every key`() throws {
        let text = "rlhf:\n  expect:\n    kl: 1\n\n  x: {y: 2}\n"
        let yaml = try YAMLReader.read(Self.lines(text), path: "a.md", firstLine: 3)
        let lines = ["rlhf", "rlhf.expect", "rlhf.expect.kl", "rlhf.x", "rlhf.x.y"].map {
            yaml.keyLines[$0]
        }
        #expect(lines == [3, 4, 5, 7, 7])
    }

    /// Cutting a text anywhere ends in a value or an error, never in a trap.
    @Test func `every prefix ends in a value or an error`() {
        let text =
            "rlhf: {schema: 1, t: \"a\\u00e9\", l: [1, {x: 'y'}]}\nlist:\n  - a: 1\n    b:\n  - 2\n"
        for length in 0...text.count { _ = try? Self.read(String(text.prefix(length))) }
    }
}
