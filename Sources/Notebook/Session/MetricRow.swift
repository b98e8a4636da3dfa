import OrderedJSON

/// One step of a training run: the metrics in the order in which they are reported.
///
/// On disk `{"step":12,"loss":2.31,"tokens_per_second":51234.0}`. A value that is not finite is
/// written `null` and read back as NaN.
struct MetricRow: Sendable {
    /// The keys that say how fast, not what: they differ between identical runs.
    static let timingKeys = ["tokens_per_second", "step_seconds"]

    var step: Int
    var values: [(name: String, value: Double)]

    init(step: Int, values: [(name: String, value: Double)]) {
        self.step = step
        self.values = values
    }

    /// The value of a metric in this step.
    subscript(name: String) -> Double? { values.first { $0.name == name }?.value }

    /// The row with the timings, as it is written.
    var json: JSON { json { _ in true } }

    /// The row without the timings, as it is compared.
    var comparableJSON: JSON { json { !Self.timingKeys.contains($0) } }

    private func json(_ isIncluded: (String) -> Bool) -> JSON {
        var object = JSONObject([("step", .integer(step))])
        for (name, value) in values where isIncluded(name) {
            object[name] = value.isFinite ? .number(value) : .null
        }
        return .object(object)
    }

    /// Reads a row; the error says what is wrong with it.
    init(json: JSON) throws(MetricRowError) {
        guard let object = json.objectValue else { throw .notAnObject(json.kind) }
        guard let step = object["step"]?.intValue else { throw .noStep }
        values = []
        self.step = step
        for (name, value) in object where name != "step" {
            guard let number = value.isNull ? .nan : value.doubleValue else {
                throw .notANumber(name: name, found: value.kind)
            }
            values.append((name, number))
        }
    }
}

/// Why a line is not a row of metrics.
enum MetricRowError: Error, Equatable, Sendable {
    case notAnObject(String)
    case noStep
    case notANumber(name: String, found: String)

    var words: String {
        switch self {
        case .notAnObject(let kind): "a row is an object, this is \(kind)"
        case .noStep: "the row has no integer \"step\""
        case .notANumber(let name, let found): "\"\(name)\" is a number, this is \(found)"
        }
    }
}
