import Testing

@testable import Alignment

@Suite("Estimates and their intervals")
struct EstimateTests {
    @Test("intervals that are looked at together are wider, by normal quantiles")
    func widened() {
        // Quantiles as scipy.stats.norm.ppf gives them.
        #expect(abs(Estimate.normalQuantile(0.975) - 1.959963984540054) < 1e-12)
        #expect(abs(Estimate.normalQuantile(0.99375) - 2.4977054744123723) < 1e-12)
        let single = Estimate(value: 1, lower: 0, upper: 3, count: 9)
        let four = single.widened(forComparisons: 4)
        #expect(abs(four.lower - (1 - 2.4977054744123723 / 1.959963984540054)) < 1e-12)
        #expect(abs(four.upper - (1 + 2 * 2.4977054744123723 / 1.959963984540054)) < 1e-12)
        #expect(four.value == 1 && four.count == 9)
        let same = single.widened(forComparisons: 1)
        #expect(abs(same.lower) < 1e-12 && abs(same.upper - 3) < 1e-12)
    }

    // R. G. Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I.
    @Test(
        "Wilson's interval has the published values",
        arguments: [
            (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] as [(Double, Int, Double, Double)])
    func published(successes: Double, trials: Int, lower: Double, upper: Double) {
        let found = Estimate.wilson(successes: successes, trials: trials)
        #expect(abs(found.lower - lower) < 5e-5 && abs(found.upper - upper) < 5e-5)
        #expect(found.count == trials)
    }

    @Test("Wilson's interval agrees with its definition solved by bisection")
    func reference() throws {
        for example in try LossFixture.load().wilson {
            let found = Estimate.wilson(successes: example.successes, trials: example.trials)
            #expect(abs(found.value - example.value) < 1e-12)
            #expect(abs(found.lower - example.lower) < 1e-9)
            #expect(abs(found.upper - example.upper) < 1e-9)
        }
    }

    @Test("it mirrors when successes and failures change places")
    func mirrored() {
        let few = Estimate.wilson(successes: 3.5, trials: 40)
        let many = Estimate.wilson(successes: 36.5, trials: 40)
        #expect(abs(few.lower - (1 - many.upper)) < 1e-12)
    }

    @Test("without trials nothing is known")
    func noTrials() {
        let found = Estimate.wilson(successes: 0, trials: 0)
        #expect(found.value.isNaN && found.lower == 0 && found.upper == 1)
    }

    @Test("a bootstrap of single values has about the normal interval's width")
    func normalWidth() {
        var random = TestRandom(seed: 5)
        let groups = (0..<400).map { _ in [3 + random.normal()] }
        let found = Estimate.bootstrap(groups: groups, resamples: 4_000, seed: 42)
        // 2 · 1.96 · 1 / √400 = 0.196, the sample's own deviation being within a tenth of 1
        #expect(abs(found.upper - found.lower - 0.196) < 0.025)
        #expect(found.lower < found.value && found.value < found.upper)
        #expect(abs(found.value - 3) < 0.2)
    }

    @Test("answers of one prompt that agree count once: the interval is wider by √n")
    func grouped() {
        let values = (0..<100).map { $0 % 2 == 0 ? 1.0 : 0.0 }
        let single = Estimate.bootstrap(groups: values.map { [$0] }, seed: 1)
        let grouped = Estimate.bootstrap(
            groups: (0..<25).map { [Double](repeating: values[$0], count: 4) }, seed: 1)
        let ratio = (grouped.upper - grouped.lower) / (single.upper - single.lower)
        #expect(abs(ratio - 2) < 0.3)
    }

    @Test("the same seed gives the same interval, another one another")
    func seeded() {
        var random = TestRandom(seed: 9)
        let groups = (0..<30).map { _ in [random.uniform(), random.uniform()] }
        let found = Estimate.bootstrap(groups: groups, seed: 42)
        #expect(found == Estimate.bootstrap(groups: groups, seed: 42))
        #expect(found != Estimate.bootstrap(groups: groups, seed: 43))
        #expect(found.value == Estimate.bootstrap(groups: groups, seed: 43).value)
    }

    @Test("its 95 % interval holds the truth about 95 times in 100")
    func coverage() {
        var random = TestRandom(seed: 11)
        var hits = 0
        for trial in 0..<300 {
            let groups = (0..<60).map { _ in [random.normal()] }
            let found = Estimate.bootstrap(groups: groups, resamples: 400, seed: UInt64(trial))
            if found.lower <= 0 && 0 <= found.upper { hits += 1 }
        }
        #expect(hits >= 270 && hits <= 296)
    }

    @Test("groups without values are drawn but count for nothing")
    func emptyGroups() {
        let found = Estimate.bootstrap(groups: [[1, 2], [], [3]], seed: 0)
        #expect(found.value == 2 && found.count == 3)
        #expect(found.lower >= 1 && found.upper <= 3)
        #expect(Estimate.bootstrap(groups: [[], []], seed: 0).value.isNaN)
        #expect(Estimate.bootstrap(groups: [], seed: 0).count == 0)
    }

    @Test("one group says nothing of another; values are drawn by their ids")
    func groups() {
        let alone = Estimate.bootstrap([1, 2, 3], groups: ["a", "a", "a"], seed: 1)
        #expect(alone.value == 2 && alone.lower.isNaN && alone.upper.isNaN)
        let values = [1.0, 1, 0, 0]
        #expect(
            Estimate.bootstrap(values, groups: ["a", "a", "b", "b"], seed: 1)
                == .bootstrap(groups: [[1, 1], [0, 0]], seed: 1))
    }
}
