import ArgumentParser
import Autograd
import LanguageModels
import Testing

@testable import Alignment
@testable import Notebook

/// `train kto` and `train orpo`.
struct TrainUnpairedCommandsTests {
    private let model = CommandFixture.fixture("gpt2/tiny")
    private let pairs = CommandFixture.fixture("gpt2/pairs.jsonl")

    private func thumbs(_ fixture: CommandFixture, good: Int, bad: Int) throws -> String {
        try fixture.write(
            "thumbs.jsonl",
            (0..<(good + bad)).map {
                #"{"prompt": "Question \#($0)?", "completion": " Some \#($0).", "label": \#($0 < good)}"#
                    + "\n"
            }.joined())
    }

    private func change(_ out: String) throws -> Bool {
        try ModelFiles.read(out).model.parameters.flatValues
            != ModelFiles.read(model).model.parameters.flatValues
    }

    private func firstLoss(_ path: String) throws -> Double {
        let rows = try MetricSeries(path: path).rows
        #expect(rows.count == 3)
        return try #require(rows[0].values.first { $0.name == "loss" }?.value)
    }

    @Test func aModelAndThumbsMakeAPolicyFolder() throws {
        let fixture = try CommandFixture()
        let out = fixture.folder("policy")
        try fixture.run(
            "train", "kto", "--model", model, "--data", try thumbs(fixture, good: 20, bad: 20),
            "--out", out, "--steps", "3", "--learning-rate", "1e-3", "--metrics",
            fixture.folder("m.jsonl"))
        #expect(try change(out))
        #expect(try firstLoss(fixture.folder("m.jsonl")) == 0.5)
        #expect(fixture.shown.contains("good answers"))
        #expect(!fixture.shownInOneLine.contains("advised"))
    }

    @Test func pairsAreTakenApartForKTO() throws {
        let fixture = try CommandFixture()
        let out = fixture.folder("policy")
        try fixture.run(
            "train", "kto", "--model", model, "--data", pairs, "--out", out, "--steps", "3",
            "--learning-rate", "1e-3", "--loss", "apo-zero", "--eval-fraction", "0.25",
            "--metrics", fixture.folder("m.jsonl"))
        #expect(try change(out))
        #expect(try firstLoss(fixture.folder("m.jsonl")) == 0.5)
        // 44 pairs, a quarter of the prompts held out.
        let words = fixture.shown.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        #expect(words.contains("good answers 33 bad answers 33"))
        #expect(fixture.shown.contains("held-out accuracy"))
    }

    @Test func unevenThumbsAreSaidWithTheWeightToTry() throws {
        let fixture = try CommandFixture()
        try fixture.run(
            "train", "kto", "--model", model, "--data", try thumbs(fixture, good: 30, bad: 10),
            "--out", fixture.folder("policy"), "--steps", "1", "--eval-fraction", "0")
        #expect(
            fixture.shownInOneLine.contains(
                "30 good and 10 bad answers at these weights count 3.0 to 1, and 1 to 4/3 is advised; "
                    + "consider --undesirable-weight 3.0"))
        try fixture.run(
            "train", "kto", "--model", model, "--data", try thumbs(fixture, good: 8, bad: 0),
            "--out", fixture.folder("policy"), "--steps", "1", "--eval-fraction", "0")
        #expect(
            fixture.shownInOneLine.contains("all 8 answers are good; KTO learns from both kinds"))
    }

    @Test func aModelAndPairsMakeAPolicyFolderByORPO() throws {
        let fixture = try CommandFixture()
        let out = fixture.folder("policy")
        try fixture.run(
            "train", "orpo", "--model", model, "--pairs", pairs, "--out", out, "--steps", "3",
            "--learning-rate", "1e-3", "--freeze-layers", "1")
        #expect(try change(out))
        #expect(fixture.shown.contains("log odds ratio"))
    }

    @Test(arguments: [
        (["kto", "--data", "x", "--beta", "0"], "--beta is above 0"),
        (
            ["kto", "--data", "x", "--batch-size", "1"],
            "--batch-size is at least 2 in KTO: the KL comes from the batch's answers to other prompts"
        ),
        (
            ["kto", "--data", "x", "--desirable-weight=-1"],
            "--desirable-weight and --undesirable-weight are at least 0"
        ),
        (["orpo", "--pairs", "x", "--beta=-1"], "--beta is at least 0"),
        (["orpo", "--pairs", "x", "--eval-fraction", "1"], "--eval-fraction is at least 0"),
    ])
    func badOptionsAreRefusedInOneSentence(words: [String], sentence: String) throws {
        do {
            _ = try RLHF.parseAsRoot(["train"] + words + ["--model", model, "--out", "x"])
            Issue.record("accepted")
        } catch {
            #expect(RLHF.message(for: error).contains(sentence), "\(RLHF.message(for: error))")
        }
    }

    @Test func whatIsMissingOrOfAnotherKindIsNamed() throws {
        let fixture = try CommandFixture()
        #expect(
            try fixture.failure("train", "kto", "--model", model, "--out", fixture.folder("x"))
                .sentence == "--data FILE is needed")
        let rows = CommandFixture.fixture("gpt2/rows.jsonl")
        #expect(
            try fixture.failure(
                "train", "kto", "--model", model, "--data", rows, "--out", fixture.folder("x")
            ).sentence.hasSuffix("holds demonstrations, expected single answers with a verdict"))
    }
}
