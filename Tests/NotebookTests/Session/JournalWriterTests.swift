import OrderedJSON
import Testing

@testable import Notebook

@Suite struct JournalWriterTests {
    static func journal(_ path: String, size: Int) throws -> Journal {
        let file = try PosixFile(path, .appending)
        try file.truncate(to: size)
        return Journal(file: file, following: JournalContents(goodLength: size))
    }

    @Test func `records wait for space and are written in order`() throws {
        let folder = try TemporaryFolder()
        let path = folder("journal.jsonl")
        let limit = 64 << 20
        let writer = JournalWriter(try Self.journal(path, size: limit - 20))
        writer.opening = JSONObject([("engine", "0.1.0")])
        FileSizeLimit.withLimit(limit) {
            writer.append("note", JournalTests.note("a"), .now)
            writer.append("note", JournalTests.note("b"), .now)
        }
        #expect(writer.problem == .outOfSpace(path: path, reason: "File too large"))
        #expect(writer.waitingCount == 3)
        writer.append("note", JournalTests.note("c"), .now)
        #expect(writer.problem == nil)
        #expect(writer.waitingCount == 0)
        let bytes = try PosixFile(path, .reading).read(at: limit - 20, count: 5000)
        let contents = JournalContents(bytes)
        #expect(contents.damage == nil)
        #expect(contents.records.map(\.type) == ["open", "note", "note", "note"])
        #expect(JournalTests.texts(contents) == ["a", "b", "c"])
    }

    @Test func `what is still unsaved at the end is known`() throws {
        let writer = JournalWriter(
            try Journal(
                file: PosixFile("/dev/full", .appending), following: JournalContents()))
        writer.append("note", JournalTests.note("a"), .soon)
        writer.save()
        #expect(
            writer.problem == .outOfSpace(path: "/dev/full", reason: "No space left on device"))
        #expect(writer.waitingCount == 1)
    }

    @Test func `nothing is written where nothing happened`() throws {
        let folder = try TemporaryFolder()
        let writer = JournalWriter(try Self.journal(folder("journal.jsonl"), size: 0))
        writer.opening = JSONObject([("engine", "0.1.0")])
        writer.save()
        writer.close()
        #expect(try folder.read("journal.jsonl").isEmpty)
    }

    @Test func `closing is recorded once`() throws {
        let folder = try TemporaryFolder()
        let writer = JournalWriter(try Self.journal(folder("journal.jsonl"), size: 0))
        writer.append("note", JournalTests.note("a"), .soon)
        writer.close()
        writer.close()
        let contents = try Journal.read(at: folder("journal.jsonl"))
        #expect(contents.records.map(\.type) == ["note", "close"])
    }
}
