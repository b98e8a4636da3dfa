import OrderedJSON
import Testing

@testable import Notebook

@Suite struct YAMLTextTests {
    static let texts = [
        "", "a", "a b", " a", "a ", "yes", "No", "null", "~", "1", "1e5", ".5", "-1", "true",
        "a: b",
        "a:b", "a #b", "#a", "[a", "{a}", "a]", "a, b", "'a'", "\"a\"", "a\\b", "\\b", "a\nb",
        "a\tb",
        "\u{08}\u{0C}\u{01}", "\\\u{08}", "é", "日本", ">= 0.80", "- a", "-", "&a", "*a", "!a", "|",
        "%",
        "@", "`", "= a * 2", "eval/accuracy", "a-b_c.d", "NaN",
    ]

    @Test(arguments: texts)
    func `a text is read back as it was`(text: String) throws {
        let value: JSON = [
            "key": .string(text), "list": [.string(text), 1], "map": ["x": .string(text)],
        ]
        let lines = YAMLText.lines(try #require(value.objectValue))
        #expect(try YAMLReader.read(lines, path: "a", firstLine: 1).value == value)
    }

    @Test func `other values keep their kind`() throws {
        let value: JSON = [
            "n": nil, "t": true, "i": -3, "d": 0.0005, "e": 1e-7, "big": 1e22, "one": 1.0,
            "empty": [], "nothing": [:], "deep": [[1, [2, ["a": [:]]]]],
            "a: b": 1, "3": 2, "true": 3,
        ]
        let lines = YAMLText.lines(try #require(value.objectValue))
        #expect(try YAMLReader.read(lines, path: "a", firstLine: 1).value == value)
    }
}
