import ArgumentParser
import Autograd
import HumanFeedback
import LanguageModels
import OrderedJSON
import Testing

@testable import Alignment
@testable import Notebook

/// Adapters through the commands: trained, saved, read, merged.
@Suite struct LoRACommandsTests {
    private let tiny = CommandFixture.fixture("gpt2/tiny")
    private let rows = CommandFixture.fixture("gpt2/rows.jsonl")
    private let pairs = CommandFixture.fixture("gpt2/pairs.jsonl")
    private let peft = CommandFixture.fixture("lora/language")

    private func trainAdapter(_ fixture: CommandFixture, _ name: String = "adapter") throws
        -> String
    {
        let out = fixture.folder(name)
        try fixture.run(
            "train", "sft", "--model", tiny, "--data", rows, "--out", out, "--steps", "4",
            "--batch-size", "4", "--learning-rate", "1e-2", "--lora-rank", "3", "--quiet")
        return out
    }

    @Test func anAdapterIsWrittenInPEFTsLayoutOverItsBase() throws {
        let fixture = try CommandFixture()
        let out = try trainAdapter(fixture)
        let names = try Posix.names(in: out).sorted()
        #expect(
            names == [
                "adapter_config.json", "adapter_model.safetensors", "special_tokens_map.json",
                "tokenizer.json", "tokenizer_config.json",
            ])
        let settings = try JSON(parsing: Files.read(out + "/adapter_config.json"))
        #expect(settings["base_model_name_or_path"]?.stringValue == tiny)
        #expect(settings["r"] == 3 && settings["lora_alpha"] == 6)
        #expect(settings["task_type"] == "CAUSAL_LM")
        let loaded = try ModelFiles.read(out)
        #expect(loaded.model.adapter?.rank == 3)
        let base = try ModelFiles.read(tiny).model
        #expect(loaded.model.withoutAdapter.parameters.flatValues == base.parameters.flatValues)
        #expect(!loaded.model.sharesValues(with: base))
    }

    @Test func aMergedAdapterIsAPlainModelThatScoresTheSame() throws {
        let fixture = try CommandFixture()
        let out = try trainAdapter(fixture)
        let merged = fixture.folder("merged")
        try fixture.run("model", "merge", out, "--save", merged)
        #expect(try ModelFiles.read(merged).model.adapter == nil)
        #expect(try !Posix.names(in: merged).contains("adapter_config.json"))
        func total(_ path: String) throws -> Double {
            let loaded = try ModelFiles.read(path)
            let examples = try ExampleEncoder(loaded).examples(
                [Demonstration(prompt: "Why won't my lamp open?", completion: " No idea.")])
            return CompletionScorer(model: loaded.model, plan: ParallelPlan(threads: 1))
                .scores(of: examples)[0].total
        }
        #expect(abs(try total(out) - total(merged)) < 1e-4)
        #expect(abs(try total(out) - total(tiny)) > 1e-2)
        #expect(
            try fixture.failure("model", "merge", merged, "--save", out).sentence
                == "\(merged) has no adapter to be merged; it can be used as it is")
    }

    @Test func everyTrainerGoesOnWithAnAdapter() throws {
        let fixture = try CommandFixture()
        let sft = try trainAdapter(fixture)
        let policy = fixture.folder("policy")
        let metrics = fixture.folder("m.jsonl")
        try fixture.run(
            "train", "dpo", "--model", sft, "--pairs", pairs, "--out", policy, "--steps", "2",
            "--metrics", metrics, "--quiet")
        // The reference is the adapter as it was, so that the run starts at ln 2.
        let loss = try MetricSeries(path: metrics).rows[0].values.first { $0.name == "loss" }?.value
        #expect(abs(try #require(loss) - 0.693147) < 1e-5)
        #expect(try ModelFiles.read(policy).model.adapter?.base == tiny)

        let reward = fixture.folder("reward")
        try fixture.run(
            "train", "reward", "--model", tiny, "--pairs", pairs, "--out", reward, "--steps", "2",
            "--lora-rank", "2", "--lora-targets", "c_attn", "--demonstrations", rows, "--quiet")
        let loaded = try ModelFiles.read(reward)
        #expect(loaded.model.heads == [.score] && loaded.model.adapter?.targets == ["c_attn"])
        let settings = try JSON(parsing: Files.read(reward + "/adapter_config.json"))
        #expect(settings["task_type"] == "SEQ_CLS")
        #expect(settings["modules_to_save"] == ["ln_f", "score"])

        for method in ["ppo", "rloo"] {
            try fixture.run(
                "train", method, "--model", sft, "--reward", reward, "--prompts", rows, "--out",
                fixture.folder(method), "--steps", "1", "--batch-size", "4", "--max-new-tokens",
                "4", "--quiet")
            #expect(try ModelFiles.read(fixture.folder(method)).model.adapter?.rank == 3)
        }
        try fixture.run(
            "train", "ppo", "--model", tiny, "--reward", reward, "--prompts", rows, "--out",
            fixture.folder("shared"), "--steps", "1", "--batch-size", "4", "--max-new-tokens",
            "4", "--lora-rank", "2", "--shared-trunk", "--freeze-layers", "1", "--quiet")
        #expect(try ModelFiles.read(fixture.folder("shared")).model.adapter?.layers == [1])
    }

    @Test func aPEFTFolderStandsWhereverAModelDoes() throws {
        let fixture = try CommandFixture()
        try fixture.run("model", "info", peft)
        #expect(fixture.shownInOneLine.contains("rank 4, α 8 on c_attn, c_fc, c_proj"))
        try fixture.run("score", "--model", peft, "--data", rows)
        #expect(fixture.shown.contains("log"))
        // The base that the folder names is beside it; another one can be named.
        let alone = fixture.folder("alone")
        try Files.makeFolders(alone)
        for name in try Posix.names(in: peft) {
            try Files.replace(alone + "/" + name, with: Files.read(peft + "/" + name))
        }
        let sentence = try fixture.failure("model", alone).sentence
        #expect(
            sentence == "\(alone) is an adapter over \"../../gpt2/tiny\", and no model folder is "
                + "there; name that model's folder with --base DIR")
    }

    @Test func anotherBaseCanBeNamed() throws {
        let loaded = try ModelFiles.read(peft, base: tiny)
        #expect(loaded.model.adapter?.base == Files.absolute(tiny))
        let (artifact, _) = try ArtifactReader.read(path: peft, base: tiny)
        #expect(artifact.kind == "a model")
    }

    @Test(arguments: [
        (["--lora-rank", "0"], "--lora-rank is between 1 and 4096"),
        (["--lora-rank", "2", "--lora-alpha", "0"], "--lora-alpha is above 0"),
        (["--lora-rank", "2", "--lora-dropout", "1"], "--lora-dropout is at least 0 and below 1"),
        (["--lora-alpha", "2"], "--lora-alpha belongs to --lora-rank N, which is missing"),
        (
            ["--lora-rank", "2", "--lora-targets", "q_proj"],
            "--lora-targets has \"q_proj\", expected some of c_attn, attn.c_proj, c_fc, mlp.c_proj "
                + "(c_proj is both), or all"
        ),
        (
            ["--lora-rank", "2", "--freeze-layers", "2"],
            "--freeze-layers leaves none of the 2 layers for an adapter; lower it"
        ),
    ])
    func badOptionsAreRefusedInOneSentence(words: [String], sentence: String) throws {
        let fixture = try CommandFixture()
        let all =
            ["train", "sft", "--model", tiny, "--data", rows, "--out", fixture.folder("x")] + words
        do {
            let command = try #require(try RLHF.parseAsRoot(all) as? any NotebookCommand)
            try command.execute(in: fixture.context)
            Issue.record("accepted")
        } catch let error as CommandError {
            #expect(error.sentence == sentence)
        } catch {
            #expect(RLHF.message(for: error).contains(sentence))
        }
    }

    @Test func anAdapterThatIsGoneOnWithKeepsItsForm() throws {
        let fixture = try CommandFixture()
        let sft = try trainAdapter(fixture)
        let other = try fixture.failure(
            "train", "dpo", "--model", sft, "--pairs", pairs, "--out", fixture.folder("x"),
            "--lora-rank", "8")
        #expect(other.sentence.contains("has an adapter already (rank 3"))
        #expect(other.sentence.contains("leave --lora-rank out, or make one model of both first"))
        let dropout = try fixture.failure(
            "train", "rloo", "--model", tiny, "--reward", CommandFixture.fixture("gpt2/reward"),
            "--prompts", rows, "--out", fixture.folder("x"), "--lora-rank", "2", "--lora-dropout",
            "0.1")
        #expect(dropout.sentence.contains("is refused in methods that sample"))
        let fresh = try fixture.failure(
            "train", "sft", "--from-scratch", "layers=1,width=8,heads=1", "--tokenizer", tiny,
            "--data", rows, "--out", fixture.folder("x"), "--lora-rank", "2")
        #expect(
            fresh.sentence
                == "--lora-rank adapts a model that has been trained; name it with --model")
    }

    @Test func aSessionKeepsAdaptersWithTheirBaseAndReplaysThem() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/session"
        let cells = [
            ":train sft --model \(tiny) --data \(rows) --steps 3 --batch-size 4 --lora-rank 2 "
                + "--learning-rate 1e-2 --lora-dropout 0.1",
            ":train dpo --pairs \(pairs) --steps 2 --batch-size 4 --learning-rate 1e-2",
            ":model policy",
            ":model merge policy --into merged",
            "What is this?",
        ]
        let notebook = try SessionStart.notebook(
            at: path, named: "adapters", document: nil,
            options: try GlobalOptions.parse(["--threads", "2", "--quiet"]))
        notebook.console.isSilent = true
        for source in cells {
            let cell = notebook.execute(LiveSession.Request(source: source))
            #expect(cell.state == .ok, "\(source): \(cell.error ?? "")")
        }
        #expect(notebook.close())

        // Opened again, the policy is what it was, adapter and all, without the tiny folder's help.
        let again = try SessionStart.notebook(
            at: path, named: "adapters", document: nil,
            options: try GlobalOptions.parse(["--quiet"]))
        again.console.isSilent = true
        guard case .model(let policy)? = try again.workspace.artifact("policy"),
            case .model(let merged)? = try again.workspace.artifact("merged")
        else {
            Issue.record("no models")
            return
        }
        #expect(policy.model.adapter?.rank == 2 && policy.model.adapter?.base == nil)
        #expect(merged.model.adapter == nil)
        // What is written outside brings its base along.
        let out = folder.path + "/out"
        try ModelFiles.write(policy, to: out)
        let outside = try ModelFiles.read(out)
        #expect(outside.model.parameters.flatValues == policy.model.parameters.flatValues)
        #expect(outside.model.adapter?.base == out + "/base")
        #expect(again.close())

        let replay = try SessionReplay(
            SessionFolder.open(at: path, for: .reading), in: folder.path + "/again",
            global: try GlobalOptions.parse(["--threads", "1", "--quiet"]))
        for cell in try SessionFolder.open(at: path, for: .reading).cells {
            let result = replay.perform(cell)
            #expect(result.verdict == .identical, "\(cell.source): \(result.reasons)")
        }
    }

    @Test func aStoredStepKnowsTheAdaptersBase() throws {
        let (_, digest) = try ArtifactReader.read(path: peft)
        #expect(try ArtifactReader.digest(ofPath: peft) == digest)
        let fixture = try CommandFixture()
        let cell = RunningCell(id: "cell")
        let context = CommandContext(
            settings: fixture.context.settings, console: fixture.console, workspace: Workspace(),
            cell: cell)
        _ = try context.model(peft, slots: [])
        let base = try #require(try ModelFiles.read(peft).model.adapter?.base)
        #expect(cell.inputs["file:" + peft] == digest)
        #expect(try cell.inputs["file:" + base] == ArtifactReader.digest(ofPath: tiny))
    }
}
