import Foundation
import Glibc
import OrderedJSON
import Testing

@testable import Notebook

/// Crashes, losses of power, errors of the system and damaged bytes, as SQLite is tested with them.
/// One after the other: a process that is being started holds copies of all locks for a moment.
@Suite(.serialized) struct CrashTests {
    @Test func `a crash in any operation loses nothing that was reported`() throws {
        var count = ReliabilityCount("crash at the N-th operation")
        for tearing in [false, true] {
            var place = 1
            while true {
                let folder = try TemporaryFolder(inMemory: true)
                let disk = FaultyDisk(.crash(at: place, tearing: tearing))
                let script = ScriptedSession(at: folder("sessions/s"), on: disk)
                if disk.faultCount == 0 { break }
                count.faults += 1
                try script.check(folder("sessions/s"), &count)
                place += 1
            }
            #expect(place > 60)
        }
        count.report()
        #expect(count.lost == 0)
        #expect(count.recovered == count.faults)
    }

    @Test func `a loss of power loses nothing that was reported`() throws {
        var count = ReliabilityCount("lost, torn and reordered unsynced writes")
        let folder = try TemporaryFolder(inMemory: true)
        let disk = FaultyDisk()
        let script = ScriptedSession(at: folder("sessions/s"), on: disk)
        let log = disk.log
        #expect(script.acknowledged.count == ScriptedSession.cellCount)
        for seed in 0..<Soak.count(short: 150, whole: 1_000) {
            // A prime step, so that the seeds reach every operation.
            let place = seed * 37 % (log.count + 1)
            let left = try TemporaryFolder(inMemory: true)
            try PowerLoss(log.prefix(place), root: folder.path)
                .leave(seed: UInt64(seed), in: left.path)
            count.faults += 1
            do {
                try script.check(left("sessions/s"), before: place, &count)
            } catch {
                Issue.record("seed \(seed), after \(place) operations: \(error)")
            }
        }
        count.report()
        #expect(count.lost == 0)
        #expect(count.recovered == count.faults)
    }

    @Test(arguments: [ENOSPC, EIO, EACCES], [false, true])
    func `an error of the system in any operation loses nothing that was reported`(
        code: Int32, isSticky: Bool
    ) throws {
        let words = unsafe String(cString: strerror(code))
        var count = ReliabilityCount("\(words), \(isSticky ? "for ever" : "once")")
        var place = 1
        while true {
            let folder = try TemporaryFolder(inMemory: true)
            let disk = FaultyDisk(.failure(at: place, code: code, isSticky: isSticky))
            let script = ScriptedSession(at: folder("sessions/s"), on: disk)
            if disk.faultCount == 0 { break }
            count.faults += 1
            // After a single error everything that waited was written with the next record.
            if !isSticky, script.createdAt != nil, place < disk.log.count - 3 {
                #expect(script.isSaved, "operation \(place): \(disk.log[place - 1].verb)")
            }
            try script.check(folder("sessions/s"), &count)
            place += 1
        }
        count.report()
        #expect(count.lost == 0)
        #expect(count.recovered == count.faults)
    }

    /// The session that the two following tests damage.
    private func recorded() throws -> (folder: TemporaryFolder, journal: [UInt8]) {
        let folder = try TemporaryFolder(inMemory: true)
        _ = ScriptedSession(at: folder("s"), on: FaultyDisk())
        return (folder, try folder.read("s/journal.jsonl"))
    }

    @Test func `every prefix of a journal opens with all its whole records`() throws {
        var count = ReliabilityCount("prefixes of a journal")
        let (folder, journal) = try recorded()
        let whole = JournalContents(journal).records
        // The first record is on the device before there is a session.
        let first = try #require(journal.firstIndex(of: UInt8(ascii: "\n"))) + 1
        for length in first...journal.count {
            let prefix = Array(journal[..<length])
            let contents = JournalContents(prefix)
            let lines = prefix.count { $0 == UInt8(ascii: "\n") }
            count.faults += 1
            count.acknowledged += lines
            count.lost += max(0, lines - contents.records.count)
            #expect(contents.records == Array(whole.prefix(contents.records.count)))
            #expect(contents.damage.map(\.isTail) ?? true)
            // The whole way through the disk costs two fsyncs, so not for every byte in `make test`.
            guard length % Soak.count(short: 61, whole: 1) == 0 else {
                count.recovered += 1
                continue
            }
            try folder.write("s/journal.jsonl", prefix)
            let session = try SessionFolder.open(at: folder("s"))
            #expect(session.cells == CellList(contents.records).cells)
            session.close()
            try requireAllBytes(prefix, in: folder)
            count.recovered += 1
        }
        count.report()
        #expect(count.lost == 0)
    }

    @Test func `every flipped byte is noticed, and no byte is deleted`() throws {
        var count = ReliabilityCount("flipped bytes of a journal")
        let (folder, journal) = try recorded()
        let whole = JournalContents(journal).records
        for place in journal.indices {
            var damaged = journal
            damaged[place] ^= 1 << UInt8(place % 8)
            let contents = JournalContents(damaged)
            count.faults += 1
            #expect(contents.damage != nil || contents.records == whole, "byte \(place)")
            #expect(contents.records == Array(whole.prefix(contents.records.count)))
            guard place % Soak.count(short: 61, whole: 1) == 0 else { continue }
            try folder.write("s/journal.jsonl", damaged)
            do {
                try SessionFolder.open(at: folder("s")).close()
                count.recovered += 1
                try requireAllBytes(damaged, in: folder)
            } catch SessionError.damagedJournal {
                count.refused += 1
                #expect(try folder.read("s/journal.jsonl") == damaged)
                #expect(try SessionFolder.open(at: folder("s"), for: .reading).damage != nil)
            }
        }
        count.report()
        #expect(count.refused > 0)
    }

    /// What was in a journal before it was opened is in it, or beside it.
    private func requireAllBytes(_ bytes: [UInt8], in folder: TemporaryFolder) throws {
        var left = try folder.read("s/journal.jsonl")
        for name in try folder.names("s") where name.hasPrefix("journal.jsonl.corrupt-") {
            left += try folder.read("s/" + name)
            try Posix.remove(folder("s/" + name))
        }
        // A last line that only lacked its end has it now.
        #expect(left == bytes || left == bytes + [UInt8(ascii: "\n")])
    }
}
