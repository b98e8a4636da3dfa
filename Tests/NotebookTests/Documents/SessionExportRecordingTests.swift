import OrderedJSON
import Testing

@testable import Notebook

@Suite struct SessionExportRecordingTests {
    private func session() throws -> (cells: [Cell], records: [JournalRecord]) {
        func record(_ change: CellRecord, _ time: String) -> JournalRecord {
            JournalRecord(
                sequence: 1, time: "2026-11-21T10:15:\(time)Z", type: change.type,
                fields: change.fields())
        }
        let records = [
            record(.begin(cell: "a", CellStart(number: 1, name: "a", source: ":train sft")), "00"),
            record(.output(cell: "a", .text("half\n")), "02"),
            record(.output(cell: "a", .text("\u{1B}[2Jdone\t日\n")), "04"),
            record(.end(cell: "a", CellResult(state: .ok, seconds: 3.5)), "04"),
            record(.begin(cell: "c-2", CellStart(number: 2, source: "Why?\nHow?")), "30"),
            record(
                .end(cell: "c-2", CellResult(state: .failed, seconds: 0.25, error: "no policy")),
                "30"),
        ]
        return (CellList(records).cells, records)
    }

    @Test func `times are the journal's, and every cell has a marker`() throws {
        let (cells, records) = try session()
        let export = SessionExport(info: .example, cells: cells, render: OutputText.text)
        let lines = try export.recording(records).split(separator: "\n").map {
            try JSON(parsing: String($0))
        }
        #expect(lines[0]["version"] == 3)
        #expect(lines[0]["term"] == ["cols": 80, "rows": 24])
        #expect(lines[0]["idle_time_limit"] == 2)
        let events = lines.dropFirst().map { [$0[0], $0[1], $0[2]].compactMap { $0 } }
        #expect(
            events == [
                [1.0, "m", "[1] a"], [0.0, "o", "\u{1B}[1m[1]>\u{1B}[0m :train sft\r\n"],
                [1.75, "o", "half\r\n"], [1.75, "o", "[2Jdone    日\r\n"],
                [1.0, "m", "[2] Why?"], [0.0, "o", "\u{1B}[1m[2]>\u{1B}[0m Why?\r\nHow?\r\n"],
                [0.25, "o", "no policy\r\n"], [0.0, "x", "1"],
            ])
    }

    @Test func `prose is told between the cells`() throws {
        let document = try TutorialDocument(
            markdown: Array("# Lesson\n\n```{code-cell} rlhf\n\n:note x\n```\n".utf8), path: "a.md")
        let export = SessionExport(
            info: .example, cells: [], tutorial: document, render: OutputText.text)
        let text = export.recording([])
        #expect(text.contains("Lesson"))
        #expect(text.hasSuffix("\"x\", \"0\"]\n"))
    }
}
