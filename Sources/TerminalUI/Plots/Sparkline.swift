/// A curve in one line: ▁▂▄▇, from the smallest to the largest value.
public struct Sparkline: Renderable {
    let values: [Double]
    let columns: Int?

    /// - Parameter columns: More values than columns are averaged; nil takes one column a value, as
    ///   far as the width goes.
    public init(_ values: [Double], columns: Int? = nil) {
        self.values = values
        self.columns = columns
    }

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        [line(width: width, capabilities: capabilities)]
    }

    /// The line itself, for use within others. Values that are not finite leave a blank.
    public func line(width: Int = 40, capabilities: TerminalCapabilities) -> StyledLine {
        let levels = Array(capabilities.unicode ? "▁▂▃▄▅▆▇█" : "_.:-=+*#")
        let means = averaged(to: max(1, min(columns ?? width, width)))
        let finite = means.filter(\.isFinite)
        guard let low = finite.min(), let high = finite.max() else {
            return StyledLine(String(repeating: " ", count: means.count))
        }
        let text = means.map { value -> Character in
            if !value.isFinite { return " " }
            // Halves, so that the distance of two large numbers stays finite.
            let distance = high / 2 - low / 2
            let fraction = distance > 0 ? (value / 2 - low / 2) / distance : 0.5
            return levels[Int((fraction * Double(levels.count - 1)).rounded())]
        }
        return StyledLine(String(text), .series(0))
    }

    /// The means of equal stretches, at most `count` of them.
    private func averaged(to count: Int) -> [Double] {
        if values.count <= count { return values }
        return (0..<count).map { index in
            let start = index * values.count / count
            let end = (index + 1) * values.count / count
            let finite = values[start..<end].filter(\.isFinite)
            if finite.isEmpty { return .nan }
            return finite.reduce(0) { $0 + $1 / Double(finite.count) }
        }
    }
}
