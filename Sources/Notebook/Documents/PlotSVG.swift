import OrderedJSON

/// The series of a plot as an SVG drawing: lines, the ends of both axes, a legend.
enum PlotSVG {
    private static let width = 640.0
    private static let height = 280.0
    private static let left = 64.0
    private static let top = 28.0
    private static let bottom = 36.0
    private static let colours = ["#4063d8", "#c8553d", "#389826", "#9558b2", "#8a6d00", "#007a87"]

    private struct Series {
        var name: String
        var points: [(x: Double, y: Double)]
    }

    /// Draws a plot; nil when it has no finite point.
    static func svg(of plot: JSON) -> String? {
        let series = (plot["series"]?.arrayValue ?? []).map { json in
            let points = (json["points"]?.arrayValue ?? []).compactMap { point in
                if let x = point[0]?.doubleValue, let y = point[1]?.doubleValue {
                    (x, y)
                } else {
                    nil as (x: Double, y: Double)?
                }
            }
            return Series(name: json["name"]?.stringValue ?? "", points: points)
        }
        let all = series.flatMap(\.points)
        guard let xs = bounds(all.map(\.x)), let ys = bounds(all.map(\.y)) else { return nil }
        let place = { (point: (x: Double, y: Double)) in
            let x = left + (point.x - xs.low) / (xs.high - xs.low) * (width - left - 12)
            let y =
                height - bottom - (point.y - ys.low) / (ys.high - ys.low)
                * (height - top - bottom)
            return "\(rounded(x)),\(rounded(y))"
        }
        var drawing = """
            <svg viewBox="0 0 \(Int(width)) \(Int(height))" width="\(Int(width))" role="img" \
            font-size="12" font-family="sans-serif">
            <path d="M\(left),\(top) V\(height - bottom) H\(width - 12)" fill="none" \
            stroke="#889"/>

            """
        drawing += text(plot["title"]?.stringValue ?? "", x: left, y: 16, anchor: "start")
        drawing += text(label(ys.high), x: left - 6, y: top + 4, anchor: "end")
        drawing += text(label(ys.low), x: left - 6, y: height - bottom + 4, anchor: "end")
        drawing += text(label(xs.low), x: left, y: height - 18, anchor: "start")
        drawing += text(label(xs.high), x: width - 12, y: height - 18, anchor: "end")
        let axis = plot["x"]?.stringValue ?? ""
        drawing += text(axis, x: width / 2, y: height - 18, anchor: "middle")
        for (index, line) in series.enumerated() {
            let colour = colours[index % colours.count]
            let points = line.points.map(place).joined(separator: " ")
            drawing += "<polyline points=\"\(points)\" fill=\"none\" stroke=\"\(colour)\"/>\n"
            let x = left + Double(index) * 150
            drawing += text(line.name, x: x, y: height - 3, anchor: "start", fill: colour)
        }
        return drawing + "</svg>\n"
    }

    /// The least and the greatest value, moved apart when they are the same.
    private static func bounds(_ values: [Double]) -> (low: Double, high: Double)? {
        guard let low = values.min(), let high = values.max() else { return nil }
        return low < high ? (low, high) : (low - 1, high + 1)
    }

    private static func text(
        _ text: String, x: Double, y: Double, anchor: String, fill: String = "#445"
    ) -> String {
        guard !text.isEmpty else { return "" }
        return "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\" fill=\"\(fill)\">"
            + "\(MarkdownHTML.escaped(text))</text>\n"
    }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }

    /// A number with about four significant digits.
    private static func label(_ value: Double) -> String {
        var scale = 1.0
        while abs(value) * scale < 1000, scale < 1e9 { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return rounded == rounded.rounded() && abs(rounded) < 1e15
            ? String(Int(rounded)) : "\(rounded)"
    }
}
