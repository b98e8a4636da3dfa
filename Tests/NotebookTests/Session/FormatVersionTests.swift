import Foundation
import OrderedJSON
import Testing

@testable import Notebook

/// One session for every version of the format that a program of this house has written, for ever.
///
/// `v1` was recorded by the first program with a session format; files are never made anew.
@Suite(.serialized) struct FormatVersionTests {
    private func copy(of version: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = try SessionFolder.copySound(
            CommandFixture.fixture("sessions/" + version), to: folder("s"))
        return folder
    }

    @Test func `a session of format 1 opens with all its cells and goes on`() throws {
        let original = try SessionFolder.open(
            at: CommandFixture.fixture("sessions/v1"), for: .reading)
        #expect(original.damage == nil)
        #expect(original.cells.map(\.state) == [.ok, .ok, .ok, .failed])
        #expect(original.cells.map(\.number) == [1, 2, 3, 4])
        let records = try Journal.read(at: original.path + "/journal.jsonl").records
        for cell in original.cells {
            let end = records.last {
                $0.type == "cell.end" && $0.fields["cell"] == .string(cell.id)
            }
            for (slot, digest) in cell.writes where !slot.hasPrefix("file:") {
                _ = try original.artifacts.get(digest)
            }
            #expect(cell.outputDigest?.description == end?.fields["outputs"]?.stringValue)
        }
        let folder = try copy(of: "v1")
        let session = try SessionFolder.open(at: folder("s"))
        #expect(session.cells.map(\.comparable) == original.cells.map(\.comparable))
        try session.record(.begin(cell: "more", CellStart(number: 5, source: ":note more")))
        try session.record(.end(cell: "more", CellResult(state: .ok, seconds: 0)))
        session.close()
        #expect(try SessionFolder.open(at: folder("s")).cells.count == 5)
    }

    @Test func `records of an unknown type are kept and change nothing`() throws {
        let folder = try copy(of: "v1")
        let session = try SessionFolder.open(at: folder("s"))
        let cells = session.cells
        try session.record("weather", JSONObject([("sky", "blue")]))
        try session.record(.begin(cell: "more", CellStart(number: 5, source: ":note more")))
        session.close()
        let again = try SessionFolder.open(at: folder("s"))
        #expect(Array(again.cells.dropLast()) == cells)
        let records = try Journal.read(at: folder("s/journal.jsonl")).records
        #expect(records.contains { $0.type == "weather" && $0.fields["sky"] == "blue" })
    }
}
