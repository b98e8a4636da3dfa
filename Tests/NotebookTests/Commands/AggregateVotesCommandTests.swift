import Foundation
import Testing

@testable import Notebook

@Suite struct AggregateVotesCommandTests {
    let fixture: CommandFixture

    init() throws { fixture = try CommandFixture() }

    private func pairs() throws -> String {
        try fixture.write(
            "pairs.jsonl",
            """
            {"prompt":"p","answer1":"a","answer2":"b","pair_id":"1"}
            {"prompt":"q","answer1":"c","answer2":"d","pair_id":"2"}

            """)
    }

    private func votes(_ rows: (String, String, String)...) throws -> String {
        try fixture.write(
            "votes.jsonl",
            rows.map {
                "{\"pair_id\":\"\($0.0)\",\"annotator\":\"\($0.1)\",\"verdict\":\"\($0.2)\"}\n"
            }.joined())
    }

    @Test func theMajorityIsWrittenAndTheTiedVoteCounted() throws {
        let out = fixture.folder("out.jsonl")
        try fixture.run(
            "votes", "aggregate", "--votes",
            try votes(
                ("1", "x", "left"), ("1", "y", "left"), ("2", "x", "left"), ("2", "y", "right")),
            "--comparisons", try pairs(), "--out", out)
        let written = try String(contentsOfFile: out, encoding: .utf8)
        #expect(written == #"{"prompt":"p","chosen":"a","rejected":"b"}"# + "\n")
        #expect(fixture.shownInOneLine.contains("left out: 1 the votes are tied"))
    }

    @Test func severalCriteriaMustBeChosenFrom() throws {
        let path = try fixture.write(
            "votes.jsonl",
            """
            {"pair_id":"1","annotator":"x","verdict":"left","criterion":"helpful"}
            {"pair_id":"1","annotator":"x","verdict":"left","criterion":"honest"}

            """)
        let failure = try fixture.failure(
            "votes", "aggregate", "--votes", path, "--comparisons", try pairs())
        #expect(failure.sentence.contains("--criterion"))
        #expect(
            try fixture.failure(
                "votes", "aggregate", "--votes", path, "--comparisons", try pairs(),
                "--criterion", "kind"
            ).sentence.contains("no vote is on \"kind\""))
    }
}
