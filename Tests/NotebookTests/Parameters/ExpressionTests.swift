import Testing

@testable import Notebook

struct ExpressionTests {
    private static let values: [String: ParameterValue] = [
        "steps": .integer(60), "rate": .number(0.5), "name": .text("lamp"), "on": .truth(true),
    ]

    private func value(_ text: String) throws -> ParameterValue {
        try Expression(text).value(Self.values)
    }

    private func error(_ text: String) -> ExpressionError? {
        do { _ = try value(text) } catch { return error as? ExpressionError }
        return nil
    }

    @Test(arguments: [
        ("steps", ParameterValue.integer(60)), ("2 + 3 * 4", .integer(14)),
        ("(2 + 3) * 4", .integer(20)), ("10 - 3 - 2", .integer(5)), ("12 / 3 / 2", .integer(2)),
        ("steps / 8", .number(7.5)), ("steps / 4", .integer(15)), ("7 % 4", .integer(3)),
        ("-7 % 4", .integer(-3)), ("7.5 % 2", .number(1.5)), ("--2", .integer(2)),
        ("2 - -3", .integer(5)), ("-steps * rate", .number(-30)), ("1e-3 * 2", .number(0.002)),
        ("1E+2", .number(100)), (".5", .number(0.5)), ("name + '-' + \"x\"", .text("lamp-x")),
        ("steps > 10", .truth(true)), ("steps <= 10", .truth(false)), ("rate == 0.5", .truth(true)),
        ("name != 'lamp'", .truth(false)), ("on == true", .truth(true)),
        ("1 < 2.5", .truth(true)), ("'a' < 'b'", .truth(true)), ("min(3, 1, 2)", .integer(1)),
        ("max(steps / 100, 1)", .integer(1)), ("max(1, 1.5)", .number(1.5)),
        ("round(steps / 8)", .integer(8)), ("round(2)", .integer(2)),
        ("round(-2.5)", .integer(-3)), (" steps*2 ", .integer(120)),
    ])
    func formulasHaveTheirValue(text: String, expected: ParameterValue) throws {
        #expect(try value(text) == expected)
    }

    @Test(arguments: [
        ("", ExpressionError.unexpected("")), ("1 +", .unexpected("")), ("(1", .unexpected("")),
        ("1)", .unexpected(")")), ("1 2", .unexpected("2")), ("1.2.3", .unexpected("1.2.3")),
        ("'open", .unexpected("'open")), ("min(1, )", .unexpected(")")), ("$x", .unexpected("$x")),
        ("1 < 2 < 3", .unexpected("< 3")), ("stesp", .unknownName("stesp")),
        ("exec(1)", .unknownFunction("exec")),
        ("round(1, 2)", .wrongCount(function: "round", expected: "one number", found: 2)),
        ("min(1)", .wrongCount(function: "min", expected: "two numbers or more", found: 1)),
        ("min()", .wrongCount(function: "min", expected: "two numbers or more", found: 0)),
        ("name + 1", .wrongKinds("+", ["a text", "a whole number"])),
        ("name * 2", .wrongKinds("*", ["a text", "a whole number"])),
        ("'a' - 'b'", .wrongKinds("-", ["a text", "a text"])),
        ("on + on", .wrongKinds("+", ["true or false", "true or false"])),
        ("-name", .wrongKinds("-", ["a text"])), ("round(name)", .wrongKinds("round", ["a text"])),
        ("1 / 0", .divisionByZero), ("1 % 0", .divisionByZero),
        ("1 / (rate - 0.5)", .divisionByZero),
        ("9223372036854775807 + 1", .outOfRange), ("99999999999999999999", .outOfRange),
        ("1e308 * 10", .outOfRange), ("round(1e300)", .outOfRange),
        ("(-9223372036854775807 - 1) / -1", .outOfRange),
    ])
    func whatCannotBeComputedSaysWhy(text: String, expected: ExpressionError) {
        #expect(error(text) == expected)
    }

    @Test func deepNestingIsRefused() {
        let text = String(repeating: "(", count: 100_000) + "1"
        #expect(error(text) == .tooDeep)
    }

    @Test func namesAreListedInOrder() throws {
        #expect(try Expression("b + max(a, 2 * b) - 'c'").names == ["b", "a", "b"])
    }
}
