import OrderedJSON

/// Which artifact stands in which slot of the workspace: `policy` → `sha256:…`, by name of slot.
struct SlotDigests: Equatable, Sendable, Sequence, ExpressibleByDictionaryLiteral {
    /// The pairs, sorted by the bytes of the slot's name.
    private(set) var pairs: [(slot: String, digest: Digest)] = []

    init() {}

    init(dictionaryLiteral elements: (String, Digest)...) {
        for (slot, digest) in elements { self[slot] = digest }
    }

    /// Reads `{"policy":"sha256:…"}`; nil where it is not that.
    init?(json: JSON) {
        guard let object = json.objectValue else { return nil }
        for (slot, value) in object {
            guard let digest = value.stringValue.flatMap(Digest.init(_:)) else { return nil }
            self[slot] = digest
        }
    }

    var json: JSON {
        .object(JSONObject(pairs.map { ($0.slot, .string($0.digest.description)) }))
    }

    var slots: [String] { pairs.map(\.slot) }
    var isEmpty: Bool { pairs.isEmpty }

    /// The artifact in a slot; setting nil empties it.
    subscript(slot: String) -> Digest? {
        get { pairs.first { $0.slot == slot }?.digest }
        set {
            pairs.removeAll { $0.slot == slot }
            guard let newValue else { return }
            let place = pairs.firstIndex { slot.utf8.lexicographicallyPrecedes($0.slot.utf8) }
            pairs.insert((slot, newValue), at: place ?? pairs.count)
        }
    }

    func makeIterator() -> IndexingIterator<[(slot: String, digest: Digest)]> {
        pairs.makeIterator()
    }

    static func == (left: SlotDigests, right: SlotDigests) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0 == $1 }
    }
}
