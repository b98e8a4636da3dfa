import ArgumentParser
import Foundation
import OrderedJSON
import TerminalUI
import Testing

@testable import Notebook

/// Results of steps that sessions share.
@Suite struct StepStoreTests {
    /// The lesson in a few steps each.
    static let cells = [
        ":load demos \(CommandFixture.fixture("gpt2/rows.jsonl"))",
        ":train tokenizer --vocab-size 300",
        ":train sft --from-scratch layers=1,width=16,heads=2,context=64 --steps 4 --batch-size 4 "
            + "--learning-rate 1e-2",
        ":load pairs \(CommandFixture.fixture("gpt2/pairs.jsonl"))",
        ":train reward --steps 3 --batch-size 4 --learning-rate 1e-2\n:plot accuracies",
        ":train ppo --prompts demos --steps 1 --batch-size 4 --minibatch-size 2 --max-new-tokens 4",
        "What is this?",
    ]

    let folder: TemporaryFolder
    var store: StepStore { StepStore(path: folder("store")) }

    init() throws { folder = try TemporaryFolder() }

    func open(_ name: String) throws -> LiveSession {
        let notebook = try SessionStart.notebook(
            at: folder(name), named: name, document: nil,
            options: try GlobalOptions.parse(["--threads", "2", "--quiet"]))
        notebook.console.isSilent = true
        notebook.stepStore = store
        return notebook
    }

    func record(_ name: String) throws -> LiveSession {
        let notebook = try open(name)
        for source in Self.cells {
            let cell = notebook.execute(LiveSession.Request(source: source))
            #expect(cell.state == .ok, "\(source): \(cell.error ?? "")")
        }
        return notebook
    }

    @Test func `a second session takes what the first has computed, and is complete by itself`()
        throws
    {
        let first = try record("first")
        #expect(first.folder.cells.allSatisfy { !$0.isFromStore })
        let second = try record("second")
        #expect(
            second.folder.cells.map(\.isFromStore)
                == [false, true, true, false, true, true, false])
        for (old, new) in zip(first.folder.cells, second.folder.cells) {
            #expect(old.comparable == new.comparable)
            #expect(old.details["facts"] == new.details["facts"])
        }
        #expect(first.runs.map(\.title) == second.runs.map(\.title))
        // Without the store everything is there.
        try Posix.removeFolder(store.path)
        for cell in second.folder.cells {
            for (_, digest) in cell.writes { #expect(second.folder.artifacts.isComplete(digest)) }
            for run in cell.runs {
                #expect(try !MetricSeries(path: second.metricsPath(of: run.id)).rows.isEmpty)
            }
        }
    }

