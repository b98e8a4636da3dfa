import OrderedJSON
import Testing

@testable import Notebook

struct ParameterDeclarationTests {
    private func declaration(_ json: JSON, name: String = "x") throws -> ParameterDeclaration {
        try ParameterDeclaration(name: name, json: json)
    }

    @Test func aDefaultGivesTheKind() throws {
        #expect(try declaration(60).kind == .int)
        #expect(try declaration(0.5).kind == .float)
        #expect(try declaration("a").kind == .string)
        #expect(try declaration(true).kind == .bool)
        #expect(try declaration("= 1 + 1").kind == nil)
        #expect(
            try declaration(["default": "b", "choices": ["a", "b"]]).kind == .choice(["a", "b"]))
    }

    @Test func wholeNumbersAreNumbersToo() throws {
        let rate = try declaration(["type": "float", "default": 1])
        #expect(rate.initial == .value(.number(1)))
        #expect(try rate.read("2") == .number(2))
        #expect(try rate.read("3e-4") == .number(0.0003))
    }

    static let wrong: [(JSON, String, String)] = [
        (60, "6.5", "a whole number"), (60, "many", "a whole number"), (0.5, "inf", "a number"),
        (true, "yes", "true or false"),
        (["default": 1, "min": 1, "max": 9], "10", "a whole number from 1 to 9"),
        (["default": 1, "min": 1], "0", "a whole number of at least 1"),
        (["default": 0.5, "max": 1], "1.5", "a number of at most 1"),
        (["default": "a", "choices": ["a", "b"]], "c", "a, b"),
    ]

    @Test(arguments: wrong)
    func valuesOfAnotherKindAreRefused(json: JSON, text: String, expected: String) throws {
        let declaration = try declaration(json)
        #expect(throws: ParameterError.wrongValue("x", expected: expected, found: text)) {
            try declaration.read(text)
        }
    }

    static let bad: [(JSON, String)] = [
        (
            ["type": "integer", "default": 1],
            "type is int, float, string, bool or choice, found \"integer\""
        ),
        (["type": "choice", "default": "a"], "a choice needs choices: [a, b]"),
        (["type": "int", "default": 1, "choices": [1]], "choices belong to the type choice"),
        (["default": "a", "choices": "a"], "choices is to be a list of values"),
        (["default": 1, "min": "a"], "min is to be a number"),
        (["type": "int"], "it needs a default: a number, a text, true or false"),
        ([1], "it needs a default: a number, a text, true or false"),
        (
            ["default": 1, "step": 2],
            "the key \"step\" means nothing, expected type, default, min, max, choices, description"
        ),
        ("= 1 +", "its default \"= 1 +\": it ends too early"),
    ]

    @Test(arguments: bad)
    func declarationsThatMeanNothingAreRefused(json: JSON, problem: String) {
        #expect(throws: ParameterError.badDeclaration("x", problem)) { try declaration(json) }
    }

    @Test func aDefaultMustBeAllowed() {
        #expect(
            throws: ParameterError.wrongValue(
                "x", expected: "a whole number of at least 2", found: "1")
        ) { try declaration(["default": 1, "min": 2]) }
    }

    @Test(arguments: ["", "1a", "learning-rate", "max", "é"])
    func namesAreWordsOfFormulas(name: String) {
        #expect(throws: ParameterError.self) { try declaration(1, name: name) }
    }
}
