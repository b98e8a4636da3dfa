import OrderedJSON
import TerminalUI

/// A plot as data, as a cell keeps it: drawn again at any width, exported, written as CSV.
///
///     {"title", "x", "y", "series": [{"name", "points": [[x, y]],
///                                     "mark"?: "points" | "path", "band"?: [[x, low, high]]}]}
///     {"title", "x", "mark": "histogram", "series": [{"name", "values": [v]}]}
///
/// Without a mark a series is a line through its points from left to right. A value that is not
/// finite is `null`.
struct PlotData {
    /// What is drawn.
    enum Picture {
        case curves([Series])
        case histogram([Histogram.Group])
    }

    var title: String
    var x: String
    /// The unit of the y axis.
    var y: String?
    var picture: Picture

    init(title: String, x: String, y: String?, series: [Series]) {
        self.title = title
        self.x = x
        self.y = y
        picture = .curves(series)
    }

    init(title: String, x: String, groups: [Histogram.Group]) {
        self.title = title
        self.x = x
        picture = .histogram(groups)
    }

    /// The picture for a terminal.
    ///
    /// - Parameter heading: A longer title than the one that is kept.
    func drawing(canvas: LinePlot.CanvasKind, heading: String? = nil) -> any Renderable {
        switch picture {
        case .curves(let series):
            LinePlot(title: heading ?? title, xLabel: x, series: series, canvas: canvas)
        case .histogram(let groups):
            Histogram(title: heading ?? title, groups: groups)
        }
    }

    // MARK: - JSON

    var output: CellOutput { CellOutput(.plot(json)) }

    var json: JSON {
        var object = JSONObject([("title", .string(title)), ("x", .string(x))])
        object["y"] = y.map { .string($0) }
        switch picture {
        case .curves(let series): object["series"] = .array(series.map(Self.json))
        case .histogram(let groups):
            object["mark"] = "histogram"
            object["series"] = .array(
                groups.map {
                    ["name": .string($0.name), "values": .array($0.values.map(Self.number))]
                })
        }
        return .object(object)
    }

    private static func json(_ series: Series) -> JSON {
        var object = JSONObject([("name", .string(series.name))])
        object["points"] = .array(series.points.map { .array([number($0.x), number($0.y)]) })
        if series.mark != .line { object["mark"] = .string(series.mark.rawValue) }
        if !series.band.isEmpty {
            object["band"] = .array(
                series.band.map { .array([number($0.x), number($0.low), number($0.high)]) })
        }
        return .object(object)
    }

    private static func number(_ value: Double) -> JSON { value.isFinite ? .number(value) : .null }

    init(_ json: JSON) {
        title = json["title"]?.stringValue ?? ""
        x = json["x"]?.stringValue ?? ""
        y = json["y"]?.stringValue
        let series = json["series"]?.arrayValue ?? []
        func values(_ json: JSON?) -> [Double] {
            (json?.arrayValue ?? []).map { $0.doubleValue ?? .nan }
        }
        if json["mark"]?.stringValue == "histogram" {
            picture = .histogram(
                series.map {
                    Histogram.Group(
                        name: $0["name"]?.stringValue ?? "", values: values($0["values"]))
                })
            return
        }
        picture = .curves(
            series.map { series in
                let points = (series["points"]?.arrayValue ?? []).map {
                    PlotPoint(x: $0[0]?.doubleValue ?? .nan, y: $0[1]?.doubleValue ?? .nan)
                }
                let band = (series["band"]?.arrayValue ?? []).map(values)
                    .filter { $0.count == 3 }.map {
                        Series.Spread(x: $0[0], low: $0[1], high: $0[2])
                    }
                return Series(
                    name: series["name"]?.stringValue ?? "", points: points,
                    mark: series["mark"]?.stringValue.flatMap(Series.Mark.init) ?? .line,
                    band: band)
            })
    }

    // MARK: - CSV

    /// One value a row (RFC 4180), the same columns for all series.
    var csv: String {
        switch picture {
        case .histogram(let groups):
            return "series,value\n"
                + groups.map { group in
                    group.values.map { "\(Self.field(group.name)),\($0)\n" }.joined()
                }.joined()
        case .curves(let series):
            let hasBand = series.contains { !$0.band.isEmpty }
            var text = "series,\(Self.field(x)),value" + (hasBand ? ",low,high" : "") + "\n"
            for series in series {
                let band = Dictionary(series.band.map { ($0.x, $0) }) { first, _ in first }
                for point in series.points {
                    text += "\(Self.field(series.name)),\(Self.plain(point.x)),\(point.y)"
                    if hasBand {
                        text += band[point.x].map { ",\($0.low),\($0.high)" } ?? ",,"
                    }
                    text += "\n"
                }
            }
            return text
        }
    }

    /// Steps are whole numbers.
    private static func plain(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    private static func field(_ text: String) -> String {
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
