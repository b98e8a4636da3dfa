import Alignment
import OrderedJSON

/// One step of a training run: the metrics in the order in which they are reported.
///
/// On disk `{"step":12,"loss":2.31,"tokens_per_second":51234.0}`. A value that is not finite is
/// written `null` and read back as NaN. Methods that sample keep some answers with the step:
/// `"samples":[{"prompt":"…","completion":"…","score":1.25}]`; they follow from the same bits as the
/// figures, and are left out of what is compared.
struct MetricRow: Sendable {
    /// The keys that say how fast, not what: they differ between identical runs.
    static let timingKeys = ["tokens_per_second", "step_seconds"]

    var step: Int
    var values: [(name: String, value: Double)]
    /// Answers of the policy at this step, to be read.
    var samples: [PromptedCompletion] = []

    private static let samplesKey = "samples"

    init(
        step: Int, values: [(name: String, value: Double)], samples: [PromptedCompletion] = []
    ) {
        self.step = step
        self.values = values
        self.samples = samples
    }

    /// The value of a metric in this step.
    subscript(name: String) -> Double? { values.first { $0.name == name }?.value }

    /// The row with the timings and the answers, as it is written.
    var json: JSON {
        guard !samples.isEmpty, var object = json({ _ in true }).objectValue else {
            return json { _ in true }
        }
        object[Self.samplesKey] = .array(samples.map(Self.json))
        return .object(object)
    }

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
        samples = (object[Self.samplesKey]?.arrayValue ?? []).compactMap(Self.sample)
        for (name, value) in object where name != "step" && name != Self.samplesKey {
            guard let number = value.isNull ? .nan : value.doubleValue else {
                throw .notANumber(name: name, found: value.kind)
            }
            values.append((name, number))
        }
    }
}

extension MetricRow {
    private static func json(_ sample: PromptedCompletion) -> JSON {
        var object = JSONObject([
            ("prompt", .string(sample.prompt)), ("completion", .string(sample.completion)),
        ])
        object["score"] = sample.score.map { $0.isFinite ? .number($0) : .null }
        return .object(object)
    }

    private static func sample(_ json: JSON) -> PromptedCompletion? {
        guard let prompt = json["prompt"]?.stringValue,
            let completion = json["completion"]?.stringValue
        else { return nil }
        return PromptedCompletion(
            prompt: prompt, completion: completion, score: json["score"]?.doubleValue)
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