    @Test func `an edit of the reward cell reruns what is downstream, the rest is known`() throws {
        let notebook = try record("edit")
        let cells = notebook.folder.cells
        let metrics = try Files.read(notebook.metricsPath(of: "c-5"))
        try notebook.change(
            .edit(
                cell: cells[4].id,
                source: cells[4].source.replacing(
                    "--learning-rate 1e-2", with: "--learning-rate 2e-2")))
        #expect(
            notebook.folder.cells.map(\.stateWord)
                == ["ok", "ok", "ok", "ok", "edited", "stale", "stale"])
        #expect(notebook.prompt.plainText == "[8 3 stale]> ")
        let changes = CellReasons(notebook).changes(since: notebook.folder.cells[4])
        #expect(changes == ["train reward --learning-rate: was 0.01, is 0.02"])
        let outcome = Rerun(notebook).perform(.stale)
        #expect(outcome.computed == 3)
        #expect(outcome.fromStore == 0)
        #expect(notebook.folder.cells.allSatisfy { $0.state == .ok })
        #expect(notebook.prompt.plainText == "[8]> ")
        #expect(
            zip(cells, notebook.folder.cells).map { $0.writes == $1.writes }
                == [true, true, true, true, false, false, true])

        // Everything again: known steps are not computed; and undone, the first results are back.
        let again = Rerun(notebook).perform(.all)
        #expect(again.fromStore == 4)
        for _ in 0..<(7 + 3 + 1) { try notebook.change(.undo) }
        #expect(notebook.folder.cells.map(\.comparable) == cells.map(\.comparable))
        #expect(try Files.read(notebook.metricsPath(of: "c-5")) == metrics)
        #expect(notebook.workspace.digest(of: "reward") == cells[4].writes["reward"])
    }

    @Test func `fresh means computed, and a damaged entry is as good as none`() throws {
        let notebook = try record("damage")
        #expect(Rerun(notebook, isFresh: true).perform(.all).fromStore == 0)
        let step = try #require(notebook.folder.cells[2].steps.first)
        let path = store.path(of: try #require(step.key))
        var bytes = try Files.read(path)
        bytes[bytes.count / 2] ^= 1
        try Files.replace(path, with: bytes)
        #expect(Rerun(notebook).perform(.cells(["c-3"])).computed == 1)
        #expect(Rerun(notebook).perform(.cells(["c-3"])).fromStore == 1)
    }

    @Test func `what no session refers to is removed, and nothing else`() throws {
        let first = try record("first")
        let keys = first.folder.cells.flatMap(\.steps).compactMap(\.key)
        #expect(try store.use().unused.isEmpty)
        #expect(try store.removeUnused().entries == 0)
        #expect(try store.use().entries.count == keys.count)
        _ = first.close()
        try Posix.removeFolder(folder("first"))
        #expect(try store.use().unused.count == keys.count)
        #expect(try store.removeUnused().entries == keys.count)
        let use = try store.use()
        #expect(use.entries.isEmpty && use.artifactCount == 0 && use.sessions.isEmpty)
    }

    @Test func `a copy of a session uses the store for itself`() throws {
        let first = try record("first")
        _ = first.close()
        _ = try SessionFolder.copySound(folder("first"), to: folder("copy"))
        let copy = try open("copy")
        #expect(Rerun(copy).perform(.all).fromStore == 4)
        _ = copy.close()
        #expect(try store.use().sessions.count == 2)
        try Posix.removeFolder(folder("copy"))
        #expect(try store.removeUnused().entries == 0)
        #expect(try store.use().sessions.map(\.path) == [folder("first")])
    }

    @Test func `results of a session that a newer program goes on with are kept`() throws {
        let first = try record("first")
        _ = first.close()
        let path = folder("first/journal.jsonl")
        var newer: [UInt8] = []
        var previous = JournalRecord.firstPrevious
        for record in try Journal.read(at: path).records {
            // The line as a program of version 2 would have written it.
            let line = String(decoding: record.line(previous: previous).bytes, as: UTF8.self)
                .replacing("{\"v\":1,", with: "{\"v\":2,", maxReplacements: 1)
            let body = line.prefix(upTo: try #require(line.ranges(of: ",\"crc\":").last).lowerBound)
            previous = CRC32.hex(of: Array(body.utf8))
            newer += Array("\(body),\"crc\":\"\(previous)\"}\n".utf8)
        }
        try Files.replace(path, with: newer)
        #expect(throws: SessionError.self) { try SessionFolder.open(at: folder("first")) }
        #expect(try store.removeUnused().entries == 0)
    }

    /// Real processes that compute the same at the same time, while another clears the store.
    @Test func `processes share one store`() throws {
        let script = folder("cells.txt")
        try folder.write(
            "cells.txt", Array((Self.cells.dropLast().joined(separator: "\n") + "\n").utf8))
        let program = TmuxTerminal.program
        let commands = (1...3).map { number in
            "(\(program) \(folder("s\(number)")) < \(script); "
                + "\(program) \(folder("t\(number)")) < \(script)) > /dev/null 2>&1 & "
        }
        let line =
            "export RLHF_STORE=\(store.path); " + commands.joined()
            + "for i in 1 2 3 4; do \(program) store --remove-unused > /dev/null 2>&1; done; wait"
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", line]
        try process.run()
        process.waitUntilExit()
        let sessions = try ["s1", "s2", "s3", "t1", "t2", "t3"].map {
            try SessionFolder.open(at: folder($0), for: .reading).cells
        }
        for cells in sessions {
            #expect(cells.map(\.comparable) == sessions[0].map(\.comparable))
            #expect(cells.allSatisfy { $0.state == .ok })
        }
        for key in try store.use().entries.map(\.key) {
            #expect(store.entry(key) != nil)
        }
    }
}
