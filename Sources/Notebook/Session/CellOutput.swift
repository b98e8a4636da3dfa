import OrderedJSON

/// One thing that a cell showed, as a value: it can be drawn again at another width, and exported.
struct CellOutput: Equatable, Sendable {
    /// What is shown.
    enum Content: Equatable, Sendable {
        case text(String)
        /// `{"title"?, "columns": [string], "rows": [[value]]}`; numbers stay numbers.
        case table(JSON)
        /// `{"title"?, "x"?: label, "y"?: label, "series": [{"name", "points": [[x, y]]}]}`.
        case plot(JSON)
        /// One sentence.
        case error(String)
        /// An output of a later version, kept as it was written.
        case unknown(JSON)
    }

    var content: Content
    /// Whether an identical run shows the same bytes. Rates, dates and paths of the machine do not,
    /// and are left out of what a replay compares.
    var isReproducible: Bool

    static func text(_ text: String) -> CellOutput { CellOutput(.text(text)) }
    static func error(_ sentence: String) -> CellOutput { CellOutput(.error(sentence)) }

    static func table(title: String? = nil, columns: [String], rows: [[JSON]]) -> CellOutput {
        var object = JSONObject()
        object["title"] = title.map { .string($0) }
        object["columns"] = .array(columns.map { .string($0) })
        object["rows"] = .array(rows.map { .array($0) })
        return CellOutput(.table(.object(object)))
    }

    static func plot(
        title: String? = nil, x: String? = nil, y: String? = nil,
        series: [(name: String, points: [(x: Double, y: Double)])]
    ) -> CellOutput {
        var object = JSONObject()
        object["title"] = title.map { .string($0) }
        object["x"] = x.map { .string($0) }
        object["y"] = y.map { .string($0) }
        object["series"] = .array(
            series.map { series in
                let points = series.points.map { JSON.array([.number($0.x), .number($0.y)]) }
                return ["name": .string(series.name), "points": .array(points)]
            })
        return CellOutput(.plot(.object(object)))
    }

    init(_ content: Content, isReproducible: Bool = true) {
        self.content = content
        self.isReproducible = isReproducible
    }

    /// The same output, left out of comparisons.
    var varying: CellOutput { CellOutput(content, isReproducible: false) }

    /// The stable form: `{"kind":"text","text":"…"}`, with `"varies":true` where it applies.
    var json: JSON {
        var object =
            switch content {
            case .text(let text): JSONObject([("kind", "text"), ("text", .string(text))])
            case .table(let table): JSONObject([("kind", "table"), ("table", table)])
            case .plot(let plot): JSONObject([("kind", "plot"), ("plot", plot)])
            case .error(let text): JSONObject([("kind", "error"), ("text", .string(text))])
            case .unknown(let json): json.objectValue ?? JSONObject([("value", json)])
            }
        if !isReproducible { object["varies"] = true }
        return .object(object)
    }

    /// Reads the stable form; anything else becomes `.unknown` and is written back as it was.
    init(json: JSON) {
        let content: Content =
            switch (json["kind"]?.stringValue, json["text"]?.stringValue) {
            case ("text", let text?): .text(text)
            case ("error", let text?): .error(text)
            case ("table", _): json["table"].map { .table($0) } ?? .unknown(json)
            case ("plot", _): json["plot"].map { .plot($0) } ?? .unknown(json)
            default: .unknown(json)
            }
        self.init(content, isReproducible: json["varies"]?.boolValue != true)
    }

    /// The digest of the reproducible outputs, one JSON text a line.
    static func digest(of outputs: [CellOutput]) -> Digest {
        var hasher = DigestHasher()
        for output in outputs where output.isReproducible { hasher.update(output.json.text + "\n") }
        return hasher.finish()
    }
}
