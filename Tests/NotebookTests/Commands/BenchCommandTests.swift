import Alignment
import ArgumentParser
import Autograd
import LanguageModels
import OrderedJSON
import Testing

@testable import Notebook

@Suite struct BenchCommandTests {
    @Test func listsNameJobsAndGroups() throws {
        #expect(try BenchJobName.list("generate") == [.generate1, .generate16, .generate64])
        #expect(
            try BenchJobName.list("ppo_shared,training-step") == [.trainingStep, .ppoShared])
        #expect(try BenchJobName.list("all") == BenchJobName.allCases)
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
                        "--what has \"speed\", expected some of training-step, tutorial-step, "
                            + "reward-step, generate-1, generate-16, generate-64, ppo-separate, "
                            + "ppo-shared; \"help bench\" shows how it is used"))
        }
    }

    /// GPT-2's parameter count is known: 124,439,808.
    @Test func parametersAreCounted() {
        #expect(BenchSubject(.gpt2).parameterCount == 124_439_808)
        #expect(BenchSubject(.gpt2).isLarge)
        #expect(!BenchSubject(.tiny).isLarge)
    }

    /// The products of a step are 6 operations for each weight of a linear map and each token.
    @Test func productsAreThoseOfTheLinearMaps() {
        let subject = BenchSubject(.tiny)
        let operations = subject.products(rows: 10, hasTokenHead: false).reduce(0) {
            $0 + $1.operations
        }
        let weights = 4 * (128 * 384 + 128 * 128 + 2 * 128 * 512)
        #expect(operations == Double(6 * weights * 10))
        let withHead = subject.products(rows: 10, hasTokenHead: true).reduce(0) {
            $0 + $1.operations
        }
        #expect(withHead - operations == Double(6 * 2048 * 128 * 10))
    }

    @Test func figuresComeFromTheMedian() {
        let figures = BenchFigures(
            name: .trainingStep, seconds: [0.1, 0.2, 0.9], amount: 1024, unit: "tokens",
            operations: 4e9, productRate: 40e9)
        #expect(figures.rate == 5120)
        #expect(abs(figures.spread - 4) < 1e-12)
        #expect(figures.operationRate == 20e9)
        #expect(figures.fraction == 0.5)
        #expect(BenchFigures.median(of: [4, 1, 3, 2]) == 2.5)
    }

    @Test func aTimerMakesThreeRunsAtLeastAndLeavesOutTheFirst() {
        let timer = StepTimer(seconds: 0)
        timer.start()
        var laps = 1
        while timer.lap() == .continue { laps += 1 }
        #expect(laps == 4)
        #expect(timer.results.count == 3)
        #expect(timer.results == timer.results.sorted())
    }

    @Test func everyJobGivesFigures() {
        let bench = Bench(
            plan: ParallelPlan(shards: 4, threads: 1), seed: 1, seconds: 0, readRate: 1e10)
        let names: [BenchJobName] = [
            .trainingStep, .rewardStep, .generate1, .ppoSeparate, .ppoShared,
        ]
        let subject = BenchSubject.smallest
        let figures = names.map { bench.measure($0, on: subject) }
        for each in figures {
            #expect(each.seconds.count == 3)
            #expect(each.rate > 0 && each.rate.isFinite)
        }
        let json = BenchView(subject: subject, bench: bench, figures: figures).json
        #expect(json["training_step"]?["tokens_per_second"]?.doubleValue == figures[0].rate)
        #expect(json["training_step"]?["fraction_of_product_rate"]?.doubleValue ?? 0 > 0)
        #expect(json["reward_step"]?["pairs_per_second"] != nil)
        #expect(json["generate_1"]?["tokens_per_second"] != nil)
        #expect(json["ppo_shared"]?["episodes_per_second"] != nil)
    }
}

extension BenchSubject {
    /// Small enough to be measured in a test.
    fileprivate static var smallest: BenchSubject {
        BenchSubject(
            name: "smallest",
            configuration: .init(
                vocabularySize: 64, contextLength: 64, width: 16, layerCount: 1, headCount: 2))
    }
}
