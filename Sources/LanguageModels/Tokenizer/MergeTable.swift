/// Two neighbouring tokens that become one.
struct TokenPair: Equatable, Hashable, Sendable {
    var left: Int32
    var right: Int32
}

/// The merges of a tokenizer by pair: the rank (0 is applied first) and the token they make.
struct MergeTable: Equatable, Sendable {
    /// What a pair becomes.
    struct Merge: Equatable, Sendable {
        var rank: Int32
        var result: Int32
    }

    /// Left token in the high half; `emptyKey` marks a free slot.
    private var keys: [UInt64]
    private var merges: [Merge]

    private static let emptyKey = UInt64.max

    /// Builds the table. Of a pair that is listed twice, the later rank counts.
    init(_ list: [(pair: TokenPair, result: Int32)]) {
        var size = 16
        while size < list.count * 2 { size *= 2 }
        keys = [UInt64](repeating: Self.emptyKey, count: size)
        merges = [Merge](repeating: Merge(rank: 0, result: 0), count: size)
        for (rank, entry) in list.enumerated() {
            let key = Self.key(entry.pair.left, entry.pair.right)
            let slot = slot(of: key)
            keys[slot] = key
            merges[slot] = Merge(rank: Int32(rank), result: entry.result)
        }
    }

    @inline(always)
    func merge(_ left: Int32, _ right: Int32) -> Merge? {
        let key = Self.key(left, right)
        let slot = slot(of: key)
        return keys[slot] == key ? merges[slot] : nil
    }

    @inline(always)
    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    @inline(always)
    private func slot(of key: UInt64) -> Int {
        let mask = keys.count - 1
        let mixed = (key ^ (key >> 29)) &* 0x9e37_79b9_7f4a_7c15
        var slot = Int(truncatingIfNeeded: mixed >> 32) & mask
        while keys[slot] != key, keys[slot] != Self.emptyKey { slot = (slot + 1) & mask }
        return slot
    }
}
