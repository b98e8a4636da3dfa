import ArgumentParser
import Autograd
import LanguageModels
import Testing

@testable import Alignment
@testable import Notebook

struct TrainDPOCommandTests {
    private let model = CommandFixture.fixture("gpt2/tiny")
    private let pairs = CommandFixture.fixture("gpt2/pairs.jsonl")

    @Test func aModelAndPairsMakeAPolicyFolder() throws {
        let fixture = try CommandFixture()
        let out = fixture.folder("policy")
        try fixture.run(
            "train", "dpo", "--model", model, "--pairs", pairs, "--out", out, "--steps", "3",
            "--learning-rate", "1e-3", "--loss", "ipo", "--metrics", fixture.folder("m.jsonl"))
        let policy = try ModelFiles.read(out)
        #expect(
            policy.model.parameters.flatValues
                != (try ModelFiles.read(model)).model.parameters.flatValues)
        #expect(fixture.shown.contains("held-out accuracy"))
        let rows = try MetricSeries(path: fixture.folder("m.jsonl")).rows
        #expect(rows.count == 3)
        // 1 / (4 β²) while policy and reference are the same.
        let loss = try #require(rows[0].values.first { $0.name == "loss" }?.value)
        #expect(abs(loss - 25) < 1e-3)
    }

    @Test func anOtherReferenceMayBeNamed() throws {
        let fixture = try CommandFixture()
        let out = fixture.folder("policy")
        try fixture.run(
            "train", "dpo", "--model", model, "--pairs", pairs, "--out", out, "--steps", "1",
            "--reference", model, "--freeze-layers", "1", "--quiet")
        #expect(fixture.shown.contains("pairs"))
    }

    @Test func pairsWithEqualTokensAreCounted() throws {
        let fixture = try CommandFixture()
        let words = String(repeating: " It takes some minutes.", count: 4)
        let same = try fixture.write(
            "pairs.jsonl",
            (0..<4).map {
                #"{"prompt": "Question \#($0)?", "chosen": " Yes. \#(words) one.", "rejected": " Yes. \#(words) two."}"#
                    + "\n"
            }.joined())
        try fixture.run(
            "train", "dpo", "--model", model, "--pairs", same, "--out", fixture.folder("out"),
            "--steps", "1", "--max-length", "20")
        #expect(fixture.shownInOneLine.contains("4 of 4 pairs have the same tokens on both sides"))
    }

    @Test(arguments: [
        (["--beta", "0"], "--beta is above 0"),
        (
            ["--label-smoothing", "0.1"],
            "--label-smoothing belongs to --loss smoothed or robust, not to sigmoid"
        ),
        (
            ["--loss", "robust", "--label-smoothing", "0.5"],
            "--label-smoothing is at least 0 and below 0.5"
        ),
        (["--sft-coefficient=-1"], "--sft-coefficient is at least 0"),
        (["--eval-every=-1"], "--eval-every is at least 0"),
    ])
    func badOptionsAreRefusedInOneSentence(words: [String], sentence: String) throws {
        let all = ["train", "dpo", "--model", model, "--pairs", pairs, "--out", "x"] + words
        do {
            _ = try RLHF.parseAsRoot(all)
            Issue.record("accepted")
        } catch {
            #expect(RLHF.message(for: error).contains(sentence), "\(RLHF.message(for: error))")
        }
    }

    @Test func whatIsMissingIsNamed() throws {
        let fixture = try CommandFixture()
        #expect(
            try fixture.failure("train", "dpo", "--model", model, "--out", fixture.folder("x"))
                .sentence == "--pairs FILE is needed")
    }
}
