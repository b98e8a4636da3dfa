import ArgumentParser
import HumanFeedback
import LanguageModels
import OrderedJSON
import Testing

@testable import Alignment
@testable import Notebook

@Suite struct ReportCommandTests {
    private let reward = CommandFixture.fixture("gpt2/reward")
    private let tiny = CommandFixture.fixture("gpt2/tiny")
    private let pairs = CommandFixture.fixture("gpt2/pairs.jsonl")

    @Test func theReportHasEveryPart() throws {
        let fixture = try CommandFixture()
        try fixture.run(
            "report", "reward", "--reward", reward, "--pairs", pairs,
            "--eval-fraction", "0.5")
        for part in [
            "all held-out pairs", "\"the longer answer wins\"", "longer by more than a fifth",
            "as sure as", "expected calibration error", "optimise",
        ] { #expect(fixture.shown.contains(part), "\(part)") }
        #expect(
            fixture.console.outputs.contains { if case .plot = $0.content { true } else { false } })
        #expect(
            try fixture.failure("report", "reward", "--pairs", pairs).sentence
                == "--reward DIR is needed")
    }

    @Test func leaksAndDoublesAreCounted() {
        func pair(_ prompt: String, _ chosen: String, _ rejected: String) -> PreferencePair {
            PreferencePair(prompt: prompt, chosen: chosen, rejected: rejected)
        }
        let leaks = PairLeaks(
            [
                pair("p", "a", "b"), pair("p", "a", "b"), pair("p", "b", "a"),
                pair("q", "x", "x"), pair("r", "y", "z"),
            ], trained: [pair("r", "y", "z"), pair("q", "other", "texts")])
        #expect(leaks.duplicates == 1 && leaks.contradictions == 3 && leaks.identical == 1)
        #expect(leaks.sharedPrompts == 2 && leaks.trainedOn == 1)
        #expect(leaks.findings.map(\.count) == [1, 3, 1, 2, 1])
        #expect(PairLeaks([pair("p", "a", "b")], trained: []).findings.isEmpty)
    }

    @Test func weightsOfAggregatedVotesSayHowManyAgreed() throws {
        let fixture = try CommandFixture()
        let agreement = try VoteAgreement(fixture.context)
        let pair = PreferencePair(prompt: "p", chosen: "a", rejected: "b", weight: 0.5)
        #expect(agreement.share(of: pair) == 0.75)
        #expect(
            agreement.share(of: PreferencePair(prompt: "p", chosen: "a", rejected: "b")) == nil)
    }

    @Test func aWeakRewardModelIsWarnedOfBeforePolicyOptimisation() throws {
        let fixture = try CommandFixture()
        let out = fixture.folder("weak")
        // Pairs that teach nothing: half of them one way round, half the other.
        let rows = (0..<40).map { number in
            let (a, b) = number.isMultiple(of: 2) ? ("yes", "no") : ("no", "yes")
            return #"{"prompt": "Question \#(number)?", "chosen": " \#(a)", "rejected": " \#(b)"}"#
                + "\n"
        }
        let file = try fixture.write("pairs.jsonl", rows.joined())
        try fixture.run(
            "train", "reward", "--model", tiny, "--pairs", file, "--out", out, "--steps", "2",
            "--batch-size", "4", "--eval-fraction", "0.5", "--quiet")
        #expect(try Posix.names(in: out).contains("reward_worth.json"))
        let worth = try #require(try ModelFiles.read(out).worth)
        #expect(worth.accuracy.count == 20 && worth.weakness != nil)
        // Before the first step of every method that has a reward model.
        for method in TrainingRun.policyMethods {
            try fixture.run(
                "train", method, "--model", tiny, "--reward", out, "--prompts",
                CommandFixture.fixture("gpt2/prompts.jsonl"), "--out", fixture.folder("policy"),
                "--steps", "1", "--batch-size", "8", "--max-new-tokens", "2", "--quiet")
            let shown = fixture.shownInOneLine
            let warning = try #require(
                shown.firstRange(of: "the reward model is too weak to optimise against"),
                "\(method)")
            let figures = try #require(shown.firstRange(of: "mean score"), "\(method)")
            #expect(warning.lowerBound < figures.lowerBound)
        }
        try fixture.run(
            "train", "rloo", "--model", tiny, "--reward", CommandFixture.fixture("gpt2/reward"),
            "--reward-rule", "0.5*model:\(out)", "--prompts",
            CommandFixture.fixture("gpt2/prompts.jsonl"), "--out", fixture.folder("policy"),
            "--steps", "1", "--batch-size", "8", "--max-new-tokens", "2", "--quiet")
        #expect(
            fixture.shownInOneLine.contains(
                "the reward model \(out) is too weak to optimise against"))
    }

    @Test func rankingsThumbsAndRatingsMakeRewardModels() throws {
        let fixture = try CommandFixture()
        let rankings = try fixture.write(
            "rankings.jsonl",
            (0..<8).map {
                #"{"prompt": "Q\#($0)?", "ranking": [" best", [" good", " fine"], " bad"]}"# + "\n"
            }.joined())
        let ratings = try fixture.write(
            "ratings.jsonl",
            (0..<8).flatMap { number in
                [" best", " fine", " bad"].enumerated().map {
                    #"{"prompt": "Q\#(number)?", "completion": "\#($1)", "rating": \#(5 - 2 * $0)}"#
                        + "\n"
                }
            }.joined())
        let thumbs = try fixture.write(
            "thumbs.jsonl",
            (0..<16).map {
                #"{"prompt": "Q\#($0)?", "completion": " it", "label": \#($0.isMultiple(of: 2))}"#
                    + "\n"
            }.joined())
        for (loss, data, shown) in [
            ("plackett-luce", rankings, "trained on 6 rankings"),
            ("regression", ratings, "correlation with the ratings"),
            ("classifier", thumbs, "right verdicts, held out"),
        ] {
            let out = fixture.folder(loss)
            try fixture.run(
                "train", "reward", "--model", tiny, "--loss", loss, "--data", data, "--out", out,
                "--steps", "3", "--batch-size", "4", "--learning-rate", "1e-3", "--eval-fraction",
                "0.25", "--heads", loss == "plackett-luce" ? "3" : "1", "--quiet")
            #expect(fixture.shownInOneLine.contains(shown), "\(loss): \(fixture.shown)")
            #expect(try ModelFiles.read(out).model.heads == [.score])
        }
        let ensemble = try ModelFiles.read(fixture.folder("plackett-luce"))
        #expect(ensemble.model.scoreHeadCount == 3)
        #expect(
            try fixture.failure(
                "train", "reward", "--model", tiny, "--loss", "classifier", "--data", ratings,
                "--out", fixture.folder("x")
            ).sentence.contains("takes thumbs"))
        try fixture.run(
            "report", "reward", "--reward", fixture.folder("plackett-luce"), "--pairs", pairs)
        #expect(fixture.shownInOneLine.contains("the heads of the ensemble are"))
    }

    @Test func ratingsComeFromConversationsUltraFeedbackAndSlotsToo() throws {
        let fixture = try CommandFixture()
        let data = try fixture.write(
            "ultra.jsonl",
            (0..<8).map {
                #"{"instruction": "Q\#($0)?", "completions": [{"response": " best", "overall_score": 8}, "#
                    + #"{"response": " bad", "overall_score": 3}, {"response": " none"}]}"# + "\n"
            }.joined())
        let options = ["--steps", "2", "--batch-size", "4", "--eval-fraction", "0.25", "--quiet"]
        func train(_ loss: String, _ file: String) throws {
            let words =
                ["train", "reward", "--model", tiny, "--loss", loss, "--data", file, "--out"]
                + [fixture.folder("out")] + options
            let command = try #require(try RLHF.parseAsRoot(words) as? any NotebookCommand)
            try command.execute(in: fixture.context)
        }
        try train("regression", data)
        #expect(
            fixture.shownInOneLine.contains("8 completions of \(data) without a rating left out"))
        try fixture.run("inspect", data)
        #expect(fixture.shownInOneLine.contains("16, 2 different ones from 3 to 8, mean 5.50"))
        let talks = try fixture.write(
            "talks.jsonl",
            (0..<8).map {
                #"{"prompt": [{"role": "user", "content": "Q\#($0)?"}], "completion": "#
                    + #"[{"role": "assistant", "content": "it"}], "label": \#($0 % 2 == 0)}"# + "\n"
            }.joined())
        try train("classifier", talks)
        try fixture.run("inspect", talks)
        #expect(fixture.shownInOneLine.contains("good 4, bad 4"))

        let notebook = try NotebookFixture()
        let ratings = try fixture.write(
            "ratings.jsonl",
            (0..<8).map {
                #"{"prompt": "Q\#($0 / 2)?", "completion": " it", "rating": \#($0)}"# + "\n"
            }
            .joined())
        for source in [
            ":load sft \(tiny)", ":load ratings \(ratings)", ":show ratings", ":inspect ratings",
            ":lint ratings",
            ":train reward --loss regression --data ratings \(options.joined(separator: " "))",
        ] {
            let cell = notebook.notebook.execute(LiveSession.Request(source: source))
            #expect(cell.state == .ok, "\(source): \(cell.error ?? "")")
        }
        #expect(notebook.output(of: 2).contains("8 rows, rated answers"))
        #expect(notebook.output(of: 4).contains("rated-completions"))
    }

    @Test(arguments: [
        (["--loss", "regression"], "--loss regression needs --data FILE"),
        (["--data", "x"], "--data belongs to --loss plackett-luce, classifier or regression"),
        (["--heads", "0"], "--heads is between 1 and 64"),
        (
            ["--loss", "classifier", "--data", "x", "--center-rewards-coefficient", "1"],
            "--center-rewards-coefficient belongs to --loss bradley-terry"
        ),
    ])
    func badOptionsAreRefused(words: [String], sentence: String) {
        do {
            _ = try RLHF.parseAsRoot(
                ["train", "reward", "--model", tiny, "--out", "x"] + words)
            Issue.record("accepted")
        } catch {
            #expect(RLHF.message(for: error).contains(sentence), "\(RLHF.message(for: error))")
        }
    }
}
