import ArgumentParser
import HumanFeedback
import OrderedJSON
import Testing

@testable import Notebook

/// `:label --select` and `:votes rehearse` in a small session.
@Suite struct PairFeaturesTests {
    private let folder: TemporaryFolder
    private let notebook: LiveSession

    init() throws {
        folder = try TemporaryFolder()
        notebook = try SessionStart.notebook(
            at: folder.path + "/session", named: "select", document: nil,
            options: try GlobalOptions.parse(["--threads", "2", "--quiet", "--seed", "7"]))
        notebook.console.isSilent = true
    }

    private func run(_ sources: String...) {
        for source in sources {
            let cell = notebook.execute(LiveSession.Request(source: source))
            #expect(cell.state == .ok, "\(source): \(cell.error ?? "")")
        }
    }

    private func failure(_ source: String) -> String {
        notebook.execute(LiveSession.Request(source: source)).error ?? "it did not fail"
    }

    /// Sixty pairs, two a prompt, a small baseline and rules that like the letter e.
    private func prepare() throws {
        let rows = (0..<60).map { index in
            Comparison(
                prompt: "question \(index / 2)", left: "one \(index) and more",
                right: "another \(index)", id: "c\(index)"
            ).json.text + "\n"
        }
        try folder.write("pairs.jsonl", Array(rows.joined().utf8))
        run(
            ":load demos \(CommandFixture.fixture("gpt2/rows.jsonl"))",
            ":train tokenizer --vocab-size 300",
            ":train sft --from-scratch layers=1,width=16,heads=2,context=64 --steps 2 --batch-size 4",
            ":load comparisons \(folder("pairs.jsonl"))")
    }

    private func votes() throws -> [Vote] {
        guard case .votes(let votes) = try notebook.workspace.artifact("votes") else { return [] }
        return votes
    }

    @Test func headsChooseAndTheReasonStaysWithTheVote() throws {
        try prepare()
        #expect(
            failure(":label --select information --answers l").contains(
                "0 decided votes found, expected at least 10"))
        let answers = Array(repeating: "l,r,l", count: 4).joined(separator: ",")
        run(":label --count 12 --select random --answers \(answers)")
        #expect(try votes().map(\.selection) == Array(repeating: "random", count: 12))
        run(":label --count 12 --select information --random-share 0.5 --answers \(answers)")
        let chosen = try votes().dropFirst(12)
        #expect(Set(chosen.map(\.selection)) == ["random", "information"])
        #expect(Set(try votes().map(\.comparisonID)).count == 24)
        run(":label --count 2 --select uncertain --random-share 0 --answers l,r")
        #expect(try votes().suffix(2).map(\.selection) == ["uncertain", "uncertain"])
        // Votes on another criterion teach these heads nothing.
        #expect(
            failure(":label --criterion honest --select disagreement --answers l").contains(
                "on this criterion: 0 decided"))
        #expect(
            failure(":label --mode rank --select random --answers s").contains(
                "--select chooses pairs"))
        #expect(failure(":label --random-share 0.1 --answers s").contains("belong to --select"))
        #expect(notebook.close())
    }
}
