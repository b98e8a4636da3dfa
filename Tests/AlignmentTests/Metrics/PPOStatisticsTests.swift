import Testing

@testable import Alignment

/// The logged means of an update, against PyTorch over padded rows with a mask and against hand.
@Suite("Statistics of an update")
struct PPOStatisticsTests {
    @Test(
        "clip fraction, approximate KL and ratio of a minibatch agree with PyTorch's masked means")
    func policy() throws {
        let cases = try LossReference.load().policyLoss
        #expect(cases.count >= 3)
        for example in cases {
            let count = Double(example.old.joined().count)
            var sums = MinibatchSums()
            // A shard for each completion: what they have seen is added up.
            for row in example.old.indices {
                var part = MinibatchSums()
                for token in example.old[row].indices {
                    part.addToken(
                        new: example.new[row][token], old: example.old[row][token],
                        advantage: example.advantages[row][token], clipRange: example.clipRange,
                        weight: 1 / count)
                }
                sums.add(part)
            }
            for (name, found, expected) in [
                ("clip fraction", sums.clipFraction, example.clipFraction),
                ("approximate KL", sums.approximateKL, example.approximateKL),
                ("ratio", sums.ratio, example.meanRatio),
            ] {
                #expect(
                    abs(found - Double(expected)) <= 1e-5 * max(1, Double(expected)),
                    "\(example.name), \(name): \(found), not \(expected)")
            }
        }
        #expect(cases.contains { $0.clipFraction > 0.1 } && cases.contains { $0.clipFraction == 0 })
    }

    @Test("the clip fraction of values agrees with PyTorch's")
    func values() throws {
        let cases = try LossReference.load().valueLoss
        #expect(cases.contains { $0.clipFraction > 0.1 })
        for example in cases {
            let count = Double(example.old.joined().count)
            var sums = MinibatchSums()
            for (row, values) in example.new.enumerated() {
                for (token, value) in values.enumerated() {
                    sums.addValue(
                        value, old: example.old[row][token], target: example.returns[row][token],
                        clipRange: example.clipRange, weight: 1 / count)
                }
            }
            #expect(
                abs(sums.valueClipFraction - Double(example.clipFraction)) < 1e-6, "\(example.name)"
            )
        }
    }

    @Test("an upper clip range of its own counts only beyond itself")
    func upperRange() {
        func share(_ upper: Float?) -> Double {
            var sums = MinibatchSums()
            for difference: Float in [0.1, 0.22, 0.3] {
                sums.addToken(
                    new: difference, old: 0, advantage: 1, clipRange: 0.2, upperClipRange: upper,
                    weight: 1)
            }
            return sums.clipFraction
        }
        // e^0.22 = 1.246 and e^0.3 = 1.35.
        #expect(share(nil) == 2 && share(0.28) == 1)
    }

    @Test("a row has means over minibatches, the ratio's variance with them, by hand")
    func row() {
        var statistics = PPOStatistics()
        for (loss, ratio) in [(0.5, 1.0), (-0.25, 1.5), (0.5, 0.5)] {
            var sums = MinibatchSums()
            sums.policyLoss = loss
            sums.valueLoss = 2 * loss
            sums.entropy = 3
            sums.approximateKL = loss * loss
            sums.ratio = ratio
            statistics.add(sums)
        }
        statistics.gradientNorms = [1, 2, 6]
        #expect(statistics.firstRatio == 1 && statistics.firstApproximateKL == 0.25)
        var row = MetricRow(step: 1, [])
        statistics.append(to: &row)
        #expect(row["loss/policy_avg"] == 0.25)
        #expect(row["loss/value_avg"] == 0.5)
        #expect(row["policy/entropy_avg"] == 3)
        #expect(row["policy/approxkl_avg"] == 0.1875)
        #expect(row["val/ratio"] == 1)
        #expect(row["val/ratio_var"] == 0.5 / 3)
        #expect(row["grad_norm"] == 3)
        #expect(row["rewards/margins"] == nil)
        var without = MetricRow(step: 1, [])
        statistics.append(to: &without, hasValues: false, hasPairs: true)
        #expect(without["loss/value_avg"] == nil && without["rewards/margins"] == 0)
    }

    @Test("pairs: the better one's reward, the other's, and how often it leads; ties are half")
    func pairs() {
        var sums = MinibatchSums()
        sums.addPairs(
            ratios: [1, 3, 2, -1, 4, 4], preferences: [0, 1, 0.25, 0.75, 1, 0], beta: 0.5,
            weight: 1.0 / 3)
        // Better ones have 3, -1 and 4; the others 1, 2 and 4.
        #expect(abs(sums.chosenReward - 1) < 1e-12)
        #expect(abs(sums.rejectedReward - 3.5 / 3) < 1e-12)
        #expect(abs(sums.pairAccuracy - 0.5) < 1e-12)
    }

    @Test("what stops being finite first is named")
    func nonFinite() {
        var statistics = PPOStatistics()
        statistics.add(MinibatchSums())
        #expect(statistics.firstNonFinite == nil)
        statistics.gradientNorms = [1, .infinity]
        #expect(statistics.firstNonFinite == "grad_norm")
        var sums = MinibatchSums()
        sums.valueLoss = .nan
        statistics.add(sums)
        #expect(statistics.firstNonFinite == "loss/value_avg")
    }
}
