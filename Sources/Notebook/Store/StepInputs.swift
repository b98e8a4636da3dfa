import OrderedJSON

/// What a step has read: slots, files (`file:` and the path as it was typed) and metric series
/// (`run:` and the run), each with its digest, or nil where it looked and found nothing.
///
/// Recorded while the step runs, so it cannot differ from what the step really read.
struct StepInputs: Equatable, Sendable, Sequence {
    /// Sorted by the bytes of the name.
    private(set) var pairs: [(name: String, digest: Digest?)] = []

    var names: [String] { pairs.map(\.name) }

    func has(_ name: String) -> Bool { pairs.contains { $0.name == name } }

    subscript(name: String) -> Digest? { pairs.first { $0.name == name }?.digest }

    /// Adds an input; the first reading of a name counts.
    mutating func add(_ name: String, _ digest: Digest?) {
        guard !has(name) else { return }
        let place = pairs.firstIndex { name.utf8.lexicographicallyPrecedes($0.name.utf8) }
        pairs.insert((name, digest), at: place ?? pairs.count)
    }

    var json: JSON {
        .object(
            JSONObject(
                pairs.map { ($0.name, $0.digest.map { .string($0.description) } ?? .null) }))
    }

    init() {}

    init?(json: JSON) {
        guard let object = json.objectValue else { return nil }
        for (name, value) in object {
            if value.isNull {
                add(name, nil)
            } else if let digest = value.stringValue.flatMap(Digest.init(_:)) {
                add(name, digest)
            } else {
                return nil
            }
        }
    }

    func makeIterator() -> IndexingIterator<[(name: String, digest: Digest?)]> {
        pairs.makeIterator()
    }

    static func == (left: StepInputs, right: StepInputs) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0 == $1 }
    }

    /// The step's key: SHA-256 over the canonical JSON of everything its result depends on.
    func key(of identity: StepIdentity) -> Digest {
        let document: JSON = [
            "format": .integer(StepStore.format), "of": identity.json, "inputs": json,
        ]
        return Digest(of: document.text)
    }
}
