import OrderedJSON
import Testing

@testable import Notebook

@Suite struct CellListTests {
    static let policy = Digest(of: "policy")
    static let demos = Digest(of: "demos")

    static func start(_ number: Int, _ source: String = ":train sft") -> CellStart {
        CellStart(number: number, name: "sft", source: source)
    }

    static let result = CellResult(
        state: .ok, seconds: 1.5, reads: ["demos": demos], writes: ["policy": policy],
        metrics: Digest(of: "metrics"), details: JSONObject([("steps", 3)]))

    /// The journal records of some changes, through their JSON form.
    static func records(_ changes: [CellRecord]) throws -> [JournalRecord] {
        var previous = JournalRecord.firstPrevious
        var bytes: [UInt8] = []
        for (index, change) in changes.enumerated() {
            let record = JournalRecord(
                sequence: index + 1, time: "noon", type: change.type, fields: change.fields())
            let line = record.line(previous: previous)
            bytes += line.bytes
            previous = line.crc
        }
        let contents = JournalContents(bytes)
        try #require(contents.records.count == changes.count)
        return contents.records
    }

    static let changes: [CellRecord] = [
        .begin(cell: "sft", start(1)),
        .output(cell: "sft", .text("loss 2.0")),
        .checkpoint(cell: "sft", JSONObject([("step", 100)])),
        .output(cell: "sft", .text("12 s").varying),
        .end(cell: "sft", result),
        .begin(cell: "c-2", CellStart(number: 2, source: "hello")),
    ]

    @Test func `changes survive the journal`() throws {
        let read = try Self.records(Self.changes).map(CellRecord.init)
        #expect(read == Self.changes)
        let more: [CellRecord] = [
            .edit(cell: "a", source: "x"), .stale(cells: ["a", "b"]), .delete(cell: "a"),
            .move(cell: "a", before: "b"), .move(cell: "a", before: nil), .undo, .redo,
            .begin(
                cell: "a",
                CellStart(number: 4, name: nil, source: "y", resumes: true, keeping: 2)),
            .end(cell: "a", CellResult(state: .failed, seconds: 0, error: "No.")),
        ]
        #expect(try Self.records(more).map(CellRecord.init) == more)
    }

    @Test func `cells are rebuilt from a journal`() throws {
        let list = CellList(try Self.records(Self.changes))
        let cell = try #require(list["sft"])
        // The demonstrations that it read stand in no slot of these records.
        #expect(cell.state == .stale)
        #expect(cell.number == 1)
        #expect(cell.name == "sft")
        #expect(cell.source == ":train sft")
        #expect(cell.outputs == [.text("loss 2.0"), .text("12 s").varying])
        #expect(cell.seconds == 1.5)
        #expect(cell.reads == ["demos": Self.demos])
        #expect(cell.writes == ["policy": Self.policy])
        #expect(cell.metrics == Digest(of: "metrics"))
        #expect(cell.checkpoint == nil)
        #expect(cell.details["steps"] == 3)
        #expect(cell.began == "noon")
        // By hand: the JSON of the one reproducible output and a line end.
        let output = "{\"kind\":\"text\",\"text\":\"loss 2.0\"}\n"
        #expect(cell.outputDigest == Digest(of: output))
        #expect(list.nextNumber == 3)
    }

    @Test func `a cell begun and not ended is interrupted, with all that was kept`() throws {
        for count in 1...4 {
            let list = CellList(try Self.records(Array(Self.changes[..<count])))
            let cell = try #require(list["sft"])
            #expect(cell.state == .interrupted)
            #expect(cell.outputs.count == [1: 0, 2: 1, 3: 1, 4: 2][count])
            #expect((cell.checkpoint?["step"] == 100) == (count >= 3))
        }
    }

    @Test func `a resumed cell keeps its checkpoint and the outputs asked for`() throws {
        let begun =
            Self.changes[..<4] + [
                .begin(
                    cell: "sft",
                    CellStart(number: 1, source: ":train sft", resumes: true, keeping: 1))
            ]
        let cell = try #require(CellList(try Self.records(Array(begun)))["sft"])
        #expect(cell.outputs == [.text("loss 2.0")])
        #expect(cell.checkpoint?["step"] == 100)
    }

    @Test func `a cell run again forgets what it showed`() throws {
        let again = Self.changes + [.begin(cell: "sft", Self.start(1, ":train sft --steps 5"))]
        let list = CellList(try Self.records(again))
        let cell = try #require(list["sft"])
        #expect(cell.outputs.isEmpty)
        #expect(cell.writes.isEmpty)
        #expect(cell.source == ":train sft --steps 5")
        #expect(list.cells.map(\.id) == ["sft", "c-2"])
    }

    @Test func `an edited cell is new, and itself again when its text is restored`() throws {
        let changes = Self.changes + [.edit(cell: "sft", source: ":load a")]
        let edited = CellList(try Self.records(changes))
        #expect(edited["sft"]?.state == .new)
        #expect(edited["sft"]?.stateWord == "edited")
        #expect(edited["sft"]?.source == ":load a")
        #expect(edited["sft"]?.writes == ["policy": Self.policy])
        let restored = CellList(
            try Self.records(changes + [.edit(cell: "sft", source: ":train sft")]))
        // Nobody wrote the demonstrations that it read.
        #expect(restored["sft"]?.state == .stale)
        #expect(restored["sft"]?.isEdited == false)
    }

    @Test func `marks of older versions give way to what the digests say`() throws {
        let end = CellResult(state: .ok, seconds: 0, writes: ["policy": Self.policy])
        let list = CellList(
            try Self.records([
                .begin(cell: "a", Self.start(1)), .end(cell: "a", end), .stale(cells: ["a"]),
            ]))
        #expect(list["a"]?.state == .ok)
    }
}
