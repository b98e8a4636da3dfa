import Alignment
import Foundation
import Testing

@testable import Notebook

/// Runs of the shell that were killed, and what `--resume` makes of their checkpoints.
@Suite(.serialized) struct ResumeTests {
    private let folder: TemporaryFolder
    private let tiny = CommandFixture.fixture("gpt2/tiny")
    private let reward = CommandFixture.fixture("gpt2/reward")
    private let rows = CommandFixture.fixture("gpt2/rows.jsonl")
    private let pairs = CommandFixture.fixture("gpt2/pairs.jsonl")
    private let prompts = CommandFixture.fixture("gpt2/prompts.jsonl")

    init() throws { folder = try TemporaryFolder() }

    private var checkpoint: String { folder("out.checkpoint.safetensors") }

    /// Starts a training command that writes a checkpoint after every step, and kills it after the first.
    private func kill(_ words: [String]) throws {
        for path in [checkpoint, checkpoint + ".previous"] {
            try? FileManager.default.removeItem(atPath: path)
        }
        let run = try ProgramRun(arguments(words), in: folder) {
            FileManager.default.fileExists(atPath: checkpoint)
        }
        try #require(run.status == nil, "it came to its end: \(run.errors)")
    }

    private func arguments(_ words: [String], out: String = "out") -> [String] {
        ["train"] + words
            + [
                "--out", folder(out), "--checkpoint-every", "0", "--learning-rate", "1e-3",
                "--threads", "1", "--quiet",
            ]
    }

    private func resume(_ words: [String]) throws -> ProgramRun {
        try ProgramRun(arguments(words) + ["--resume"], in: folder)
    }

    /// What a refusal says, without what is the same in all of them.
    private func refusal(of run: ProgramRun, _ method: String) -> String {
        let start = "error: \(method) cannot go on from \(checkpoint): not as it was then "
        let end =
            "; give the command and the data of the run that was interrupted, or leave --resume out to "
            + "start afresh\n"
        #expect(run.status == 1, "\(run.errors)")
        #expect(run.errors.hasPrefix(start) && run.errors.hasSuffix(end), "\(run.errors)")
        return String(run.errors.dropFirst(start.count).dropLast(end.count))
    }

    @Test func `a checkpoint of another adapter, model or method is refused in a sentence`() throws
    {
        let dpo = ["dpo", "--pairs", pairs, "--steps", "60", "--batch-size", "4"]
        let own = dpo + ["--model", tiny, "--lora-rank", "2"]
        let other = folder("other")
        #expect(
            try ProgramRun(
                [
                    "train", "sft", "--from-scratch", "layers=1,width=16,heads=2,context=64",
                    "--tokenizer", tiny, "--data", rows, "--steps", "1", "--out", other, "--quiet",
                ], in: folder
            ).status == 0)
        try kill(own)
        let kept = try Files.read(checkpoint)

        #expect(
            try refusal(of: resume(dpo + ["--model", tiny, "--lora-rank", "4"]), "dpo")
                == "is --lora-rank (2, now 4)")
        #expect(
            try refusal(of: resume(dpo + ["--model", tiny]), "dpo")
                == "is --lora-rank (2, now not given)")
        #expect(
            try refusal(of: resume(dpo + ["--model", other, "--lora-rank", "2"]), "dpo")
                == "are --model (\(tiny), now \(other)), the contents of \(tiny) and the contents of "
                + other)
        #expect(
            try refusal(
                of: resume(own + ["--freeze-layers", "1", "--beta", "0.5", "--seed", "7"]), "dpo")
                == "are --beta (0.1, now 0.5), --freeze-layers (not given, now 1) and --seed (42, now 7)"
        )
        let kto = try resume(
            ["kto", "--data", pairs, "--steps", "60", "--batch-size", "4", "--model", tiny])
        #expect(kto.status == 1)
        #expect(
            kto.errors
                == "error: \(checkpoint) is the checkpoint of a run of dpo, expected one of kto; give "
                + "kto a place of its own with --out, or leave --resume out to start afresh\n")

        // Whoever asked wrongly can still ask rightly, and has what an uninterrupted run has.
        #expect(try Files.read(checkpoint) == kept)
        let rest = try resume(own)
        #expect(rest.status == 0, "\(rest.errors)")
        #expect(!FileManager.default.fileExists(atPath: checkpoint))
        let whole = try ProgramRun(arguments(own, out: "whole"), in: folder)
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(
            try Files.read(folder("out/adapter_model.safetensors"))
                == Files.read(folder("whole/adapter_model.safetensors")))
    }

    @Test func `a policy with a critic and one with a value head do not go on from each other`()
        throws
    {
        let ppo = [
            "ppo", "--model", tiny, "--reward", reward, "--prompts", prompts, "--steps", "40",
            "--batch-size", "8", "--minibatch-size", "4", "--max-new-tokens", "8",
        ]
        try kill(ppo)
        #expect(
            try refusal(of: resume(ppo + ["--shared-trunk"]), "ppo")
                == "is --shared-trunk (not given, now true)")
        try kill(ppo + ["--shared-trunk"])
        #expect(
            try refusal(of: resume(ppo), "ppo")
                == "is --shared-trunk (true, now not given)")
    }

    @Test func `an ensemble and a single head do not go on from each other`() throws {
        let words = [
            "reward", "--model", tiny, "--pairs", pairs, "--steps", "60", "--batch-size", "4",
        ]
        try kill(words)
        #expect(
            try refusal(of: resume(words + ["--heads", "3"]), "reward")
                == "is --heads (1, now 3)")
    }

    private func write(_ bytes: [UInt8], _ path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    @Test func `a run does not go on with other rows`() throws {
        let own = folder("own.jsonl")
        try write(try Files.read(rows), own)
        let words = ["sft", "--model", tiny, "--data", own, "--steps", "60", "--batch-size", "4"]
        try kill(words)
        let whole = try Files.read(own)
        try write(Array(whole.prefix { $0 != 0x0A }) + [0x0A], own)
        #expect(try refusal(of: resume(words), "sft") == "is the contents of \(own)")
        try write(whole, own)
        // What changes no result may be another: the time between checkpoints, threads, metrics.
        let rest = try resume(words + ["--metrics", folder("metrics.jsonl")])
        #expect(rest.status == 0, "\(rest.errors)")
    }

    @Test func `a mismatch that only the tensors show has its sentence`() {
        #expect(
            CheckpointSentences.sentence(
                CheckpointMismatch(
                    part: "policy", expected: "a value head", found: "no scalar head"),
                run: "ppo", path: "x", startAgain: "leave --resume out to start afresh")
                == "ppo cannot go on from x: its policy is to have a value head, found no scalar head; "
                + "use the model and the options of the run that was interrupted, or leave --resume out "
                + "to start afresh")
    }

    @Test func `without a checkpoint there is a sentence too`() throws {
        let run = try resume(["sft", "--model", tiny, "--data", rows])
        #expect(run.status == 1)
        #expect(run.errors.contains("there is no checkpoint to go on from"))
    }
}
