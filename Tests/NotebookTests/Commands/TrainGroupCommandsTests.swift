import ArgumentParser
import Autograd
import LanguageModels
import Testing

@testable import Notebook

struct TrainGroupCommandsTests {
    private let sources = [
        "--model", CommandFixture.fixture("gpt2/tiny"), "--reward",
        CommandFixture.fixture("gpt2/reward"), "--prompts",
        CommandFixture.fixture("gpt2/prompts.jsonl"),
    ]

    @Test(arguments: [
        ["rloo", "--n", "4", "--standardize-advantages"],
        [
            "grpo", "--n", "4", "--scale", "none", "--normalizer", "fixed", "--kl-coefficient",
            "0.1",
        ],
        ["grpo", "--n", "2", "--clip-range-high", "0.28", "--epochs-per-rollout", "2"],
        ["reinforce"], ["rft", "--n", "2", "--epochs-per-rollout", "2"],
        ["online-dpo", "--judge", "soft", "--loss", "ipo", "--minibatch-size", "4"],
        ["rloo", "--missing-end-penalty", "1"],
    ])
    func everyMethodMakesAPolicyFolder(words: [String]) throws {
        let fixture = try CommandFixture()
        let out = fixture.folder("policy")
        let all =
            ["train"] + words + sources
            + [
                "--out", out, "--steps", "2", "--batch-size", "8", "--max-new-tokens", "6",
                "--learning-rate", "1e-3", "--metrics", fixture.folder("m.jsonl"),
            ]
        let command = try #require(try RLHF.parseAsRoot(all) as? any NotebookCommand)
        try command.execute(in: fixture.context)
        let start = try ModelFiles.read(CommandFixture.fixture("gpt2/tiny")).model
        #expect(
            try ModelFiles.read(out).model.parameters.flatValues != start.parameters.flatValues)
        let rows = try MetricSeries(path: fixture.folder("m.jsonl")).rows
        #expect(rows.count == 2)
        #expect(rows[0].values.first { $0.name == "objective/kl" }?.value == 0)
        #expect(fixture.shown.contains("mean score"))
    }

    @Test(arguments: [
        (
            ["rloo", "--missing-end-penalty", "1", "--missing-end-score", "-1"],
            "--missing-end-score and --missing-end-penalty exclude each other"
        ),
        (["ppo", "--missing-end-penalty=-1"], "--missing-end-penalty is at least 0"),
        (
            ["online-dpo", "--kl-coefficient", "0"],
            "--kl-coefficient is above 0 in online DPO: it is DPO's β"
        ),
        (["rft", "--n", "1"], "--n is at least 2: answers are judged against each other"),
    ])
    func badOptionsAreRefusedInOneSentence(words: [String], sentence: String) throws {
        do {
            _ = try RLHF.parseAsRoot(["train"] + words + sources + ["--out", "x"])
            Issue.record("accepted")
        } catch {
            #expect(RLHF.message(for: error).contains(sentence), "\(RLHF.message(for: error))")
        }
    }

    @Test func aBatchOfBrokenGroupsIsRefusedWithTheNextBestSize() throws {
        let fixture = try CommandFixture()
        let all =
            ["train", "grpo"] + sources
            + ["--out", fixture.folder("policy"), "--batch-size", "21", "--n", "8"]
        let command = try #require(try RLHF.parseAsRoot(all) as? any NotebookCommand)
        #expect(throws: CommandError.self) { try command.execute(in: fixture.context) }
        do {
            try command.execute(in: fixture.context)
        } catch let error as CommandError {
            #expect(
                error.sentence
                    == "--batch-size 21 counts episodes and is no multiple of the 8 answers to a "
                    + "prompt; take 16")
        }
    }
}
