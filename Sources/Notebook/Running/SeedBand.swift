import TerminalUI

/// Several runs of one thing as one curve: the mean at every step, and how far the runs spread.
struct SeedBand {
    /// What the shade reaches over.
    enum Kind: String, CaseIterable {
        /// The least and the greatest value.
        case minmax
        /// The first and the third quartile.
        case quartiles

        var words: String {
            switch self {
            case .minmax: "least to greatest"
            case .quartiles: "quartiles"
            }
        }
    }

    let kind: Kind

    /// The mean of the finite values at every step; where fewer than two runs have one there is no
    /// band.
    func series(name: String, runs: [[(step: Int, value: Double)]]) -> Series {
        let values = Dictionary(grouping: runs.joined(), by: \.step)
        var points: [PlotPoint] = []
        var band: [Series.Spread] = []
        for step in values.keys.sorted() {
            let finite = (values[step] ?? []).map(\.value).filter(\.isFinite).sorted()
            let mean = finite.reduce(0) { $0 + $1 / Double(finite.count) }
            points.append(PlotPoint(x: Double(step), y: finite.isEmpty ? .nan : mean))
            if finite.count < 2 { continue }
            let (low, high) = kind == .minmax ? (0, 1) : (0.25, 0.75)
            band.append(
                Series.Spread(
                    x: Double(step), low: Self.quantile(low, of: finite),
                    high: Self.quantile(high, of: finite)))
        }
        return Series(name: name, points: points, band: band)
    }

    /// Linear between the order statistics, as numpy's default is (type 7 of Hyndman and Fan 1996).
    static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
    }
}
