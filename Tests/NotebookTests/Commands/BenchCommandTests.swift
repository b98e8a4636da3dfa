import Alignment
import ArgumentParser
import Autograd
import LanguageModels
import OrderedJSON
import Testing

@testable import Notebook

@Suite struct BenchCommandTests {
    @Test func curvesHaveModelsOfTheirOwn() throws {
        for words in [["--what", "generate"], ["--model", "gpt2"]] {
            do {
                _ = try RLHF.parseAsRoot(["bench", "--curves"] + words)
                Issue.record("\(words) was accepted")
            } catch {
                #expect(
                    commandError(for: error).sentence.hasPrefix(
                        "--curves measures models of its own; leave --what and --model out"))
            }
        }
    }

    /// In a process of its own, where nothing else asks for memory.
    @Test func everyJobGivesFigures() async {
        await #expect(processExitsWith: .success) {
            let bench = Bench(
                plan: ParallelPlan(shards: 4, threads: 1), seed: 1, seconds: 0, readRate: 1e10)
            let names: [BenchJobName] = [
                .trainingStep, .loraTraining, .rewardStep, .generate1, .generate16, .ppoSeparate,
                .ppoShared, .dpoStep, .ktoStep, .rloo, .grpo,
            ]
            let subject = BenchSubject.smallest
            let figures = try names.map { try #require(bench.measure($0, on: subject)) }
            for each in figures {
                #expect(each.seconds.count == 3)
                #expect(each.rate > 0 && each.rate.isFinite)
                #expect(each.peakBytes ?? 0 > 1_000_000)
                #expect(each.tensorBytes ?? 0 > 4 * subject.parameterCount)
            }
            let view = BenchView(subject: subject, bench: bench, figures: figures)
            let json = view.json
            let step = json["training_step"]
            #expect(step?["tokens_per_second"]?.doubleValue == figures[0].rate)
            #expect(step?["fraction_of_product_rate"]?.doubleValue ?? 0 > 0)
            #expect(step?["peak_bytes"]?.intValue == figures[0].peakBytes)
            #expect(step?["estimated_tensor_bytes"] != nil)
            #expect(json["reward_step"]?["pairs_per_second"] != nil)
            let one = json["generate_1"]
            #expect(one?["tokens_per_second"] != nil)
            #expect(one?["product_gflops"] == nil)
            #expect(one?["fraction_of_limit"] == one?["fraction_of_bandwidth"])
            #expect(json["generate_16"]?["product_gflops"] != nil)
            #expect(json["generate_16"]?["limit_tokens_per_second"]?.doubleValue ?? 0 > 0)
            #expect(json["ppo_shared"]?["episodes_per_second"] != nil)
            #expect(json["dpo_step"]?["pairs_per_second"] != nil)
            #expect(json["kto_step"]?["answers_per_second"] != nil)
            #expect(json["rloo"]?["episodes_per_second"] != nil)
            #expect(json["grpo"]?["episodes_per_second"] != nil)
            #expect(json["ppo_shared"]?["limit_tokens_per_second"] == nil)
        }
    }

    @Test func jobsInBF16AreComparedWithTheSameInF32() {
        func figures(_ name: BenchJobName, seconds: Double) -> BenchFigures {
            BenchFigures(name: name, seconds: [seconds], amount: 100, unit: "tokens")
        }
        let bench = Bench(
            plan: ParallelPlan(shards: 4, threads: 1), seed: 1, seconds: 0, readRate: 1e10)
        let json = BenchView(
            subject: .smallest, bench: bench,
            figures: [
                figures(.trainingStep, seconds: 1.5), figures(.trainingStepBF16, seconds: 1),
                figures(.generate1BF16, seconds: 1),
            ]
        ).json
        #expect(json["training_step_bf16"]?["times_f32"]?.doubleValue == 1.5)
        #expect(json["training_step"]?["times_f32"] == nil)
        #expect(json["generate_1_bf16"]?["times_f32"] == nil, "f32 was not measured")
    }

    @Test func theTableFitsATerminal() throws {
        let figures = BenchJobName.allCases.map {
            BenchFigures(
                name: $0, seconds: [0.104, 0.109, 0.131], amount: 1024, unit: "episodes",
                operations: 6.6e9, productRate: 205e9, peakBytes: 104_800_000)
        }
        let fixture = try CommandFixture()
        let bench = Bench(
            plan: ParallelPlan(shards: 8, threads: 2), seed: 1, seconds: 0, readRate: 30e9)
        BenchView(subject: .smallest, bench: bench, figures: figures).show(fixture.console)
        #expect(fixture.shown.contains("training-step-bf16"))
        #expect(fixture.shown.contains("9,394 episodes/s"))
        #expect(fixture.shown.contains("104.8 MB"))
        #expect(!fixture.shown.contains("…"))
    }

    @Test func jobsInBF16AreLeftOutWhereThereAreNone() throws {
        guard !Precision.bf16.isSupported else { return }
        let fixture = try CommandFixture()
        #expect(
            try fixture.failure("bench", "--what", "bf16")
                == CommandError(
                    "jobs in bf16 are left out: this processor or build has no bf16 products, and no "
                        + "other job was asked for"))
    }
}

extension BenchSubject {
    /// Small enough to be measured in a test.
    static var smallest: BenchSubject {
        BenchSubject(
            name: "smallest",
            configuration: .init(
                vocabularySize: 64, contextLength: 64, width: 16, layerCount: 1, headCount: 2))
    }
}
