import Testing

@testable import Notebook

struct ParametersTests {
    private func document(_ cell: String) throws -> TutorialDocument {
        let page = """
            ---
            rlhf:
              parameters: {steps: 60, name: "a lamp"}
            ---

            ```{code-cell} rlhf

            \(cell)
            ```
            """
        return try TutorialDocument(markdown: Array(page.utf8), path: "page.md")
    }

    private func substituted(_ cell: String, set: [String] = []) throws -> String {
        let document = try document(cell)
        let fixture = try NotebookFixture()
        let runner = CellRunner(
            notebook: fixture.notebook, document: document,
            parameters: try Parameters.resolve(document, set: set), showsProse: false)
        return try runner.substituted(document.cells[0])
    }

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
                "page.md has no parameter \"stesp\"; it has name, steps")
        ) { try Parameters.resolve(document, set: ["stesp=5"]) }
        #expect(throws: CommandError.usage("--set has \"steps\", expected NAME=VALUE")) {
            try Parameters.resolve(document, set: ["steps"])
        }
    }
}
