import Foundation
import Testing

@testable import Notebook

@Suite struct RankVotesCommandTests {
    let fixture: CommandFixture

    init() throws { fixture = try CommandFixture() }

    private func votes(_ rows: (String, String, String)...) throws -> String {
        try fixture.write(
            "votes.jsonl",
            rows.map {
                "{\"pair_id\":\"\($0.0)\",\"annotator\":\"\($0.1)\",\"verdict\":\"\($0.2)\"}\n"
            }.joined())
    }

    @Test func modelsAreRanked() throws {
        let pairs = try fixture.write(
            "models.jsonl",
            """
            {"prompt":"p","answer1":"a","answer2":"b","pair_id":"1","model1":"m","model2":"n"}
            {"prompt":"q","answer1":"c","answer2":"d","pair_id":"2","model1":"n","model2":"m"}

            """)
        try fixture.run(
            "votes", "rank", try votes(("1", "x", "left"), ("2", "x", "left"), ("2", "y", "right")),
            "--comparisons", pairs)
        #expect(fixture.shown.contains("m "))
        #expect(fixture.shownInOneLine.contains("3 battles"))
    }

    @Test func answersAreRankedAndWritten() throws {
        let pairs = try fixture.write(
            "pairs.jsonl",
            """
            {"prompt":"Tea?","answer1":"Yes.","answer2":"No.","pair_id":"1"}
            {"prompt":"Tea?","answer1":"No.","answer2":"Later.","pair_id":"2"}

            """)
        let out = fixture.folder("rankings.jsonl")
        let votes = try votes(("1", "x", "left"), ("2", "x", "left"))
        try fixture.run("votes", "rank", votes, "--comparisons", pairs, "--answers", "--out", out)
        #expect(fixture.shownInOneLine.contains("the answers to 1 prompt ranked by 2 votes."))
        #expect(
            try String(contentsOfFile: out, encoding: .utf8)
                == #"{"prompt":"Tea?","ranking":[["Yes."],["No."],["Later."]]}"# + "\n")
        // Without the flag the sentence names it.
        #expect(
            try fixture.failure("votes", "rank", votes, "--comparisons", pairs).sentence
                .contains("--answers"))
    }

    @Test func severalCriteriaMustBeChosenFrom() throws {
        let path = try fixture.write(
            "votes.jsonl",
            """
            {"pair_id":"1","annotator":"x","verdict":"left","criterion":"helpful"}
            {"pair_id":"1","annotator":"x","verdict":"right","criterion":"honest"}

            """)
        let pairs = try fixture.write(
            "pairs.jsonl", #"{"prompt":"p","answer1":"a","answer2":"b","pair_id":"1"}"# + "\n")
        #expect(
            try fixture.failure("votes", "rank", path, "--comparisons", pairs, "--answers").sentence
                .contains("--criterion"))
        try fixture.run(
            "votes", "rank", path, "--comparisons", pairs, "--answers", "--criterion", "honest")
        #expect(fixture.shownInOneLine.contains("ranked by 1 vote."))
    }
}
