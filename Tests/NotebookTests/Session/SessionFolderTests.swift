import Foundation
import OrderedJSON
import Testing

@testable import Notebook

/// One after the other: a process that is being started holds copies of all locks for a moment.
@Suite(.serialized) struct SessionFolderTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder("Sessions/align")
    }

    func makeSession() throws {
        let session = try SessionFolder.create(at: path, .example)
        for change in CellListTests.changes { try session.record(change) }
        session.close()
    }

    @Test func `a new session is a folder that people can read`() throws {
        let session = try SessionFolder.create(at: path, .example)
        #expect(
            try folder.names("Sessions/align")
                == ["LOCK", "artifacts", "checkpoints", "journal.jsonl", "metrics", "session.json"])
        let json = try JSON(parsing: folder.read("Sessions/align/session.json"))
        #expect(json["schema"] == 1)
        #expect(json["seed"] == 42)
        #expect(json["precision"] == "f32")
        #expect(session.cells.isEmpty)
        #expect(session.newCellID() == "c-1")
    }

    @Test func `cells come back as they were`() throws {
        try makeSession()
        let session = try SessionFolder.open(at: path)
        #expect(session.cells.map(\.state) == [.stale, .interrupted])
        #expect(session.cell("sft")?.writes == ["policy": CellListTests.policy])
        #expect(session.recovery == nil)
        #expect(session.nextNumber == 3)
        #expect(session.newCellID() == "c-3")
        #expect(session.info.name == "align")
        let records = try Journal.read(at: path + "/journal.jsonl").records
        #expect(records.last?.type == "close")
        let end = try #require(records.first { $0.type == "cell.end" })
        #expect(
            end.fields["outputs"]?.stringValue == session.cell("sft")?.outputDigest?.description)
    }

    @Test func `looking changes nothing, going on is announced`() throws {
        try makeSession()
        let before = try folder.read("Sessions/align/journal.jsonl")
        let visit = try SessionFolder.open(at: path)
        visit.announce(JSONObject([("engine", "0.2.0")]))
        visit.close()
        #expect(try folder.read("Sessions/align/journal.jsonl") == before)
        #expect(throws: SessionError.readOnly(path: path)) {
            try visit.record(.edit(cell: "sft", source: ":load a"))
        }
        let session = try SessionFolder.open(at: path)
        session.announce(JSONObject([("engine", "0.2.0")]))
        try session.record(.edit(cell: "sft", source: ":load a"))
        let records = try Journal.read(at: path + "/journal.jsonl").records
        #expect(records.suffix(2).map(\.type) == ["open", "cell.edit"])
        #expect(records.dropLast().last?.fields["engine"] == "0.2.0")
    }

    @Test func `opens after a crash at every byte of the journal`() throws {
        try makeSession()
        let journal = try folder.read("Sessions/align/journal.jsonl")
        let whole = JournalContents(journal).records
        let first = try #require(journal.firstIndex(of: UInt8(ascii: "\n"))) + 1
        for length in stride(from: first, through: journal.count, by: 7) {
            try folder.write("Sessions/align/journal.jsonl", Array(journal[..<length]))
            let session = try SessionFolder.open(at: path)
            let records = JournalContents(Array(journal[..<length])).records
            #expect(records == Array(whole.prefix(records.count)))
            #expect(session.cells == CellList(records).cells)
            try session.record(.begin(cell: "x", CellStart(number: 9, source: "after")))
            session.close()
            let again = try SessionFolder.open(at: path)
            #expect(again.cell("x")?.state == .interrupted)
            #expect(again.recovery == nil)
            again.close()
        }
    }

    @Test func `a second opening is refused, reading is allowed`() throws {
        try makeSession()
        let session = try SessionFolder.open(at: path)
        let error = #expect(throws: SessionError.self) { try SessionFolder.open(at: path) }
        guard case .locked(path, let owner) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        #expect(owner.processID == Int(ProcessInfo.processInfo.processIdentifier))
        let reader = try SessionFolder.open(at: path, for: .reading)
        #expect(reader.cells == session.cells)
        #expect(throws: SessionError.readOnly(path: path)) {
            try reader.record(.edit(cell: "sft", source: ""))
        }
        #expect(throws: SessionError.readOnly(path: path)) { try reader.update(.example) }
    }

    @Test func `damage in the middle is refused for writing and shown for reading`() throws {
        try makeSession()
        var journal = try folder.read("Sessions/align/journal.jsonl")
        let firstLine = journal.firstIndex(of: 10) ?? 0
        let secondLine = journal[(firstLine + 1)...].firstIndex(of: 10) ?? 0
        journal[secondLine + 30] ^= 4
        try folder.write("Sessions/align/journal.jsonl", journal)
        #expect(
            throws: SessionError.damagedJournal(
                path: path + "/journal.jsonl", line: 3,
                problem: "the checksum does not fit the bytes", records: 2)
        ) { try SessionFolder.open(at: path) }
        let reader = try SessionFolder.open(at: path, for: .reading)
        #expect(reader.damage?.line == 3)
        #expect(reader.cells.map(\.state) == [.interrupted])
        #expect(try folder.read("Sessions/align/journal.jsonl") == journal)
    }

    @Test func `the name can change, later keys stay`() throws {
        try makeSession()
        let text = String(decoding: try folder.read("Sessions/align/session.json"), as: UTF8.self)
        let later = text.replacingOccurrences(of: "{\n", with: "{\n  \"mood\": \"good\",\n")
        try folder.write("Sessions/align/session.json", Array(later.utf8))
        let session = try SessionFolder.open(at: path)
        var info = session.info
        info.name = "better"
        info.tutorial = .init(path: "Tutorials/01.md", digest: Digest(of: "x"))
        try session.update(info)
        let json = try JSON(parsing: folder.read("Sessions/align/session.json"))
        #expect(json["name"] == "better")
        #expect(json["mood"] == "good")
        let reader = try SessionFolder.open(at: path, for: .reading)
        #expect(reader.info == info)
    }

    @Test func `a record about an unknown cell is refused`() throws {
        let session = try SessionFolder.create(at: path, .example)
        let before = try folder.read("Sessions/align/journal.jsonl")
        #expect(throws: SessionError.unknownCell(id: "c-9")) {
            try session.record(.output(cell: "c-9", .text("")))
        }
        #expect(try folder.read("Sessions/align/journal.jsonl") == before)
    }

    @Test func `an unfinished beginning is no obstacle, anything else is`() throws {
        try FileManager.default.createDirectory(
            atPath: path + "/metrics", withIntermediateDirectories: true)
        try folder.write("Sessions/align/journal.jsonl", [])
        try folder.write("Sessions/align/tmp.12.ab", [1])
        try makeSession()
        #expect(throws: SessionError.alreadyExists(path: path)) { try makeSession() }

        let other = folder("letters")
        try FileManager.default.createDirectory(
            atPath: other, withIntermediateDirectories: true)
        try folder.write("letters/dear.txt", [1])
        #expect(throws: SessionError.alreadyExists(path: other)) {
            try SessionFolder.create(at: other, .example)
        }
    }

    @Test func `what is not a session is refused`() throws {
        #expect(throws: SessionError.noFolder(path: path)) { try SessionFolder.open(at: path) }
        #expect(throws: SessionError.notASession(path: folder.path)) {
            try SessionFolder.open(at: folder.path)
        }
        try folder.write("file", [])
        #expect(throws: SessionError.noFolder(path: folder("file"))) {
            try SessionFolder.open(at: folder("file"))
        }
        #expect(
            throws: SessionError.unwritable(
                path: folder("file"), operation: "create", reason: "Not a directory")
        ) { try SessionFolder.create(at: folder("file"), .example) }
    }

    @Test(arguments: [
        ("{\"schema\":1,", 1, "INCOMPLETE"), ("[]", 1, "it is to be an object, found an array"),
        ("{}", 1, "\"schema\" is to be an integer, found nothing"),
        ("{\"schema\":1,\"id\":7}", 1, "\"id\" is to be a string, found an integer"),
    ])
    func `a malformed description is named`(text: String, line: Int, problem: String) throws {
        try makeSession()
        try folder.write("Sessions/align/session.json", Array(text.utf8))
        let error = #expect(throws: SessionError.self) { try SessionFolder.open(at: path) }
        guard case .malformed(path + "/session.json", line, let found) = error else {
            Issue.record("another error: \(String(describing: error))")
            return
        }
        if problem != "INCOMPLETE" { #expect(found == problem) }
    }

    @Test func `an emptied journal is said, not started over`() throws {
        try makeSession()
        try folder.write("Sessions/align/journal.jsonl", [])
        let error = SessionError.emptied(path: path + "/journal.jsonl")
        #expect(throws: error) { try SessionFolder.open(at: path) }
        #expect(throws: error) { try SessionFolder.open(at: path, for: .reading) }
    }

    @Test func `a session without its description is damaged, not a place for another one`() throws
    {
        try makeSession()
        try Posix.remove(path + "/session.json")
        let error = SessionError.incomplete(path: path, missing: "session.json")
        #expect(throws: error) { try SessionFolder.open(at: path) }
        #expect(throws: error) { try SessionFolder.create(at: path, .example) }
    }

    @Test func `a session of a newer program can be read`() throws {
        try makeSession()
        try folder.write("Sessions/align/session.json", Array(Self.newerInfo(path).utf8))
        #expect(throws: SessionError.self) { try SessionFolder.open(at: path) }
        let console = Console(settings: Settings())
        let session = try SessionFolder.open(at: path, SessionOpening.writing, console)
        #expect(session.isReadOnly)
        #expect(session.cells.map(\.state) == [.stale, .interrupted])
    }

    @Test func `a session of a newer program is not copied in part`() throws {
        try makeSession()
        var line = #"{"v":2,"seq":1,"t":"","type":"session.create","prev":"00000000""#
        line += ",\"crc\":\"\(CRC32.hex(of: line.utf8))\"}\n"
        try folder.write("Sessions/align/journal.jsonl", Array(line.utf8))
        #expect(
            throws: SessionError.newerFormat(
                path: path + "/journal.jsonl", found: 2, supported: 1)
        ) { try SessionFolder.copySound(path, to: folder("copy")) }
        try folder.write("Sessions/align/session.json", Array(Self.newerInfo(path).utf8))
        #expect(
            throws: SessionError.newerFormat(
                path: path + "/session.json", found: 9, supported: 1)
        ) { try SessionFolder.copySound(path, to: folder("copy")) }
        #expect(try Posix.kind(of: folder("copy")) == nil)
    }

    private static func newerInfo(_ path: String) throws -> String {
        String(decoding: try Files.read(path + "/session.json"), as: UTF8.self)
            .replacingOccurrences(of: "\"schema\": 1", with: "\"schema\": 9")
    }

    @Test func `a session of a newer program is refused for writing`() throws {
        try makeSession()
        try folder.write("Sessions/align/session.json", Array("{\"schema\":2}".utf8))
        #expect(
            throws: SessionError.newerFormat(
                path: path + "/session.json", found: 2, supported: 1)
        ) { try SessionFolder.open(at: path) }
    }

    @Test func `a missing journal is said, not taken for an empty one`() throws {
        try makeSession()
        try FileManager.default.removeItem(atPath: path + "/journal.jsonl")
        #expect(
            throws: SessionError.incomplete(path: path, missing: "journal.jsonl")
        ) { try SessionFolder.open(at: path) }
    }

    @Test func `the sound part of a damaged session can be copied`() throws {
        try makeSession()
        let session = try SessionFolder.open(at: path)
        let digest = try session.artifacts.put(Array("weights".utf8))
        try MetricWriter(path: session.metricsPath(of: "sft")).append(
            MetricRow(step: 1, values: [("loss", 2)]))
        for text in ["a", "b"] { try session.record(.edit(cell: "c-2", source: text)) }
        session.close()
        var journal = try folder.read("Sessions/align/journal.jsonl")
        let endLine = journal.dropLast().lastIndex(of: 10) ?? 0
        let lastLine = journal[..<endLine].lastIndex(of: 10) ?? 0
        let previousLine = journal[..<lastLine].lastIndex(of: 10) ?? 0
        journal[previousLine + 30] ^= 4
        try folder.write("Sessions/align/journal.jsonl", journal)
        #expect(throws: SessionError.self) { try SessionFolder.open(at: path) }

        let records = JournalContents(journal).records.count
        #expect(try SessionFolder.copySound(path, to: folder("repaired")) == records)
        let repaired = try SessionFolder.open(at: folder("repaired"))
        #expect(repaired.info == session.info)
        #expect(repaired.cell("sft")?.state == .stale)
        #expect(try repaired.artifacts.get(digest) == Array("weights".utf8))
        #expect(try MetricSeries(path: repaired.metricsPath(of: "sft")).last("loss") == 2)
        #expect(try folder.read("Sessions/align/journal.jsonl") == journal)
        #expect(throws: SessionError.alreadyExists(path: path)) {
            try SessionFolder.copySound(path, to: path)
        }
    }
}
