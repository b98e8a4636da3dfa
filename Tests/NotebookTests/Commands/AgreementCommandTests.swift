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

    @Test func aLabelStudioExportIsReadAsItIs() throws {
        try fixture.run(
            "agreement", CommandFixture.fixture("label-studio/09_export_JSON.out"))
        #expect(fixture.shown.contains("annotators"))
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
