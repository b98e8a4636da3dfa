import OrderedJSON
import Testing

@testable import Notebook

struct ParametersTests {
    private func document(
        _ cell: String, parameters: String = "{steps: 60, name: \"a lamp\"}"
    ) throws -> TutorialDocument {
        let page = """
            ---
            rlhf:
              parameters: \(parameters)
            ---

            ```{code-cell} rlhf

            \(cell)
            ```
            """
        return try TutorialDocument(markdown: Array(page.utf8), path: "page.md")
    }

    private func substituted(_ cell: String, set: [String] = []) throws -> String {
        let document = try document(cell)
        let parameters = try Parameters.resolve(document, set: set)
        return try parameters.substituted(document.cells[0])
    }

    private static let formulas =
        "{a: 1, twice: \"= a * 2\", four: \"= twice * 2\", rate: {type: float, default: \"= a\"}}"

    @Test func defaultsStandUntilTheyAreSet() throws {
        #expect(try substituted(":note ${steps} ${name} ${steps}") == ":note 60 a lamp 60")
        #expect(try substituted(":note ${steps}", set: ["steps=5"]) == ":note 5")
        #expect(try substituted(":note ${name}", set: ["name=a=b"]) == ":note a=b")
        #expect(try substituted(":note ${name}", set: ["name="]) == ":note ")
    }

    @Test func aValueIsNotLookedIntoAgain() throws {
        #expect(try substituted(":note ${name}", set: ["name=${steps}"]) == ":note ${steps}")
    }

    @Test func otherDollarsAreText() throws {
        #expect(try substituted(":note $5 $steps {steps}") == ":note $5 $steps {steps}")
        #expect(try substituted(":note ${steps") == ":note ${steps")
    }

    @Test func anUndeclaredNameInACellIsRefused() throws {
        #expect(
            throws: CommandError.usage(
                "page.md:8: the cell uses ${stesp}, which is no parameter of the document; declare it "
                    + "under rlhf.parameters at the top")
        ) { try substituted(":note ${stesp}") }
    }

    @Test func settingWhatIsNotThereIsRefused() throws {
        let document = try document(":note x")
        #expect(
            throws: CommandError.usage(
                "page.md has no parameter \"stesp\"; it has steps, name")
        ) { try Parameters.resolve(document, set: ["stesp=5"]) }
        #expect(throws: CommandError.usage("--set has \"steps\", expected NAME=VALUE")) {
            try Parameters.resolve(document, set: ["steps"])
        }
    }

    @Test func expressionsInCellsAreComputed() throws {
        #expect(try substituted(":note ${steps * 2} ${ name + '!' }") == ":note 120 a lamp!")
        #expect(
            throws: CommandError.usage(
                "page.md:8: the cell uses ${name * 2}: \"*\" cannot be applied to a text and a whole "
                    + "number; mend the line")
        ) { try substituted(":note ${name * 2}") }
    }

    @Test func whatFollowsFromAValueFollowsWhenItIsSet() throws {
        let document = try document(":note x", parameters: Self.formulas)
        let plain = try Parameters.resolve(document)
        #expect(plain.names.map { plain.values[$0]?.text } == ["1", "2", "4", "1.0"])
        let set = try Parameters.resolve(document, set: ["a=9"])
        #expect(set.names.map { set.values[$0]?.text } == ["9", "18", "36", "9.0"])
        let middle = try set.setting("twice", to: "5")
        #expect(middle.names.map { middle.values[$0]?.text } == ["9", "5", "10", "9.0"])
    }

    @Test func whatWasSetStaysSetInTheSession() throws {
        let document = try document(":note x", parameters: Self.formulas)
        let recorded = try Parameters.resolve(document, set: ["a=9"]).json
        #expect(
            recorded == ["values": ["a": 9, "twice": 18, "four": 36, "rate": 9.0], "set": ["a"]])
        #expect(try Parameters.resolve(document, recorded: recorded).json == recorded)
        let again = try Parameters.resolve(document, set: ["a=3"], recorded: recorded)
        #expect(again.values["four"] == .integer(12))
    }

    @Test(arguments: [
        (
            "{a: \"= b\", b: \"= c + 1\", c: \"= b\"}",
            "page.md: the parameters b → c → b are computed from each other; give one of them a value"
        ),
        (
            "{a: \"= nowhere\"}",
            "page.md: the parameter \"a\" is \"= nowhere\": \"nowhere\" is no parameter; mend the "
                + "front matter"
        ),
        (
            "{a: {type: int, default: \"= 1 / 2\"}}",
            "page.md: the parameter \"a\" is to be a whole number, found \"0.5\"; give it another value"
        ),
    ])
    func formulasThatCannotBeAreRefused(parameters: String, sentence: String) throws {
        let document = try document(":note x", parameters: parameters)
        #expect(throws: CommandError.usage(sentence)) { try Parameters.resolve(document) }
    }

    @Test func aValueBreaksACycle() throws {
        let document = try document(":note x", parameters: "{a: \"= b\", b: \"= a\"}")
        #expect(try Parameters.resolve(document, set: ["b=2"]).values["a"] == .integer(2))
    }

    @Test func wrongValuesAndDeclarationsEndInUsage() throws {
        let document = try document(":note x")
        #expect(
            throws: CommandError.usage(
                "page.md: the parameter \"steps\" is to be a whole number, found \"x\"; give it another "
                    + "value")
        ) { try Parameters.resolve(document, set: ["steps=x"]) }
        do {
            _ = try self.document(":note x", parameters: "{steps: {default: 1, minimum: 2}}")
            Issue.record("a key that means nothing was taken")
        } catch {
            #expect(commandError(for: error).exitCode == .usage)
            #expect(
                commandError(for: error).sentence.hasPrefix("page.md:3: the parameter \"steps\": "))
        }
    }
}
