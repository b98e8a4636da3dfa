import Testing

@testable import TerminalUI

struct AxisTicksTests {
    @Test func labelsAreWholeMultiplesWithTheFewestDigits() {
        #expect(
            AxisTicks(covering: 0, 1, count: 5).labels == [
                "0.0", "0.2", "0.4", "0.6", "0.8", "1.0",
            ])
        #expect(AxisTicks(covering: 0.03, 0.27, count: 3).labels == ["0.0", "0.1", "0.2", "0.3"])
        #expect(AxisTicks(covering: -3, 12, count: 3).labels == ["-5", "0", "5", "10", "15"])
        #expect(AxisTicks(covering: 0, 200, count: 4).labels == ["0", "50", "100", "150", "200"])
        #expect(
            AxisTicks(covering: 0, 30_000, count: 3).labels == ["0", "10000", "20000", "30000"])
        #expect(
            AxisTicks(covering: 0, 0.0013, count: 3).labels == [
                "0.0000", "0.0005", "0.0010", "0.0015",
            ])
    }

    @Test func extremesShareAPowerOfTen() {
        #expect(AxisTicks(covering: 0, 4e-12, count: 2).labels == ["0", "2e-12", "4e-12"])
        #expect(
            AxisTicks(covering: 0, 1.5e12, count: 3).labels == ["0", "0.5e12", "1.0e12", "1.5e12"])
    }

    @Test func valuesAreNotSums() {
        #expect(AxisTicks(covering: 0, 0.3, count: 3).values == [0, 0.1, 0.2, 0.3])
    }

    /// For any range: it is covered, there are few ticks, and their labels say their values.
    @Test func anyRangeIsCoveredByHonestTicks() throws {
        var state: UInt64 = 42
        func random() -> Double {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Double(state >> 11) / Double(UInt64(1) << 53)
        }
        for _ in 0..<500 {
            let scale = powerOfTen(Int(random() * 40) - 20)
            let low = (random() - 0.5) * scale
            let high = low + (random() + 1e-3) * scale
            let ticks = AxisTicks(covering: low, high, count: 5)
            let values = ticks.values
            let step = values[1] - values[0]
            #expect((3...10).contains(values.count))
            #expect(values[0] <= low + step * 1e-6)
            #expect(values[values.count - 1] >= high - step * 1e-6)
            for (value, label) in zip(values, ticks.labels) {
                let read = try #require(Double(label))
                #expect(abs(read - value) <= abs(value) * 1e-12)
            }
            #expect(Set(ticks.labels).count == values.count)
        }
    }

    @Test func wholeNumbersHaveNoHalves() {
        #expect(AxisTicks(wholeNumbersFrom: 1, to: 3).labels == ["1", "2", "3"])
    }
}
