import OrderedJSON

/// One command of a cell as it was done: what it was, what it read, and where its result came from.
///
/// Kept in `details.steps` of the cell's end:
///
///     {"line":":train reward …","key":"sha256:…","of":{…the identity…},"inputs":{"sft":"sha256:…",
///      "gold":null},"seconds":12.1,"from_store":true,"saved_seconds":41.2}
struct StepRecord: Equatable, Sendable {
    /// The command as it was typed.
    var line: String
    var identity: StepIdentity
    var inputs: StepInputs
    /// How long it took this time.
    var seconds: Double
    /// Its name in the store; nil for a command that only looks.
    var key: Digest?
    /// How long the computing had taken, when the result came from the store.
    var savedSeconds: Double?

    var isFromStore: Bool { savedSeconds != nil }

    var json: JSON {
        var object = JSONObject([("line", .string(line))])
        object["key"] = key.map { .string($0.description) }
        object["of"] = identity.json
        object["inputs"] = inputs.json
        object["seconds"] = .number(seconds)
        if let savedSeconds {
            object["from_store"] = true
            object["saved_seconds"] = .number(savedSeconds)
        }
        return .object(object)
    }

    init(
        line: String, identity: StepIdentity, inputs: StepInputs, seconds: Double,
        key: Digest? = nil, savedSeconds: Double? = nil
    ) {
        self.line = line
        self.identity = identity
        self.inputs = inputs
        self.seconds = seconds
        self.key = key
        self.savedSeconds = savedSeconds
    }

    init?(json: JSON) {
        guard let line = json["line"]?.stringValue,
            let identity = json["of"].flatMap(StepIdentity.init(json:)),
            let inputs = json["inputs"].flatMap(StepInputs.init(json:))
        else { return nil }
        self.init(
            line: line, identity: identity, inputs: inputs,
            seconds: json["seconds"]?.doubleValue ?? 0,
            key: json["key"]?.stringValue.flatMap(Digest.init(_:)),
            savedSeconds: json["saved_seconds"]?.doubleValue)
    }
}

/// A training run as its cell has recorded it.
struct CellRun: Equatable, Sendable {
    /// Names the run on screens: the cell's id, or `c-7.2` for its second run.
    var id: String
    var title: String
    /// The digest of its rows without their timings.
    var metrics: Digest?
    /// Its file in `metrics/`, where that is not the id and `.jsonl`.
    var file: String?

    var json: JSON {
        var object = JSONObject([("id", .string(id)), ("title", .string(title))])
        object["metrics"] = metrics.map { .string($0.description) }
        object["file"] = file.map { .string($0) }
        return .object(object)
    }
}

extension Cell {
    /// Its commands as they were done in the last run, from the first.
    var steps: [StepRecord] {
        (details["steps"]?.arrayValue ?? []).compactMap(StepRecord.init(json:))
    }

    /// Its training runs, from the first.
    var runs: [CellRun] {
        let recorded = details["runs"]?.arrayValue ?? []
        return recorded.compactMap { run in
            guard let id = run["id"]?.stringValue, let title = run["title"]?.stringValue else {
                return nil
            }
            // Older records have one digest for the cell.
            let digest = run["metrics"]?.stringValue.flatMap(Digest.init(_:))
            return CellRun(
                id: id, title: title, metrics: digest ?? (recorded.count == 1 ? metrics : nil),
                file: run["file"]?.stringValue)
        }
    }

    /// What computing had taken, for a cell of which something came from the store; else nil.
    var savedSeconds: Double? {
        let saved = steps.compactMap(\.savedSeconds)
        return saved.isEmpty ? nil : saved.reduce(0, +)
    }

    /// Whether everything that the store keeps for such a cell came from it.
    var isFromStore: Bool {
        let kept = steps.filter { $0.key != nil }
        return !kept.isEmpty && kept.allSatisfy(\.isFromStore)
    }
}
