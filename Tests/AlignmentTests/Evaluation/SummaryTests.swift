import Testing

@testable import Alignment

@Suite("Summaries of numbers")
struct SummaryTests {
    @Test("mean, deviation and quantiles of 2 4 4 4 5 5 7 9")
    func byHand() {
        let found = Summary([9, 2, 4, 5, 4, 7, 4, 5])
        #expect(found.count == 8 && found.mean == 5)
        #expect(abs(found.deviation - 2.13809) < 1e-5)  // √(32 / 7)
        #expect(found.quantile(0) == 2 && found.quantile(1) == 9)
        #expect(found.quantile(0.5) == 4.5)
        #expect(found.quantile(0.25) == 4)
        #expect(abs(found.quantile(0.9) - 7.6) < 1e-12)
    }

    @Test("agrees with NumPy")
    func reference() throws {
        for example in try LossFixture.load().summaries {
            let found = Summary(example.values)
            #expect(abs(found.mean - example.mean) < 1e-5)
            #expect(abs(found.deviation - example.deviation) < 1e-5)
            for quantile in example.quantiles {
                #expect(abs(found.quantile(quantile.share) - quantile.value) < 1e-5)
            }
        }
    }

    @Test("numbers that are not finite are counted and left out")
    func nonFinite() {
        let found = Summary([1, .nan, 3, -.infinity])
        #expect(found.count == 2 && found.nonFiniteCount == 2 && found.mean == 2)
    }

    @Test("of nothing there is nothing to say; a single number has no deviation")
    func degenerate() {
        let nothing = Summary([])
        #expect(nothing.mean.isNaN && nothing.quantile(0.5).isNaN && nothing.count == 0)
        #expect(Summary([4]).deviation == 0 && Summary([4]).quantile(0.3) == 4)
    }
}
