import Autograd
import Foundation
import HumanFeedback
import LanguageModels
import OrderedJSON
import Testing

@testable import Notebook

/// Against figures that transformers gave: `Fixtures/gpt2`, written by `References/gpt2_model.py`.
@Suite struct ScoreCommandTests {
    let fixture: CommandFixture
    static let folder = CommandFixture.fixture("gpt2")

    init() throws { fixture = try CommandFixture() }

    static let expected: JSON? = {
        guard let bytes = try? Data(contentsOf: URL(filePath: folder + "/expected.json")) else {
            return nil
        }
        return try? JSON(parsing: Array(bytes))
    }()

    /// The lines that `score --json` writes.
    private func lines(model: String, data: String, threads: Int = 2) throws -> [JSON] {
        let loaded = try ModelFiles.read(model)
        let file = try FeedbackFile.read(path: data)
        let rows = try ScoredRow.rows(of: file)
        let encoder = ScoringEncoder(loaded, maxLength: nil, path: data)
        let texts = try rows.flatMap { row in
            try row.completions.map {
                try encoder.example(prompt: row.prompt, completion: $0, line: row.line)
            }
        }
        let scorer = CompletionScorer(
            model: loaded.model, plan: ParallelPlan(shards: 8, threads: threads))
        return ScoreView(
            rows: rows, scores: scorer.scores(of: texts.map(\.example)), texts: texts,
            isReward: loaded.model.heads.contains(.score)
        ).json
    }

    @Test func logProbabilitiesAreThoseOfTransformers() throws {
        let lines = try lines(model: Self.folder + "/tiny", data: Self.folder + "/rows.jsonl")
        let scored = try #require(Self.expected?["scored"]?.arrayValue)
        #expect(lines.count == 88)
        for (line, expected) in zip(lines, scored) {
            let found = try #require(line["token_logprobs"]?.arrayValue)
            let wanted = try #require(expected["tokenLogProbabilities"]?.arrayValue)
            #expect(found.count == wanted.count)
            for (a, b) in zip(found, wanted) {
                #expect(abs((a.doubleValue ?? .nan) - (b.doubleValue ?? .nan)) < 1e-4)
            }
            let sum = try #require(expected["logProbability"]?.doubleValue)
            #expect(abs((line["logprob"]?.doubleValue ?? .nan) - sum) < 1e-3)
        }
    }

    @Test func rewardsAreThoseOfTransformers() throws {
        let lines = try lines(model: Self.folder + "/reward", data: Self.folder + "/rows.jsonl")
        for (line, expected) in zip(lines, Self.expected?["rewardScores"]?.arrayValue ?? []) {
            let wanted = try #require(expected["score"]?.doubleValue)
            #expect(abs((line["score"]?.doubleValue ?? .nan) - wanted) < 1e-4)
        }
    }

    @Test func pairsHaveAFigureForEachSide() throws {
        let data = Self.folder + "/pairs.jsonl"
        let language = try lines(model: Self.folder + "/tiny", data: data)
        #expect(
            language[0].objectValue?.keys.map { $0 } == [
                "line", "chosen_logprob", "chosen_token_logprobs", "rejected_logprob",
                "rejected_token_logprobs",
            ])
        let reward = try lines(model: Self.folder + "/reward", data: data)
        #expect(
            reward[0].objectValue?.keys.map { $0 } == ["line", "chosen_score", "rejected_score"])
    }

    @Test func threadsChangeNoBitAndNeighboursNoFigure() throws {
        let model = Self.folder + "/tiny"
        let all = try lines(model: model, data: Self.folder + "/rows.jsonl", threads: 1)
        #expect(try lines(model: model, data: Self.folder + "/rows.jsonl", threads: 2) == all)
        let third = try String(contentsOfFile: Self.folder + "/rows.jsonl", encoding: .utf8)
            .split(separator: "\n")[2]
        let alone = try lines(model: model, data: fixture.write("row.jsonl", String(third)))
        let found = try #require(alone[0]["logprob"]?.doubleValue)
        let wanted = try #require(all[2]["logprob"]?.doubleValue)
        #expect(abs(found - wanted) < 1e-4)
    }

    @Test func aTextsFirstTokenHasNothingBeforeIt() throws {
        let data = try fixture.write("text.jsonl", #"{"text":"How do I clean a lamp?"}"#)
        let lines = try lines(model: Self.folder + "/tiny", data: data)
        // Seven tokens and the end token, all but the first predicted.
        #expect(lines[0]["token_logprobs"]?.arrayValue?.count == 7)
    }

    @Test func aRowLongerThanTheContextIsRefusedOrCut() throws {
        let long = String(repeating: "lamp ", count: 400)
        let data = try fixture.write(
            "long.jsonl",
            """
            {"prompt":"Why?","completion":"So."}
            {"prompt":"Why?","completion":"\(long)"}

            """)
        let model = Self.folder + "/tiny"
        let context = try ModelFiles.read(model).model.configuration.contextLength
        let error = try fixture.failure("score", "--model", model, "--data", data)
        #expect(error.sentence.hasPrefix("\(data):2: the row has "))
        #expect(
            error.sentence.hasSuffix(
                "tokens, expected at most \(context), the model's context; shorten it, or cut such "
                    + "rows with --max-length \(context)"))
        try fixture.run("score", "--model", model, "--data", data, "--max-length", "\(context)")
        #expect(fixture.shown.contains("1 completion lost the end to --max-length"))
    }

    @Test func promptsAloneCannotBeScored() throws {
        let data = try fixture.write("p.jsonl", #"{"prompt":"Why?"}"#)
        let error = try fixture.failure("score", "--model", Self.folder + "/tiny", "--data", data)
        #expect(
            error.sentence
                == "\(data) holds prompts, expected prompts with completions, preference pairs or "
                + "plain texts; `convert` makes one from another where it can")
    }

    @Test func withoutAModelTheShellIsTold() throws {
        #expect(
            try fixture.failure("score", "--data", "x.jsonl") == .usage("--model DIR is needed"))
    }
}
