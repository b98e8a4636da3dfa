import OrderedJSON
import Testing

@testable import Notebook

@Suite struct AgreementCommandTests {
    let fixture: CommandFixture

    init() throws { fixture = try CommandFixture() }

    @Test func votesGiveCoefficientsAndATableOfAnnotators() throws {
        let rows = (0..<6).flatMap { pair in
            ["ann", "ben"].map { name in
                let verdict = name == "ben" && pair == 0 ? "right" : pair < 3 ? "left" : "right"
                return
                    "{\"pair_id\":\"\(pair)\",\"annotator\":\"\(name)\",\"verdict\":\"\(verdict)\"}\n"
            }
        }
        try fixture.run("agreement", try fixture.write("votes.jsonl", rows.joined()))
        #expect(fixture.shown.contains("12 votes by 2 annotators on 6 pairs"))
        #expect(fixture.shown.contains("raw agreement         0.833"))
        #expect(fixture.shown.contains("Krippendorff's alpha"))
        #expect(fixture.shown.contains("ann"))
    }

    /// Dee takes the other side in 30 pairs of 40, says tie in six and agrees in four.
    @Test func whoDisagreesIsShownWithWhat() throws {
        let rows = (0..<40).flatMap { pair in
            ["ann", "ben", "cem", "dee"].map { name in
                let side = pair % 2 == 0 ? "left" : "right"
                let other = pair % 2 == 0 ? "right" : "left"
                let verdict =
                    name != "dee" ? side : pair < 30 ? other : pair < 36 ? "tie" : side
                return
                    "{\"pair_id\":\"\(pair)\",\"annotator\":\"\(name)\",\"verdict\":\"\(verdict)\"}\n"
            }
        }
        try fixture.run("agreement", try fixture.write("votes.jsonl", rows.joined()))
        let lines = fixture.shown.split(separator: "\n")
        let header = try #require(
            lines.firstIndex { $0.hasPrefix("where the others say  dee: the same side") })
        #expect(
            lines[header + 2].split(separator: " ", omittingEmptySubsequences: true)
                == ["one", "side", "4", "30", "6", "0"])
        #expect(fixture.shownInOneLine.contains("dee prefers what the others reject"))
        #expect(!fixture.shown.contains("ann: the same side"))
    }

    @Test func aLabelStudioExportIsReadAsItIs() throws {
        try fixture.run(
            "agreement", CommandFixture.fixture("label-studio/09_export_JSON.out"))
        #expect(fixture.shown.contains("annotators"))
    }

    @Test func whatATableHasLostIsSaid() throws {
        try fixture.run("agreement", CommandFixture.fixture("label-studio/09_export_CSV.out"))
        #expect(
            fixture.shownInOneLine.contains(
                "exports as JSON_MIN, CSV and TSV have lost skips, ties and ground truth"))
    }

    @Test func pairsNobodySharesAreSaid() throws {
        let path = try fixture.write(
            "votes.jsonl", #"{"pair_id":"1","annotator":"a","verdict":"left"}"# + "\n")
        try fixture.run("agreement", path)
        #expect(fixture.shownInOneLine.contains("give the same pairs to two annotators"))
    }

    @Test func anotherShapeIsRefusedWithTheShape() throws {
        let path = try fixture.write("demos.jsonl", #"{"prompt":"a","completion":"b"}"# + "\n")
        #expect(try fixture.failure("agreement", path).sentence.contains("votes"))
    }
}
