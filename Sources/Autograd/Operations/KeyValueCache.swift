/// Keys and values of sequences that are being decoded, one slot a sequence.
///
/// Keys are kept position by position for each feature, so that the scores of sixteen positions are
/// one vector; values lie as the model makes them.
public final class KeyValueCache {
    private let width: Int
    private let heads: Int
    private let slots: Int
    /// Tokens a slot may hold.
    private let limit: Int
    /// Positions a slot has memory for, whole vectors.
    private let capacity: Int
    /// `[layers, slots, width, capacity]`.
    private let keys: Tensor
    /// `[layers, slots, capacity, width]`.
    private let values: Tensor
    private let plan: ParallelPlan?
    private let layers: Int
    /// Tokens held for each slot.
    public private(set) var lengths: [Int]

    /// - Parameters:
    ///   - layers: Layers of the model.
    ///   - slots: Sequences decoded together.
    ///   - capacity: Tokens a sequence can have, prompt included.
    ///   - width: Width of the model.
    ///   - heads: Heads of the model, a divisor of the width.
    ///   - plan: Threads that share the attention of a step; none where each decodes for itself.
    public init(
        layers: Int, slots: Int, capacity: Int, width: Int, heads: Int, plan: ParallelPlan? = nil
    ) {
        precondition(width % heads == 0, "KeyValueCache: \(heads) heads do not divide \(width)")
        limit = capacity
        self.capacity = (capacity + 15) & ~15
        self.width = width
        self.heads = heads
        self.slots = slots
        self.plan = plan
        self.layers = layers
        keys = Tensor(uninitialized: [layers, slots, width, self.capacity])
        values = Tensor(uninitialized: [layers, slots, self.capacity, width])
        lengths = [Int](repeating: 0, count: slots)
    }

    private func keys(layer: Int, slot: Int) -> Floats {
        unsafe keys.pointer + (layer &* slots &+ slot) &* width &* capacity
    }

    private func values(layer: Int, slot: Int) -> Floats {
        unsafe values.pointer + (layer &* slots &+ slot) &* capacity &* width
    }

    /// Keeps the keys and values of a layer for packed new tokens: `counts[i]` tokens of `slots[i]`.
    ///
    /// - Parameter queryKeyValue: `[tokens, 3 · width]`.
    public func append(_ queryKeyValue: Tensor, layer: Int, slots: [Int], counts: [Int]) {
        var first: [Int] = []
        var rows = 0
        for (slot, count) in zip(slots, counts) {
            precondition(
                lengths[slot] + count <= limit,
                "KeyValueCache: \(lengths[slot] + count) tokens, room for \(limit)")
            first.append(rows)
            rows += count
        }
        func keep(_ index: Int) {
            let start = lengths[slots[index]]
            let keys = unsafe keys(layer: layer, slot: slots[index]) + start
            let values = unsafe values(layer: layer, slot: slots[index]) + start &* width
            let source = unsafe queryKeyValue.pointer + first[index] &* 3 &* width + width
            for row in 0..<counts[index] {
                unsafe copy(values + row &* width, source + (3 &* row + 1) &* width, width)
            }
            // Sixteen features at a time: the lines they are written to stay in the first cache.
            for block in stride(from: 0, to: width, by: 16) {
                for row in 0..<counts[index] {
                    let line = unsafe source + 3 &* row &* width
                    for feature in block..<min(width, block + 16) {
                        unsafe keys[feature &* capacity &+ row] = line[feature]
                    }
                }
            }
        }
        guard let plan, slots.count > 1 else {
            for index in slots.indices { keep(index) }
            return
        }
        plan.forEach(plan.threads) { part in
            let first = slots.count * part / plan.threads
            for index in first..<(slots.count * (part + 1) / plan.threads) { keep(index) }
        }
    }

    /// Counts the appended tokens as present, once all layers hold them.
    public func advance(slots: [Int], counts: [Int]) {
        for (slot, count) in zip(slots, counts) { lengths[slot] += count }
    }

    /// Gives a slot the tokens of another one, which has read the same prompt.
    public func copySlot(_ source: Int, to target: Int) {
        let length = lengths[source]
        for layer in 0..<layers {
            let from = unsafe keys(layer: layer, slot: source)
            let to = unsafe keys(layer: layer, slot: target)
            for feature in 0..<width {
                unsafe copy(to + feature &* capacity, from + feature &* capacity, length)
            }
            unsafe copy(
                values(layer: layer, slot: target), values(layer: layer, slot: source),
                length &* width)
        }
        lengths[target] = length
    }

    /// Attention of one new token per slot over everything its slot holds and itself, which
    /// ``append(_:layer:slots:counts:)`` has stored already.
    ///
    /// - Parameter queryKeyValue: `[slots.count, 3 · width]`.
    /// - Returns: `[slots.count, width]`.
    public func attend(_ queryKeyValue: Tensor, layer: Int, slots: [Int]) -> Tensor {
        let size = width / heads
        let result = Tensor(uninitialized: [slots.count, width])
        func attend(_ row: Int, _ scores: Floats) {
            let slot = slots[row]
            for head in 0..<heads {
                let column = head &* size
                unsafe attendToCache(
                    query: queryKeyValue.pointer + row &* 3 &* width + column,
                    keys: keys(layer: layer, slot: slot) + column &* capacity, capacity: capacity,
                    values: values(layer: layer, slot: slot) + column, valueStride: width,
                    visible: lengths[slot] + 1, size: size, scores: scores,
                    output: result.pointer + row &* width + column)
            }
        }
        guard let plan, slots.count > 1 else {
            let scores = Tensor(uninitialized: [capacity])
            for row in slots.indices { unsafe attend(row, scores.pointer) }
            return result
        }
        plan.forEach(plan.threads) { part in
            let scores = Tensor(uninitialized: [capacity])
            let rows = slots.count * part / plan.threads..<slots.count * (part + 1) / plan.threads
            for row in rows { unsafe attend(row, scores.pointer) }
        }
        return result
    }
}
