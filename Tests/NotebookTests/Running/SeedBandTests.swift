import TerminalUI
import Testing

@testable import Notebook

struct SeedBandTests {
    private let runs: [[(step: Int, value: Double)]] = [
        [(1, 1), (2, 4)], [(1, 3), (2, .nan)], [(1, 5)], [(1, 7)],
    ]

    @Test func aStepHasTheMeanAndTheEndsOfItsRuns() {
        let series = SeedBand(kind: .minmax).series(name: "a", runs: runs)
        #expect(series.points.map(\.y) == [4, 4])
        #expect(series.band == [.init(x: 1, low: 1, high: 7)])
    }

    /// numpy.quantile([1, 3, 5, 7], [0.25, 0.75]) is [2.5, 5.5].
    @Test func quartilesAreNumpys() {
        let series = SeedBand(kind: .quartiles).series(name: "a", runs: runs)
        #expect(series.band == [.init(x: 1, low: 2.5, high: 5.5)])
    }
}
