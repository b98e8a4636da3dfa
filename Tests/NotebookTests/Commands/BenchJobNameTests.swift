import ArgumentParser
import Testing

@testable import Notebook

@Suite struct BenchJobNameTests {
    @Test func listsNameJobsAndGroups() throws {
        #expect(
            try BenchJobName.list("generate")
                == [.generate1, .generate16, .generate64, .generate1BF16])
        #expect(
            try BenchJobName.list("ppo_shared,training-step") == [.trainingStep, .ppoShared])
        #expect(try BenchJobName.list("bf16") == [.trainingStepBF16, .generate1BF16])
        #expect(try BenchJobName.list("all") == BenchJobName.allCases)
    }

    /// "generate-1" is also the beginning of "generate-16" and "generate-1-bf16".
    @Test(arguments: BenchJobName.allCases)
    func aWholeNameIsThatJobAlone(name: BenchJobName) throws {
        #expect(try BenchJobName.list(name.rawValue) == [name])
        #expect(try BenchJobName.list(name.key) == [name])
    }

    @Test func jobsInBF16KnowTheirTwin() {
        #expect(BenchJobName.trainingStepBF16.inF32 == .trainingStep)
        #expect(BenchJobName.generate1BF16.inF32 == .generate1)
        #expect(BenchJobName.trainingStep.inF32 == nil)
    }

    @Test func anUnknownJobIsAUsageError() throws {
        do {
            _ = try RLHF.parseAsRoot(["bench", "--what", "training"])
            _ = try RLHF.parseAsRoot(["bench", "--what", "speed"])
            Issue.record("it was accepted")
        } catch {
            #expect(
                commandError(for: error)
                    == .usage(
                        "--what has \"speed\", expected some of training-step, "
                            + "training-step-bf16, lora-training, tutorial-step, reward-step, "
                            + "dpo-step, kto-step, generate-1, generate-16, generate-64, "
                            + "generate-1-bf16, ppo-separate, ppo-shared, rloo, grpo, start; "
                            + "\"help bench\" shows how it is used"))
        }
    }
}
