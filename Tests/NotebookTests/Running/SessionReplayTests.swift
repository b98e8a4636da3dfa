import ArgumentParser
import OrderedJSON
import Testing

@testable import Notebook

/// A small session, recorded and executed again.
@Suite struct SessionReplayTests {
    /// Data, tokenizer, baseline, pairs, votes, reward model and PPO in a few steps each.
    static let cells = [
        ":load demos \(CommandFixture.fixture("gpt2/rows.jsonl"))",
        ":train tokenizer --vocab-size 300",
        ":train sft --from-scratch layers=2,width=16,heads=2,context=64 --steps 6 --batch-size 4 "
            + "--learning-rate 1e-2",
        ":generate --prompts demos --limit 12 --pairs 1 --max-new-tokens 8",
        ":label --count 2 --answers l,r",
        ":load pairs \(CommandFixture.fixture("gpt2/pairs.jsonl"))",
        ":train reward --steps 4 --batch-size 4 --learning-rate 1e-2",
        ":train ppo --prompts demos --steps 2 --batch-size 4 --minibatch-size 2 --max-new-tokens 6",
        ":plot reward",
        ":show demos\n:cells",
        "What is this?",
    ]

    private func record(
        in folder: TemporaryFolder, threads: Int, _ cells: [String] = Self.cells
    ) throws -> String {
        let path = folder.path + "/session-\(threads)"
        let notebook = try SessionStart.notebook(
            at: path, named: "small", document: nil,
            options: try GlobalOptions.parse(["--threads", "\(threads)", "--quiet", "--seed", "7"]))
        notebook.console.isSilent = true
        for source in cells {
            let cell = notebook.execute(LiveSession.Request(source: source))
            #expect(cell.state == .ok, "\(source): \(cell.error ?? "")")
        }
        #expect(notebook.close())
        return path
    }

    @Test(arguments: [1, 3])
    func everyCellIsIdenticalWhateverTheThreads(threads: Int) throws {
        let folder = try TemporaryFolder()
        let path = try record(in: folder, threads: 2)
        let replay = try SessionReplay(
            SessionFolder.open(at: path, for: .reading), in: folder.path + "/again",
            global: try GlobalOptions.parse(["--threads", "\(threads)", "--quiet"]))
        for cell in try SessionFolder.open(at: path, for: .reading).cells {
            let result = replay.perform(cell)
            #expect(result.verdict == .identical, "\(cell.source): \(result.reasons)")
        }
    }

    @Test func aChangedRecordIsDifferent() throws {
        let folder = try TemporaryFolder()
        let path = try record(in: folder, threads: 2, Array(Self.cells.prefix(3)))
        let replay = try SessionReplay(
            SessionFolder.open(at: path, for: .reading), in: folder.path + "/again",
            global: try GlobalOptions.parse(["--quiet"]))
        for var cell in try SessionFolder.open(at: path, for: .reading).cells {
            if cell.source.hasPrefix(":train sft") { cell.metrics = Digest(of: "other figures") }
            let result = replay.perform(cell)
            #expect((result.verdict == .different) == cell.source.hasPrefix(":train sft"))
        }
    }

    @Test func aSessionOpenedAgainHasItsSlotsAndRuns() throws {
        let folder = try TemporaryFolder()
        let path = try record(in: folder, threads: 1, Array(Self.cells.prefix(3)))
        let notebook = try SessionStart.notebook(
            at: path, named: "small", document: nil, options: try GlobalOptions.parse(["--quiet"]))
        notebook.console.isSilent = true
        #expect(notebook.settings.seed == 7)
        #expect(notebook.workspace.names.contains("sft"))
        #expect(notebook.runs.map(\.title) == ["sft"])
        let cell = notebook.execute(LiveSession.Request(source: "Does it still answer?"))
        #expect(cell.state == .ok)
        #expect(notebook.close())
    }
}
