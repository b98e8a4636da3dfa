/// The slots of a session: names for the values that cells hand to each other.
final class Workspace {
    private struct Slot {
        let name: String
        var digest: Digest
        var artifact: Artifact?
    }

    private var slots: [Slot] = []
    /// Where values are that are not in memory: an opened session's store.
    var load: (Digest) throws -> Artifact = { _ in
        throw CommandError("the value is not in memory")
    }

    /// Slot names, in the order of their first writing.
    var names: [String] { slots.map(\.name) }

    func digest(of name: String) -> Digest? { slots.first { $0.name == name }?.digest }

    func has(_ name: String) -> Bool { digest(of: name) != nil }

    /// The value in a slot, read from the store the first time.
    func artifact(_ name: String) throws -> Artifact? {
        guard let index = slots.firstIndex(where: { $0.name == name }) else { return nil }
        if let artifact = slots[index].artifact { return artifact }
        let artifact = try load(slots[index].digest)
        slots[index].artifact = artifact
        return artifact
    }

    /// Replaces all slots. Values that stand in a slot before and after stay in memory.
    func arrange(_ pairs: [(slot: String, digest: Digest)]) {
        let known = slots
        slots = pairs.map { slot, digest in
            Slot(
                name: slot, digest: digest,
                artifact: known.first { $0.digest == digest && $0.artifact != nil }?.artifact)
        }
    }

    /// Puts a value into a slot; without the artifact it is read from the store when needed.
    func put(_ artifact: Artifact?, digest: Digest, in name: String) {
        if let index = slots.firstIndex(where: { $0.name == name }) {
            slots[index].digest = digest
            slots[index].artifact = artifact
        } else {
            slots.append(Slot(name: name, digest: digest, artifact: artifact))
        }
    }
}
