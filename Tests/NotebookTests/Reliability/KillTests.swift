import Autograd
import Foundation
import TerminalUI
import Testing

@testable import Notebook

/// The real program, killed with SIGKILL at random moments, goes on to the bits of an uninterrupted
/// run.
@Suite(.serialized) struct KillTests {
    @Test func `a killed training session goes on to the same bits`() throws {
        var count = ReliabilityCount("kill -9 of a training session")
        let folder = try TemporaryFolder()
        let whole = try TrainingProcess("whole", in: folder)
        let reference = try whole.run()
        #expect(reference.status == 0, "\(reference.text)")
        #expect(reference.done.count == 4)
        let expected = try whole.cells()
        // The first run reads the program from the disk; how long one takes, the second says.
        let start = MonotonicClock.seconds()
        let second = try TrainingProcess("second", in: folder)
        #expect(try second.run().status == 0)
        let seconds = MonotonicClock.seconds() - start
        #expect(try second.cells() == expected)

        var random = RandomStream(seed: 4, purpose: RandomPurpose("kills"))
        var sessions = 0
        while count.faults < Soak.count(short: 5, whole: 200) {
            sessions += 1
            let killed = try TrainingProcess("killed-\(sessions)", in: folder)
            var acknowledged: Set<Int> = []
            // A session is killed twice, so that resumed runs are killed as well.
            for _ in 0..<2 {
                let moment = Double(random.nextUniform()) * seconds
                let result = try killed.run(killAfter: moment)
                if result.status == nil { count.faults += 1 }
                acknowledged.formUnion(result.done)
                guard FileManager.default.fileExists(atPath: killed.session + "/session.json")
                else { continue }
                let left = try SessionFolder.open(at: killed.session, for: .reading)
                let done = Set(left.cells.filter { $0.state == .ok }.map(\.number))
                count.acknowledged += acknowledged.count
                count.lost += acknowledged.subtracting(done).count
            }
            let last = try killed.run()
            #expect(last.status == 0, "\(last.text)")
            #expect(try killed.cells() == expected)
            #expect(last.done.count == 4)
            count.recovered += 1
            try Posix.removeFolder(killed.session)
        }
        count.report()
        #expect(count.lost == 0)
    }

    /// The moment between the last step and the end of a cell, when nothing is left to train.
    @Test func `a cell killed after its last step goes on to the same record`() throws {
        let folder = try TemporaryFolder()
        let whole = try TrainingProcess("whole", in: folder)
        #expect(try whole.run().status == 0)
        let expected = try whole.cells()
        for (number, step) in [(1, 24), (2, 24), (3, 8)] {
            let killed = try TrainingProcess("killed-\(number)", in: folder)
            let mark = "\"run\":\"t-\(number)\",\"step\":\(step)"
            _ = try killed.run(killWhen: {
                let journal = try? Files.read(killed.session + "/journal.jsonl")
                return String(decoding: journal ?? [], as: UTF8.self).contains(mark)
            })
            #expect(try killed.run().status == 0)
            #expect(try killed.cells() == expected)
        }
    }

    /// One session, killed in the middle of each method's run in turn.
    @Test func `every method goes on to the same bits after a kill`() throws {
        let folder = try TemporaryFolder()
        let script = TrainingProcess.everyMethod
        let whole = try TrainingProcess("whole", in: folder, script: script)
        let reference = try whole.run()
        #expect(reference.status == 0, "\(reference.text)")
        let expected = try whole.cells()
        #expect(expected.count == 17)

        let killed = try TrainingProcess("killed", in: folder, script: script)
        var kills = 0
        for number in 3...17 {
            let mark = "\"run\":\"t-\(number)\",\"step\":3"
            let result = try killed.run(killWhen: {
                let journal = try? Files.read(killed.session + "/journal.jsonl")
                return String(decoding: journal ?? [], as: UTF8.self).contains(mark)
            })
            if result.status == nil { kills += 1 }
        }
        #expect(kills >= 12, "\(kills) runs were killed in time")
        let last = try killed.run()
        #expect(last.status == 0, "\(last.text)")
        #expect(try killed.cells() == expected)
    }

    @Test func `a second process is told who has the session, may read it or copy it`() throws {
        let folder = try TemporaryFolder()
        let process = try TrainingProcess("s", in: folder)
        #expect(try process.run().status == 0)
        let held = try SessionFolder.open(at: process.session)
        let refused = try program(["open", process.session], in: folder)
        #expect(refused.status == 4)
        #expect(refused.text.contains("process \(getpid()) on \(Posix.hostName)"))
        #expect(refused.text.contains("--read-only"))
        let reader = try program(
            ["run", folder("script.txt"), "--session", process.session, "--read-only"], in: folder)
        #expect(reader.status == 0, "\(reader.text)")
        let fork = try program(
            ["run", folder("script.txt"), "--session", process.session, "--fork"], in: folder)
        #expect(fork.status == 0, "\(fork.text)")
        #expect(fork.text.contains("\(process.session)-fork-1"))
        let copy = try SessionFolder.open(at: process.session + "-fork-1", for: .reading)
        #expect(copy.cells.map(\.comparable) == held.cells.map(\.comparable))
        held.close()
    }

    @Test func `a damaged session ends with exit code 4 and a sentence`() throws {
        let folder = try TemporaryFolder()
        let process = try TrainingProcess("s", in: folder)
        #expect(try process.run().status == 0)
        let journal = try folder.read("s/journal.jsonl")
        let arguments = ["run", folder("script.txt"), "--session", process.session]

        try folder.write("s/journal.jsonl", [])
        let emptied = try program(arguments, in: folder)
        #expect(emptied.status == 4)
        #expect(emptied.text.contains("journal.jsonl is empty"))
        try Posix.remove(folder("s/journal.jsonl"))
        let gone = try program(arguments, in: folder)
        #expect(gone.status == 4)
        #expect(gone.text.contains("journal.jsonl is missing"))
        try folder.write("s/journal.jsonl", journal)
        try Posix.rename(folder("s/artifacts"), to: folder("elsewhere"))
        let bare = try program(arguments, in: folder)
        #expect(bare.status == 4)
        #expect(bare.text.contains("artifacts is missing"))
        try Posix.rename(folder("elsewhere"), to: folder("s/artifacts"))
        try Posix.remove(folder("s/session.json"))
        let nameless = try program(arguments, in: folder)
        #expect(nameless.status == 4)
        #expect(nameless.text.contains("session.json is missing"))
        #expect(try folder.read("s/journal.jsonl") == journal)
    }

    private func program(
        _ arguments: [String], in folder: TemporaryFolder
    ) throws -> (status: Int32?, text: String) {
        let run = try ProgramRun(arguments, in: folder)
        return (run.status, run.errors)
    }
}
