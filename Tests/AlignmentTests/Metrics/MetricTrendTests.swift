import Testing

@testable import Alignment

@Suite("The trend of one metric")
struct MetricTrendTests {
    @Test("means over windows, their extremes and the one before")
    func windows() {
        var trend = MetricTrend(window: 2)
        trend.append(1)
        #expect(!trend.isReady && trend.start == 1)
        for value in [3, 5, 9, 1, 1] as [Double] { trend.append(value) }
        #expect(trend.isReady && trend.count == 6)
        #expect(trend.start == 2)
        #expect(trend.recent == 1)
        #expect(trend.earlier == 7)
        #expect(trend.highest == 7)
        #expect(trend.lowest == 1)
    }

    @Test("noise is the deviation around a trend, whatever its slope", arguments: [0, 0.1])
    func noise(_ slope: Double) {
        var random = TestRandom(seed: 3)
        var trend = MetricTrend(window: 5)
        for step in 0..<4_000 { trend.append(slope * Double(step) + 2 * random.normal()) }
        #expect(abs(trend.noise - 2) < 0.1)
    }

    @Test("a single value has no noise and no earlier window")
    func single() {
        var trend = MetricTrend(window: 5)
        trend.append(4)
        #expect(trend.noise == 0 && trend.earlier == nil && trend.recent == 4)
    }
}
