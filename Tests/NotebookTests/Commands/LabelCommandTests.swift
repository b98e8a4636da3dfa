import HumanFeedback
import Testing

@testable import Notebook

@Suite struct LabelCommandTests {
    private let fixture: NotebookFixture

    init() throws {
        fixture = try NotebookFixture()
        try fixture.folder.write(
            "own.jsonl", Array(#"{"prompt": "p", "answer1": "a", "answer2": "b"}"#.utf8))
        let judged = (0..<3).map { #"{"prompt": "q\#($0)", "chosen": "c", "rejected": "d"}"# }
        try fixture.folder.write("judged.jsonl", Array(judged.joined(separator: "\n").utf8))
    }

    private func execute(_ line: String) -> CellState {
        fixture.notebook.execute(LiveSession.Request(source: line)).state
    }

    private func comparisons() throws -> [Comparison] {
        guard case .comparisons(let rows) = try fixture.notebook.workspace.artifact("comparisons")
        else { return [] }
        return rows
    }

    @Test func judgedPairsOfAFileAreAskedAndJoinTheSlotWithTheVotesOnThem() throws {
        let file = fixture.folder("judged.jsonl")
        #expect(execute(":load comparisons \(fixture.folder("own.jsonl"))") == .ok)
        #expect(execute(":label --comparisons \(file) --count 9 --answers l,r,t") == .ok)
        let rows = try comparisons()
        #expect(rows.map(\.prompt) == ["p", "q0", "q1", "q2"])
        guard case .votes(let votes) = try fixture.notebook.workspace.artifact("votes") else {
            throw CommandError("there are no votes")
        }
        #expect(Set(votes.map(\.comparisonID)) == Set(rows.dropFirst().map(\.id)))
        // The votes find their pairs.
        #expect(execute(":votes pairs") == .ok)
        #expect(fixture.output(of: 3).contains("2 preference pairs"))
        // What is judged is judged: nothing joins twice.
        #expect(execute(":label --comparisons \(file) --count 1 --answers l") == .ok)
        #expect(fixture.output(of: 4).contains("no votes"))
        #expect(try comparisons().count == 4)
    }

    @Test func writingDemonstrationsTakesNoPairs() {
        let file = fixture.folder("own.jsonl")
        #expect(execute(":label --mode write --comparisons \(file)") == .failed)
    }
}
