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
        let start = "error: \(method) cannot go on from \(checkpoint): its "
        let end =
            "; use the model and the options of the run that was interrupted, or leave --resume out to "
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
                == "policy is to have LoRA of rank 4, α 8 on c_attn,c_proj,c_fc, found LoRA of rank 2, "
                + "α 4 on c_attn,c_proj,c_fc")
        #expect(
            try refusal(of: resume(dpo + ["--model", tiny]), "dpo")
                .hasPrefix("policy is to have no adapter, found LoRA of rank 2, α 4 on "))
        let sizes = try refusal(of: resume(dpo + ["--model", other, "--lora-rank", "2"]), "dpo")
        #expect(
            sizes.hasPrefix(
                "policy is to have 1 layer; width 16; inner width 64; 2 attention heads"))
        #expect(sizes.contains("found 2 layers; width 32; inner width 128; 4 attention heads"))
        #expect(
            try refusal(of: resume(own + ["--freeze-layers", "1"]), "dpo")
                .hasPrefix("policy is to have 1 layer frozen"))
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
                == "policy is to have a value head, found no scalar head")
        try kill(ppo + ["--shared-trunk"])
        #expect(
            try refusal(of: resume(ppo), "ppo")
                == "policy is to have no scalar head, found a value head")
    }

    @Test func `an ensemble and a single head do not go on from each other`() throws {
        let words = [
            "reward", "--model", tiny, "--pairs", pairs, "--steps", "60", "--batch-size", "4",
        ]
        try kill(words)
        #expect(
            try refusal(of: resume(words + ["--heads", "3"]), "reward")
                == "model is to have an ensemble of 3 score heads, found a score head")
    }

    @Test func `without a checkpoint there is a sentence too`() throws {
        let run = try resume(["sft", "--model", tiny, "--data", rows])
        #expect(run.status == 1)
        #expect(run.errors.contains("there is no checkpoint to go on from"))
    }
}
