import ArgumentParser
import Foundation
import OrderedJSON
import Testing

@testable import Notebook

/// `generate --best-of` and `sample --best-of`.
struct BestOfCommandsTests {
    private let model = CommandFixture.fixture("gpt2/tiny")
    private let reward = CommandFixture.fixture("gpt2/reward")
    private let prompts = CommandFixture.fixture("gpt2/prompts.jsonl")

    private func rows(_ fixture: CommandFixture, _ words: [String]) throws -> [JSON] {
        let out = fixture.folder("rows.jsonl")
        let all =
            ["generate", "--model", model, "--prompts", prompts, "--out", out]
            + ["--max-new-tokens", "8"] + words
        let command = try #require(try RLHF.parseAsRoot(all) as? any NotebookCommand)
        try command.execute(in: fixture.context)
        return try Files.read(out).split(separator: 10).map { try JSON(parsing: Array($0)) }
    }

    @Test func theBestOfSeveralIsOneOfThemAndScoresNoLess() throws {
        let fixture = try CommandFixture()
        let five = try rows(fixture, ["--n", "5", "--limit", "1"]).compactMap {
            $0["completion"]?.stringValue
        }
        #expect(five.count == 5)
        func best(_ n: Int) throws -> (completion: String, score: Double) {
            let row = try #require(
                try rows(
                    fixture, ["--best-of", "\(n)", "--reward", reward, "--limit", "1"]
                ).first)
            return (
                try #require(row["completion"]?.stringValue),
                try #require(row["score"]?.doubleValue)
            )
        }
        // One answer is the first of the five; every larger n looks at more of them.
        let chosen = try (1...5).map(best)
        #expect(chosen[0].completion == five[0])
        #expect(chosen.allSatisfy { five.contains($0.completion) })
        #expect(zip(chosen, chosen.dropFirst()).allSatisfy { $0.score <= $1.score })
        #expect(chosen[4].score > chosen[0].score)
    }

    @Test func everyPromptGetsItsBestAndTheKLIsSaid() throws {
        let fixture = try CommandFixture()
        let found = try rows(fixture, ["--n", "2", "--best-of", "4", "--reward", reward])
        #expect(found.count == 12)
        // log 4 − 3/4
        #expect(fixture.shownInOneLine.contains("KL to a single answer at most 0.636 nats"))
        try fixture.run(
            "sample", "--model", model, "--best-of", "3", "--reward", reward, "--raw",
            "--max-new-tokens", "6", "How", "do", "I", "clean", "a", "bicycle?")
        #expect(fixture.shownInOneLine.contains("best of 3 by the reward model"))
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let fixture = try CommandFixture()
        #expect(
            try fixture.failure(
                "sample", "--model", model, "--best-of", "3", "--reward", model, "Hello"
            ).sentence.contains("without a score head"))
        do {
            _ = try RLHF.parseAsRoot(["sample", "--reward", reward, "Hello"])
            Issue.record("accepted")
        } catch {
            #expect(RLHF.message(for: error).contains("add it"))
        }
    }
}
