/// How values are spread, as horizontal bars; several groups share the bins, so that they compare.
///
///     reward             chosen             rejected
///     -1.0 to 0.0   ██▌          12   ██████████   48
public struct Histogram: Renderable {
    /// Values under a name.
    public struct Group: Sendable {
        public let name: String
        public let values: [Double]

        public init(name: String, values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    public let title: String
    public let groups: [Group]
    let bins: Int

    /// - Parameter bins: About so many bins; their borders are round numbers.
    public init(title: String, groups: [Group], bins: Int = 12) {
        self.title = title
        self.groups = groups
        self.bins = max(1, bins)
    }

    public func lines(width: Int, capabilities: TerminalCapabilities) -> [StyledLine] {
        let width = min(width, 100)
        let finite = groups.flatMap { $0.values.filter(\.isFinite) }
        let heading = StyledLine(title, .title)
        guard let low = finite.min(), let high = finite.max() else {
            return [heading, StyledLine("no values to count", .dim)] + notes
        }
        let range = PlotFrame.widened((low, high))
        let ticks = AxisTicks(covering: range.lowerBound, range.upperBound, count: bins)
        let counts = groups.map { Self.counts($0.values, in: ticks) }
        let labels = Self.labels(ticks)
        let labelWidth = labels.map(displayWidth).max() ?? 0
        let most = counts.joined().max() ?? 0
        let digits = formatted(count: most).count
        let barWidth = max(1, (width - labelWidth) / groups.count - digits - 4)
        let groupWidth = barWidth + digits + 1

        var header = StyledLine(String(repeating: " ", count: labelWidth))
        for (index, group) in groups.enumerated() {
            header += "   "
            header += StyledLine(group.name, .series(index))
                .truncated(to: groupWidth, ellipsis: capabilities.ellipsis).padded(to: groupWidth)
        }
        let rows = labels.indices.map { bin in
            var row = StyledLine(labels[bin]).padded(to: labelWidth, alignment: .right)
            for index in groups.indices {
                let count = counts[index][bin]
                let bar = Self.bar(count, of: most, columns: barWidth, capabilities: capabilities)
                row += "   "
                row += StyledLine(bar, .series(index)).padded(to: barWidth + 1)
                row += StyledLine(formatted(count: count)).padded(to: digits, alignment: .right)
            }
            return row
        }
        let all = [heading] + [header] + rows + summaries + notes
        return all.map {
            $0.truncated(to: width, ellipsis: capabilities.ellipsis).padded(to: width)
        }
    }

    // MARK: Bins

    /// The borders of the bins and how many values of every group lie between them.
    public var binned: (borders: [Double], counts: [[Int]]) {
        let finite = groups.flatMap { $0.values.filter(\.isFinite) }
        guard let low = finite.min(), let high = finite.max() else { return ([], []) }
        let range = PlotFrame.widened((low, high))
        let ticks = AxisTicks(covering: range.lowerBound, range.upperBound, count: bins)
        return (ticks.values, groups.map { Self.counts($0.values, in: ticks) })
    }

    /// The upper border belongs to the next bin, except the last one.
    private static func counts(_ values: [Double], in ticks: AxisTicks) -> [Int] {
        let borders = ticks.values
        var counts = Array(repeating: 0, count: max(1, borders.count - 1))
        for value in values where value.isFinite {
            let bin = borders.dropLast().lastIndex { $0 <= value } ?? 0
            counts[min(bin, counts.count - 1)] += 1
        }
        return counts
    }

    private static func labels(_ ticks: AxisTicks) -> [String] {
        let labels = ticks.labels
        if labels.count < 2 { return labels }
        return zip(labels, labels.dropFirst()).map { "\($0) to \($1)" }
    }

    /// Bars grow by eighths of a column; what is not nothing is seen.
    private static func bar(
        _ count: Int, of most: Int, columns: Int, capabilities: TerminalCapabilities
    ) -> String {
        if count == 0 || most == 0 { return "" }
        let eighths = max(1, Int((Double(count) / Double(most) * Double(columns * 8)).rounded()))
        if !capabilities.unicode { return String(repeating: "#", count: max(1, eighths / 8)) }
        let part = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        return String(repeating: "█", count: eighths / 8) + part
    }

    // MARK: Words

    private var summaries: [StyledLine] {
        groups.enumerated().compactMap { index, group in
            let finite = group.values.filter(\.isFinite)
            if finite.isEmpty { return nil }
            let mean = finite.reduce(0) { $0 + $1 / Double(finite.count) }
            let text = ": n = \(formatted(count: finite.count)), mean \(formatted(mean))"
            return StyledLine(group.name, .series(index)) + StyledLine(text)
        }
    }

    private var notes: [StyledLine] {
        groups.compactMap { group in
            let missing = group.values.count { !$0.isFinite }
            if missing == 0 { return nil }
            let verb = missing == 1 ? "1 value is" : "\(formatted(count: missing)) values are"
            return StyledLine("\(group.name): \(verb) not finite", .warning)
        }
    }
}
