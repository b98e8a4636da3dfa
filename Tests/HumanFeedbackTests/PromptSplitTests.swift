import HumanFeedback
import Testing

@Suite struct PromptSplitTests {
    private func pairs(prompts: Int, each: Int) -> [PreferencePair] {
        (0..<(prompts * each)).map {
            PreferencePair(prompt: "p\($0 % prompts)", chosen: "c\($0)", rejected: "r")
        }
    }

    @Test(arguments: [0, 1, 42, UInt64.max]) func noPromptIsOnBothSides(seed: UInt64) {
        let rows = pairs(prompts: 50, each: 4)
        let parts = split(rows, fraction: 0.2, seed: seed)
        let training = Set(parts.training.map(\.promptID))
        let heldOut = Set(parts.heldOut.map(\.promptID))
        #expect(training.isDisjoint(with: heldOut))
        #expect(heldOut.count == 10)
        #expect(parts.training.count == 160 && parts.heldOut.count == 40)
        // Order is kept.
        let order = { (rows: [PreferencePair]) in rows.compactMap { Int($0.chosen.dropFirst()) } }
        #expect(order(parts.training) == order(parts.training).sorted())
        #expect(order(parts.heldOut) == order(parts.heldOut).sorted())
    }

    @Test func theOrderOfRowsDoesNotMatter() {
        let rows = pairs(prompts: 30, each: 2)
        let forward = split(rows, fraction: 0.3, seed: 7)
        let backward = split(rows.reversed(), fraction: 0.3, seed: 7)
        #expect(forward.heldOut == backward.heldOut.reversed())
    }

    @Test func theSeedChoosesOtherPrompts() {
        let rows = pairs(prompts: 100, each: 1)
        let heldOut = (0..<5).map { seed in
            split(rows, fraction: 0.5, seed: UInt64(seed)).heldOut.map(\.prompt)
        }
        #expect(Set(heldOut).count == 5)
        #expect(split(rows, fraction: 0.5, seed: 3).heldOut.map(\.prompt) == heldOut[3])
    }

    @Test func everyPromptIsHeldOutAboutEquallyOften() {
        let rows = pairs(prompts: 20, each: 1)
        var times = [Int](repeating: 0, count: 20)
        for seed in 0..<400 {
            for row in split(rows, fraction: 0.25, seed: UInt64(seed)).heldOut {
                times[Int(row.prompt.dropFirst()) ?? 0] += 1
            }
        }
        // Binomial(400, 1/4): mean 100, deviation 8.7; five deviations.
        #expect(times.allSatisfy { abs($0 - 100) < 44 })
        #expect(times.reduce(0, +) == 400 * 5)
    }

    @Test(arguments: [(0.0, 0), (0.001, 1), (0.5, 5), (0.999, 9), (1.0, 10)])
    func smallFractionsStillHoldOutAndLeaveOne(fraction: Double, count: Int) {
        let parts = split(pairs(prompts: 10, each: 1), fraction: fraction, seed: 1)
        #expect(parts.heldOut.count == count)
        #expect(parts.training.count == 10 - count)
    }

    @Test func otherRowsCanBeSplitToo() {
        let rows = (0..<10).map { Demonstration(prompt: "p\($0 / 2)", completion: "\($0)") }
        let parts = PromptSplit(rows, heldOutFraction: 0.4, seed: 1)
        #expect(parts.heldOut.count == 4)
        #expect(PromptSplit([Prompt](), heldOutFraction: 0.4, seed: 1).training == [])
    }
}
