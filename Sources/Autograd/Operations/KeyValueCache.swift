/// Keys and values of sequences that are being decoded, one slot a sequence.
public final class KeyValueCache {
    private let capacity: Int
    private let width: Int
    /// `[layers, 2, slots, capacity, width]`: index 0 keys, 1 values.
    private let memory: Tensor
    private let slots: Int
    /// Tokens held for each slot.
    public private(set) var lengths: [Int]

    /// - Parameters:
    ///   - layers: Layers of the model.
    ///   - slots: Sequences decoded together.
    ///   - capacity: Tokens a sequence can have, prompt included.
    ///   - width: Width of the model.
    public init(layers: Int, slots: Int, capacity: Int, width: Int) {
        self.capacity = capacity
        self.width = width
        self.slots = slots
        memory = Tensor(uninitialized: [layers, 2, slots, capacity, width])
        lengths = [Int](repeating: 0, count: slots)
    }

    private func line(layer: Int, part: Int, slot: Int, position: Int) -> Floats {
        let row = (((layer &* 2 &+ part) &* slots &+ slot) &* capacity) &+ position
        return unsafe memory.pointer + row &* width
    }

    /// Keeps the keys and values of a layer for packed new tokens: `counts[i]` tokens of `slots[i]`.
    ///
    /// - Parameter queryKeyValue: `[tokens, 3 · width]`.
    public func append(_ queryKeyValue: Tensor, layer: Int, slots: [Int], counts: [Int]) {
        var row = 0
        for (slot, count) in zip(slots, counts) {
            precondition(
                lengths[slot] + count <= capacity,
                "KeyValueCache: \(lengths[slot] + count) tokens, room for \(capacity)")
            for position in lengths[slot]..<(lengths[slot] + count) {
                let source = unsafe queryKeyValue.pointer + row &* 3 &* width
                for part in 0...1 {
                    unsafe copy(
                        line(layer: layer, part: part, slot: slot, position: position),
                        source + (part + 1) &* width, width)
                }
                row += 1
            }
        }
    }

    /// Counts the appended tokens as present, once all layers hold them.
    public func advance(slots: [Int], counts: [Int]) {
        for (slot, count) in zip(slots, counts) { lengths[slot] += count }
    }

    /// Attention of one new token per slot over everything its slot holds and itself, which
    /// ``append(_:layer:slots:counts:)`` has stored already.
    ///
    /// - Parameter queryKeyValue: `[slots.count, 3 · width]`.
    /// - Returns: `[slots.count, width]`.
    public func attend(_ queryKeyValue: Tensor, layer: Int, slots: [Int], heads: Int) -> Tensor {
        let size = width / heads
        let factor = 1 / Float(size).squareRoot()
        let result = Tensor(zeros: [slots.count, width])
        let scores = Tensor(uninitialized: [capacity])
        for (row, slot) in slots.enumerated() {
            let visible = lengths[slot] + 1
            let keys = unsafe line(layer: layer, part: 0, slot: slot, position: 0)
            let values = unsafe line(layer: layer, part: 1, slot: slot, position: 0)
            for head in 0..<heads {
                let column = head &* size
                let query = unsafe queryKeyValue.pointer + row &* 3 &* width + column
                for position in 0..<visible {
                    unsafe scores.pointer[position] =
                        factor * dotProduct(query, keys + position &* width + column, size)
                }
                unsafe softmax(scores.pointer, visible)
                let output = unsafe result.pointer + row &* width + column
                for position in 0..<visible {
                    unsafe addProduct(
                        output, scores.pointer[position], values + position &* width + column, size)
                }
            }
        }
        return result
    }
}
