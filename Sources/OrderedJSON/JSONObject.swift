/// The members of a JSON object, in the order in which they were written.
///
/// Keys compare by UTF-8 bytes. A lookup scans small objects and uses a hash index in large ones,
/// so a vocabulary of 50,000 keys is as quick as a dictionary. The index uses FNV-1a, not
/// `Hasher`, and never decides an order.
public struct JSONObject: Sendable {
    private var members: [(key: String, value: JSON)] = []
    /// Open addressing: position + 1 in `members`, 0 for a free slot. Empty while a scan is quicker.
    private var slots: [Int32] = []

    private static let largestScan = 16

    /// Creates an object without members.
    public init() {}

    /// Creates an object from pairs; the last value of a repeated key stays, at its first place.
    public init(_ pairs: [(String, JSON)]) {
        for (key, value) in pairs { self[key] = value }
    }

    /// The keys, in order.
    public var keys: [String] { members.map(\.key) }

    /// The number of members.
    public var count: Int { members.count }

    /// Whether there are no members.
    public var isEmpty: Bool { members.isEmpty }

    /// The value at `key`. Setting a new key appends it; setting nil removes the member.
    public subscript(key: String) -> JSON? {
        get { position(of: key).map { members[$0].value } }
        set {
            guard let newValue else {
                removeValue(forKey: key)
                return
            }
            if let position = position(of: key) {
                members[position].value = newValue
            } else {
                _ = append(key, newValue)
            }
        }
    }

    /// Removes a member and returns its value, or nil when there is none.
    @discardableResult
    public mutating func removeValue(forKey key: String) -> JSON? {
        guard let position = position(of: key) else { return nil }
        let value = members.remove(at: position).value
        rebuildSlots()
        return value
    }

    /// The members but those with some keys, in order.
    public func without(_ keys: [String]) -> JSONObject {
        var rest = JSONObject()
        rest.members.reserveCapacity(members.count)
        for member in members where !keys.contains(where: { hasSameBytes($0, member.key) }) {
            rest.members.append(member)
        }
        rest.rebuildSlots()
        return rest
    }

    /// Appends a member unless the key is there already; false says it was.
    mutating func append(_ key: String, _ value: JSON) -> Bool {
        if slots.isEmpty {
            guard position(of: key) == nil else { return false }
            members.append((key, value))
            if members.count > Self.largestScan { rebuildSlots() }
            return true
        }
        let slot = slot(of: key)
        guard slots[slot] == 0 else { return false }
        members.append((key, value))
        slots[slot] = Int32(members.count)
        if members.count * 2 > slots.count { rebuildSlots() }
        return true
    }

    private func position(of key: String) -> Int? {
        if slots.isEmpty { return members.firstIndex { hasSameBytes($0.key, key) } }
        let found = Int(slots[slot(of: key)])
        return found == 0 ? nil : found - 1
    }

    /// The slot that holds `key`, or the free slot where it would go.
    private func slot(of key: String) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: fingerprint(key)) & mask
        while slots[slot] != 0, !hasSameBytes(members[Int(slots[slot]) - 1].key, key) {
            slot = (slot + 1) & mask
        }
        return slot
    }

    private mutating func rebuildSlots() {
        slots = []
        guard members.count > Self.largestScan else { return }
        var size = 64
        while size < members.count * 4 { size *= 2 }
        slots = [Int32](repeating: 0, count: size)
        for (position, member) in members.enumerated() {
            slots[slot(of: member.key)] = Int32(position + 1)
        }
    }
}

extension JSONObject: Equatable {
    public static func == (left: JSONObject, right: JSONObject) -> Bool {
        left.members.elementsEqual(right.members) {
            hasSameBytes($0.key, $1.key) && $0.value == $1.value
        }
    }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[(key: String, value: JSON)]> {
        members.makeIterator()
    }

    public var underestimatedCount: Int { count }
}

/// Whether two strings are the same UTF-8 bytes; `==` would compare canonical equivalence.
@inline(__always)
func hasSameBytes(_ left: String, _ right: String) -> Bool {
    // Different by `==` is different by bytes, and that is quickly said of short keys.
    guard left.utf8.count == right.utf8.count, left == right else { return false }
    return hasEqualBytes(left, right)
}

private func hasEqualBytes(_ left: String, _ right: String) -> Bool {
    let a = left.utf8Span.span
    let b = right.utf8Span.span
    guard a.count == b.count else { return false }
    for index in a.indices where a[index] != b[index] { return false }
    return true
}

/// FNV-1a over the UTF-8 bytes, 64 bits, folded so that the low bits depend on all of it.
private func fingerprint(_ key: String) -> UInt64 {
    let bytes = key.utf8Span.span
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01b3 }
    return hash ^ (hash >> 32)
}
