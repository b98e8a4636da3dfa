import OrderedJSON
import TerminalUI

/// The series of a plot as an SVG drawing: curves with their bands, paths, clouds of points or the bars
/// of a histogram, axes with ticks, names and last values.
///
/// A value that is not finite is a gap in its line. Long series are thinned to the least and the
/// greatest value of every column, so that spikes stay.
struct PlotSVG {
    /// How large the drawing is, in its own units.
    enum Size: CaseIterable {
        case wide, narrow

        var width: Double { self == .wide ? 720 : 360 }
        var height: Double { self == .wide ? 300 : 250 }
        var left: Double { self == .wide ? 60 : 46 }
        var ticks: (x: Int, y: Int) { self == .wide ? (6, 5) : (3, 4) }
    }

    /// Okabe and Ito's colours, told apart by everybody, dark enough first.
    static let colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]

    let title: String
    let xLabel: String
    let yLabel: String
    let lines: [Line]
    private let x: (low: Double, high: Double)
    private let y: (low: Double, high: Double)
    private let xTicks: AxisTicks
    private let yTicks: AxisTicks
    let size: Size
    /// Where the names of several lines stand above them: from the left, and in which row.
    private let legend: [(x: Double, row: Int)]
    /// Whether the drawing says itself what it shows: it stands alone.
    private var isAlone = false

    /// Nil when the plot has no finite point.
    init?(_ plot: JSON, size: Size = .wide) {
        title = plot["title"]?.stringValue ?? ""
        xLabel = plot["x"]?.stringValue ?? ""
        let isHistogram = plot["mark"]?.stringValue == "histogram"
        yLabel = plot["y"]?.stringValue ?? (isHistogram ? "count" : "")
        self.size = size
        lines = Line.lines(of: plot)
        let all = lines.flatMap(\.corners).filter { $0.y != nil }
        guard let xs = Self.bounds(all.map(\.x)), let ys = Self.bounds(all.compactMap(\.y)) else {
            return nil
        }
        legend = Self.legend(lines.map(\.name), from: size.left, to: size.width - 8)
        x = xs
        xTicks = AxisTicks(covering: xs.low, xs.high, count: size.ticks.x)
        yTicks = AxisTicks(covering: ys.low, ys.high, count: size.ticks.y)
        y = (yTicks.values.first ?? ys.low, yTicks.values.last ?? ys.high)
    }

    /// The drawing as a file of its own, for readers without our style sheet.
    static func image(of plot: JSON) -> String? {
        guard var drawing = PlotSVG(plot) else { return nil }
        drawing.isAlone = true
        return drawing.drawing(attributes: " xmlns=\"http://www.w3.org/2000/svg\"")
    }

    /// The least and the greatest value, moved apart when they are nearly the same.
    private static func bounds(_ values: [Double]) -> (low: Double, high: Double)? {
        guard let low = values.min(), let high = values.max() else { return nil }
        let room = max(abs(low), abs(high), 1e-9)
        guard (high - low).isFinite else { return (low / 2, high / 2) }
        return high - low > room * 1e-9 ? (low, high) : (low - room / 2, high + room / 2)
    }

    private var right: Double { size.width - 56 }
    private var titleHeight: Double { isAlone ? 18 : 0 }
    private var top: Double {
        titleHeight + (legend.last.map { 34 + 16 * Double($0.row) } ?? 14)
    }
    private var bottom: Double { size.height - 36 }

    private func place(x value: Double) -> Double {
        size.left + (value - x.low) / (x.high - x.low) * (right - size.left)
    }

    private func place(y value: Double) -> Double {
        bottom - (value - y.low) / (y.high - y.low) * (bottom - top)
    }

    /// Where the plot's corners lie and what values they stand for, for a reader with a pointer:
    /// left, right, top, bottom, x low, x high, y low, y high.
    var frame: [Double] { [size.left, right, top, bottom, x.low, x.high, y.low, y.high] }

    func drawing(attributes: String) -> String {
        let (width, height) = (Int(size.width), Int(size.height))
        var svg = """
            <svg\(attributes) viewBox="0 0 \(width) \(height)" role="img" aria-label="\(caption)" \
            font-size="12" font-family="system-ui, sans-serif" fill="none">

            """
        svg += axes
        for (index, line) in lines.enumerated() { svg += band(line, index) + curve(line, index) }
        return svg + endLabels + names + "</svg>\n"
    }

    /// What is shown, and in what: `loss, nats`.
    var heading: String { yLabel.isEmpty || title.isEmpty ? title + yLabel : "\(title), \(yLabel)" }

    private var caption: String {
        let names = lines.map(\.name).filter { $0 != title }
        let text = names.isEmpty ? title : "\(title): \(names.joined(separator: ", "))"
        return MarkdownHTML.escaped(text)
    }

    private var axes: String {
        var svg = ""
        for (value, text) in zip(yTicks.values, yTicks.labels) {
            let at = Self.text(place(y: value))
            svg += "<path class=\"grid\" d=\"M\(Self.text(size.left)) \(at)H\(Self.text(right))\" "
            svg += "stroke=\"#8a94a0\" stroke-opacity=\".25\"/>\n"
            svg += label(
                text, x: size.left - 8, y: place(y: value) + 4, anchor: "end")
        }
        for (value, text) in zip(xTicks.values, xTicks.labels)
        where value >= x.low - 1e-9 * abs(x.low) && value <= x.high + 1e-9 * abs(x.high) {
            svg += label(text, x: place(x: value), y: bottom + 18, anchor: "middle")
        }
        if isAlone { svg += label(heading, x: size.left, y: 14, anchor: "start") }
        return svg
            + label(xLabel, x: (size.left + right) / 2, y: size.height - 3, anchor: "middle")
    }

    private func label(
        _ text: String, x: Double, y: Double, anchor: String, colour: String = "#6a737d",
        class name: String = "tick"
    ) -> String {
        guard !text.isEmpty else { return "" }
        return "<text class=\"\(name)\" x=\"\(Self.text(x))\" y=\"\(Self.text(y))\" "
            + "text-anchor=\"\(anchor)\" fill=\"\(colour)\">\(MarkdownHTML.escaped(text))</text>\n"
    }

    private static func number(of index: Int) -> Int { index % colours.count + 1 }

    /// The line, and its figures for readers without a script.
    private func curve(_ line: Line, _ index: Int) -> String {
        let colour = Self.colours[index % Self.colours.count]
        // Where colours come round again, the line is broken.
        let dash = index < Self.colours.count ? "" : " stroke-dasharray=\"6 3\""
        let shade = line.borders.isEmpty ? "" : " fill=\"\(colour)\" fill-opacity=\".2\""
        let number = Self.number(of: index)
        let names = line.borders.isEmpty ? "curve s\(number)" : "curve s\(number) b\(number)"
        return
            "<path class=\"\(names)\" d=\"\(path(of: line))\" stroke=\"\(colour)\" "
            + "stroke-width=\"\(line.mark == .points ? "4" : "1.5")\"\(dash)\(shade) "
            + "stroke-linejoin=\"round\" stroke-linecap=\"round\"><title>"
            + "\(MarkdownHTML.escaped(line.figures))</title></path>\n"
    }

    private func path(of line: Line) -> String {
        if !line.borders.isEmpty { return bars(of: line) }
        var path = ""
        var isOpen = false
        for point in line.mark == .line ? thinned(line.points) : line.points {
            guard let value = point.y else {
                isOpen = false
                continue
            }
            let at = "\(Self.text(place(x: point.x))) \(Self.text(place(y: value)))"
            path += line.mark == .points ? "M\(at)h0" : (isOpen ? "L" : "M") + at
            isOpen = true
        }
        return path
    }

    /// The outline of a histogram's bars, from the base and back to it.
    private func bars(of line: Line) -> String {
        let base = Self.text(place(y: 0))
        var path = "M\(Self.text(place(x: line.borders[0]))) \(base)"
        for (point, border) in zip(line.points, line.borders.dropFirst()) {
            path += "V\(Self.text(place(y: point.y ?? 0)))H\(Self.text(place(x: border)))"
        }
        return path + "V\(base)Z"
    }

    /// The band around a line, as a shade under it.
    private func band(_ line: Line, _ index: Int) -> String {
        let edge = line.high + line.low.reversed()
        let corners = edge.compactMap { point in
            point.y.map { "\(Self.text(place(x: point.x))) \(Self.text(place(y: $0)))" }
        }
        guard let first = corners.first else { return "" }
        let colour = Self.colours[index % Self.colours.count]
        let path = "M" + first + corners.dropFirst().map { "L" + $0 }.joined() + "Z"
        return "<path class=\"f\(Self.number(of: index))\" d=\"\(path)\" fill=\"\(colour)\" "
            + "fill-opacity=\".18\"/>\n"
    }

    /// At most two points a column: the least and the greatest. Gaps stay.
    func thinned(_ points: [Point]) -> [Point] {
        let columns = Int(right - size.left)
        guard points.count > 2 * columns else { return points }
        var result: [Point] = []
        var column: [Point] = []
        func flush() {
            let known = column.filter { $0.y != nil }
            if known.count < column.count, let gap = column.first(where: { $0.y == nil }) {
                result.append(gap)
            }
            guard let low = known.min(by: { ($0.y ?? 0) < ($1.y ?? 0) }),
                let high = known.max(by: { ($0.y ?? 0) < ($1.y ?? 0) })
            else { return }
            result += low.x < high.x ? [low, high] : low == high ? [low] : [high, low]
        }
        var current = -1
        for point in points {
            let index = Int(place(x: point.x) - size.left)
            if index != current {
                flush()
                column = []
                current = index
            }
            column.append(point)
        }
        flush()
        return result
    }

    /// The last value of every line at its end, moved apart where they would cover each other.
    private var endLabels: String {
        var ends: [(index: Int, value: Double, y: Double)] = []
        for (index, line) in lines.enumerated() {
            guard line.mark == .line, line.borders.isEmpty,
                let last = line.points.last(where: { $0.y != nil }), let value = last.y,
                abs(place(x: last.x) - right) < 1
            else { continue }
            ends.append((index, value, place(y: value)))
        }
        ends.sort { ($0.y, $0.index) < ($1.y, $1.index) }
        var svg = ""
        var lowest = -Double.infinity
        for end in ends {
            let at = max(end.y + 4, lowest + 13)
            lowest = at
            svg += label(
                formatted(end.value, significantDigits: 3), x: right + 6, y: at, anchor: "start",
                colour: Self.colours[end.index % Self.colours.count],
                class: "end f\(Self.number(of: end.index))")
        }
        return svg
    }

    /// Places for the names of several lines, in as many rows as they need.
    private static func legend(
        _ names: [String], from left: Double, to right: Double
    ) -> [(x: Double, row: Int)] {
        guard names.count > 1 else { return [] }
        var x = left
        var row = 0
        return names.map { name in
            let width = 40 + 6.6 * Double(displayWidth(of: name))
            if x > left, x + width - 18 > right {
                x = left
                row += 1
            }
            defer { x += width }
            return (x, row)
        }
    }

    /// Names of several lines above them.
    private var names: String {
        var svg = ""
        for (index, (place, line)) in zip(legend, lines).enumerated() {
            let colour = Self.colours[index % Self.colours.count]
            let dash = index < Self.colours.count ? "" : " stroke-dasharray=\"6 3\""
            let y = titleHeight + 12 + 16 * Double(place.row)
            svg += "<path class=\"s\(Self.number(of: index))\" "
            svg += "d=\"M\(Self.text(place.x)) \(Self.text(y))h16\" "
            svg += "stroke=\"\(colour)\" stroke-width=\"3\"\(dash)/>\n"
            svg += label(line.name, x: place.x + 22, y: y + 4, anchor: "start")
        }
        return svg
    }

    private static func text(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }
}
