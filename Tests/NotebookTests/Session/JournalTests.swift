import Foundation
import OrderedJSON
import Testing

@testable import Notebook

@Suite struct JournalTests {
    static func note(_ text: String) -> JSONObject { JSONObject([("text", .string(text))]) }

    static func texts(_ contents: JournalContents) -> [String] {
        contents.records.compactMap { $0.fields["text"]?.stringValue }
    }

    @Test func `goes on where it stopped`() throws {
        let folder = try TemporaryFolder()
        let path = folder("journal.jsonl")
        try Journal.create(at: path).append("note", Self.note("a"))
        let (journal, contents, recovery) = try Journal.open(at: path, Journal.read(at: path))
        #expect(Self.texts(contents) == ["a"])
        #expect(recovery == nil)
        try journal.append("note", Self.note("b"), durability: .now)
        let all = try Journal.read(at: path)
        #expect(Self.texts(all) == ["a", "b"])
        #expect(all.damage == nil)
    }

    @Test func `does not replace a journal`() throws {
        let folder = try TemporaryFolder()
        let path = folder("journal.jsonl")
        try folder.write("journal.jsonl", [])
        #expect(throws: SessionError.alreadyExists(path: path)) { try Journal.create(at: path) }
    }

    @Test func `a torn end is moved away, and the next record follows the last good one`() throws {
        let whole = JournalReaderTests.journal()
        let last = JournalReaderTests.lines()[3]
        for cut in [1, 2, 20, last.count - 1] {
            let folder = try TemporaryFolder()
            let path = folder("journal.jsonl")
            let start = whole.count - last.count
            try folder.write("journal.jsonl", Array(whole[..<(whole.count - cut)]))
            let (journal, contents, recovery) = try Journal.open(at: path, Journal.read(at: path))
            try journal.append("note", Self.note("next"))
            let after = try Journal.read(at: path)
            #expect(after.damage == nil)
            if cut == 1 {
                // Only the newline was missing: the record is whole and stays.
                #expect(recovery == nil)
                #expect(after.records.count == 5)
            } else {
                let recovery = try #require(recovery)
                #expect(recovery.byteCount == last.count - cut)
                #expect(recovery.savedTo.hasPrefix(path + ".corrupt-"))
                let saved = try folder.read(Files.name(of: recovery.savedTo))
                #expect(saved == Array(whole[start..<(whole.count - cut)]))
                #expect(contents.records.count == 3)
                #expect(after.records.count == 4)
            }
            #expect(Self.texts(after).last == "next")
        }
    }

    @Test func `a second torn end in the same second does not replace the first`() throws {
        let folder = try TemporaryFolder()
        let path = folder("journal.jsonl")
        for tail in ["{torn", "{again"] {
            try folder.write("journal.jsonl", JournalReaderTests.journal() + Array(tail.utf8))
            _ = try Journal.open(at: path, Journal.read(at: path))
        }
        let saved = try folder.names().filter { $0.contains("corrupt") }.map(folder.read)
        #expect(
            saved.sorted { $0.count < $1.count } == [Array("{torn".utf8), Array("{again".utf8)])
    }

    @Test func `damage in the middle is refused and nothing is changed`() throws {
        let folder = try TemporaryFolder()
        let path = folder("journal.jsonl")
        var bytes = JournalReaderTests.journal()
        bytes[JournalReaderTests.lines()[0].count + 10] ^= 1
        try folder.write("journal.jsonl", bytes)
        #expect(
            throws: SessionError.damagedJournal(
                path: path, line: 2, problem: "the checksum does not fit the bytes", records: 1)
        ) { try Journal.open(at: path, Journal.read(at: path)) }
        #expect(try folder.read("journal.jsonl") == bytes)
        #expect(try folder.names() == ["journal.jsonl"])
    }

    @Test func `a full disk is an error of its own`() throws {
        let journal = Journal(
            file: try PosixFile("/dev/full", .appending), following: JournalContents())
        #expect(
            throws: SessionError.outOfSpace(path: "/dev/full", reason: "No space left on device")
        ) { try journal.append("note", Self.note("a")) }
    }

    @Test func `a write that is cut short leaves no trace and can be made again`() throws {
        let folder = try TemporaryFolder()
        let path = folder("journal.jsonl")
        let limit = 64 << 20
        let length = limit - 50
        try folder.write("journal.jsonl", [])
        let file = try PosixFile(path, .appending)
        try file.truncate(to: length)
        let journal = Journal(file: file, following: JournalContents(goodLength: length))

        let attempt = FileSizeLimit.withLimit(limit) {
            Result { try journal.append("note", Self.note("a")) }
        }
        #expect(throws: SessionError.outOfSpace(path: path, reason: "File too large")) {
            try attempt.get()
        }
        #expect(try PosixFile(path, .reading).size() == length)
        try journal.append("note", Self.note("a"))
        let end = try PosixFile(path, .reading).read(at: length, count: 1000)
        #expect(Self.texts(JournalContents(end)) == ["a"])
    }
}
