/// A table from byte strings to the order in which they were put in: 0, 1, 2, ...
///
/// The bytes stand one after the other in one array, and slots are found by open addressing over
/// FNV-1a. `String` keys would compare by canonical equivalence, and `Dictionary` would hash an
/// array element by element.
struct ByteTable: Equatable, Sendable {
    private var storage: [UInt8] = []
    private var starts: [Int] = [0]
    private var hashes: [UInt64] = []
    /// Index + 1 of an entry, 0 for a free slot; a power of two long.
    private var slots = [Int32](repeating: 0, count: 16)

    /// The number of different byte strings.
    var count: Int { hashes.count }

    /// The bytes of an entry.
    func bytes(at index: Int) -> ArraySlice<UInt8> { storage[starts[index]..<starts[index + 1]] }

    /// The index of `bytes`, or nil when they were never put in.
    func index(of bytes: Span<UInt8>) -> Int? {
        let found = slots[slot(of: bytes, hash: Self.hash(bytes))]
        return found == 0 ? nil : Int(found) - 1
    }

    /// The index of `bytes`, which are put in when they are new.
    mutating func insert(_ bytes: Span<UInt8>) -> (index: Int, isNew: Bool) {
        let hash = Self.hash(bytes)
        let slot = slot(of: bytes, hash: hash)
        if slots[slot] != 0 { return (Int(slots[slot]) - 1, false) }
        for index in bytes.indices { storage.append(bytes[index]) }
        starts.append(storage.count)
        hashes.append(hash)
        slots[slot] = Int32(hashes.count)
        if hashes.count * 2 > slots.count { grow() }
        return (hashes.count - 1, true)
    }

    @inline(always)
    private static func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in bytes.indices { hash = (hash ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01b3 }
        return hash ^ (hash >> 32)
    }

    private func slot(of bytes: Span<UInt8>, hash: UInt64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if hashes[index] == hash, isEntry(index, equalTo: bytes) { return slot }
            slot = (slot + 1) & mask
        }
        return slot
    }

    private func isEntry(_ index: Int, equalTo bytes: Span<UInt8>) -> Bool {
        let start = starts[index]
        guard starts[index + 1] - start == bytes.count else { return false }
        for offset in bytes.indices where storage[start + offset] != bytes[offset] { return false }
        return true
    }

    private mutating func grow() {
        slots = [Int32](repeating: 0, count: slots.count * 2)
        let mask = slots.count - 1
        for (index, hash) in hashes.enumerated() {
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(index + 1)
        }
    }
}
