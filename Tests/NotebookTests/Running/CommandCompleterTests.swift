import TerminalUI
import Testing

@testable import Notebook

struct CommandCompleterTests {
    private let fixture: NotebookFixture

    init() throws {
        fixture = try NotebookFixture(baseFolder: true)
        try fixture.folder.write("demos.jsonl", [])
        try fixture.folder.write("my pairs.json", [])
        fixture.notebook.workspace.put(nil, digest: Digest(of: "x"), in: "demos")
        fixture.notebook.workspace.put(nil, digest: Digest(of: "y"), in: "policy")
    }

    private func offered(_ line: String) -> [String] {
        let request = CompletionRequest(line: line, cursor: line.unicodeScalars.count)
        return CommandCompleter(fixture.notebook).completions(request).map(\.text)
    }

    @Test func aColonOffersTheCommandsOfCells() {
        let commands = offered(":")
        #expect(commands.contains(":train"))
        #expect(commands.filter { $0 == ":help" }.count == 1)
        #expect(!commands.contains(":tutorial"))
        #expect(!commands.contains(":open"))
        #expect(offered(":tra") == [":train"])
    }

    @Test func everyCommandSaysWhatItDoes() {
        let request = CompletionRequest(line: ":", cursor: 1)
        for completion in CommandCompleter(fixture.notebook).completions(request) {
            #expect(!completion.description.isEmpty, "\(completion.text)")
        }
    }

    @Test func textForThePolicyIsNotCompleted() {
        #expect(offered("How do I") == [])
        #expect(offered("") == [])
    }

    @Test func aFamilyOffersItsCommandsAndNothingElse() {
        #expect(
            offered(":train ") == [
                "tokenizer", "sft", "reward", "ppo", "dpo", "kto", "orpo", "rloo", "grpo",
                "reinforce", "rft", "online-dpo",
            ])
        #expect(offered(":train s") == ["sft"])
        #expect(offered(":train nothing ") == [])
    }

    @Test func optionsAreOfferedOnce() {
        #expect(offered(":train sft --epo") == ["--epochs"])
        #expect(offered(":train sft --epochs 2 --epo") == [])
    }

    @Test func anOptionOffersItsValues() {
        #expect(offered(":train sft --schedule ") == ["constant", "linear", "cosine"])
        #expect(offered(":votes simulate --annotators care") == ["careful", "careless"])
        #expect(offered(":train sft --steps ") == [])
        #expect(offered(":train sft --into ") == ["demos", "policy"])
    }

    @Test func argumentsAreOfferedInTheirPlaces() {
        #expect(offered(":load dem") == ["demos"])
        #expect(offered(":load demos dem") == ["demos.jsonl"])
        #expect(offered(":show ") == ["demos", "policy"])
        #expect(offered(":plot kl_c").contains("kl_coefficient"))
        #expect(offered(":help vo") == ["votes"])
        #expect(offered(":help train p") == ["ppo"])
    }

    @Test func settingsAreOfferedWithTheirMeaning() throws {
        let page = """
            ---
            rlhf:
              parameters:
                steps: {type: int, default: 40, min: 1, description: updates of PPO}
                schedule: {choices: [linear, constant], default: linear}
            ---
            ```rlhf
            :note ${steps} ${schedule}
            ```
            """
        let document = try TutorialDocument(markdown: Array(page.utf8), path: "page.md")
        fixture.notebook.parameters = try Parameters.resolve(document)
        #expect(offered(":set ") == ["steps", "schedule", "threads", "quiet"])
        #expect(offered(":set schedule ") == ["linear", "constant"])
        #expect(offered(":set steps ") == ["40"])
        #expect(offered(":set quiet ") == ["on", "off"])
        let request = CompletionRequest(line: ":set ", cursor: 5)
        let steps = CommandCompleter(fixture.notebook).completions(request).first
        #expect(steps?.description == "updates of PPO: a whole number of at least 1, now 40")
    }

    @Test func slotsNameTheCellThatFilledThem() throws {
        let cell = fixture.notebook.execute(LiveSession.Request(source: ":note x"))
        try fixture.notebook.folder.record(.begin(cell: cell.id, CellStart(number: 1, source: "x")))
        try fixture.notebook.folder.record(
            .end(
                cell: cell.id,
                CellResult(state: .ok, seconds: 0, writes: ["policy": Digest(of: "y")])))
        let request = CompletionRequest(line: ":show pol", cursor: 9)
        let policy = CommandCompleter(fixture.notebook).completions(request).first
        #expect(policy?.description == "the current policy, from cell 1")
    }

    @Test func whereNoArgumentIsLeftOptionsAreOffered() {
        #expect(offered(":cells ").contains("--seed"))
    }

    @Test func blanksInFileNamesAreQuotedAsTheWordBegan() {
        #expect(offered(":load pairs my") == [#"my\ pairs.json"#])
        #expect(offered(#":load pairs my\ p"#) == [#"my\ pairs.json"#])
        #expect(offered(#":load pairs "my"#) == [#""my pairs.json""#])
        #expect(offered(":load pairs 'my p") == ["'my pairs.json'"])
    }

    @Test func everyCompletionParsesBackToTheFile() throws {
        for word in offered(":load pairs ") {
            let words = try CommandLineParser.words(of: word)
            #expect(words.count == 1, "\(word)")
        }
    }

    @Test func inAPastedBlockTheLastLineCounts() {
        #expect(offered(":note one\n:tra") == [":train"])
        #expect(offered(":note one\nHow") == [])
    }
}
