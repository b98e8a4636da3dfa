import OrderedJSON
import TerminalUI

/// The series of a plot as an SVG drawing: lines, axes with ticks, names and last values.
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

    struct Line: Equatable {
        var name: String
        var points: [Point]
        /// Whether the points stand for themselves (a cloud), or in an order of their own (a path).
        var isCloud = false
        var isPath = false
        /// The band around the line.
        var low: [Point] = []
        var high: [Point] = []
    }

    /// A point; `y` is nil in a gap.
    struct Point: Equatable {
        var x: Double
        var y: Double?
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
    /// Whether the drawing says itself what it shows: it stands alone.
    private var isAlone = false

    /// Nil when the plot has no finite point.
    init?(_ plot: JSON, size: Size = .wide) {
        title = plot["title"]?.stringValue ?? ""
        xLabel = plot["x"]?.stringValue ?? ""
        yLabel = plot["y"]?.stringValue ?? ""
        self.size = size
        lines = (plot["series"]?.arrayValue ?? []).map { json in
            let points = (json["points"]?.arrayValue ?? []).compactMap { point -> Point? in
                guard let x = point[0]?.doubleValue, x.isFinite else { return nil }
                let y = point[1]?.doubleValue
                return Point(x: x, y: y.flatMap { $0.isFinite ? $0 : nil })
            }
            var line = Line(name: json["name"]?.stringValue ?? "", points: points)
            line.isCloud = json["mark"]?.stringValue == "points"
            line.isPath = json["mark"]?.stringValue == "path"
            for spread in json["band"]?.arrayValue ?? [] {
                guard let x = spread[0]?.doubleValue, let low = spread[1]?.doubleValue,
                    let high = spread[2]?.doubleValue, x.isFinite, low.isFinite, high.isFinite
                else { continue }
                line.low.append(Point(x: x, y: low))
                line.high.append(Point(x: x, y: high))
            }
            return line
        }
        let all = lines.flatMap { $0.points + $0.low + $0.high }.filter { $0.y != nil }
        guard let xs = Self.bounds(all.map(\.x)), let ys = Self.bounds(all.compactMap(\.y)) else {
            return nil
        }
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
    private var top: Double { titleHeight + (lines.count > 1 ? 34 : 14) }
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
        return svg + endLabels + legend + "</svg>\n"
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
        var path = ""
        var isOpen = false
        for point in line.isCloud || line.isPath ? line.points : thinned(line.points) {
            guard let value = point.y else {
                isOpen = false
                continue
            }
            let at = "\(Self.text(place(x: point.x))) \(Self.text(place(y: value)))"
            path += line.isCloud ? "M\(at)h0" : (isOpen ? "L" : "M") + at
            isOpen = true
        }
        let colour = Self.colours[index % Self.colours.count]
        return
            "<path class=\"curve s\(Self.number(of: index))\" d=\"\(path)\" stroke=\"\(colour)\" "
            + "stroke-width=\"\(line.isCloud ? "4" : "1.5")\" stroke-linejoin=\"round\" stroke-linecap=\"round\"><title>"
            + "\(MarkdownHTML.escaped(figures(of: line)))</title></path>\n"
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

    private func figures(of line: Line) -> String {
        let values = line.points.compactMap(\.y)
        guard let first = values.first, let last = values.last, let low = values.min(),
            let high = values.max()
        else { return line.name }
        let parts = [("first", first), ("last", last), ("least", low), ("greatest", high)]
            .map { "\($0.0) \(formatted($0.1, significantDigits: 3))" }
        return "\(line.name): \(parts.joined(separator: ", ")), n = \(values.count)"
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
            guard !line.isCloud, !line.isPath,
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

    /// Names of several lines above them.
    private var legend: String {
        guard lines.count > 1 else { return "" }
        var svg = ""
        var x = size.left
        for (index, line) in lines.enumerated() {
            let colour = Self.colours[index % Self.colours.count]
            svg +=
                "<path class=\"s\(Self.number(of: index))\" d=\"M\(Self.text(x)) \(Self.text(titleHeight + 12))h16\" "
            svg += "stroke=\"\(colour)\" stroke-width=\"3\"/>\n"
            svg += label(line.name, x: x + 22, y: titleHeight + 16, anchor: "start")
            x += 40 + 6.6 * Double(displayWidth(of: line.name))
        }
        return svg
    }

    private static func text(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return Int(exactly: rounded).map(String.init) ?? "\(rounded)"
    }
}
