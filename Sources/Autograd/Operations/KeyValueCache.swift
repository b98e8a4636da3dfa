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
    /// - Parameters:
    ///   - queryKeyValue: `[tokens, 3 · width]`.
    ///   - counts: nil: one token each.
    public func append(_ queryKeyValue: Tensor, layer: Int, slots: [Int], counts: [Int]? = nil) {
        for (index, slot) in slots.enumerated() {
            precondition(
                lengths[slot] + (counts?[index] ?? 1) <= limit,
                "KeyValueCache: \(lengths[slot] + (counts?[index] ?? 1)) tokens, room for \(limit)")
        }
        share(
            slots,
            Appending(
                cache: self, queryKeyValue: queryKeyValue, layer: layer, slots: slots,
                counts: counts))
    }

    private struct Appending: SharedWork {
        let cache: KeyValueCache
        let queryKeyValue: Tensor
        let layer: Int
        let slots: [Int]
        let counts: [Int]?

        func run(_ part: Int) {
            let indices = cache.indices(of: part, slots)
            var first = 0
            for index in 0..<indices.upperBound {
                let count = counts?[index] ?? 1
                if index >= indices.lowerBound { keep(slots[index], first: first, count: count) }
                first += count
            }
        }

        /// Keeps `count` tokens for a slot, whose rows begin with `first`.
        private func keep(_ slot: Int, first: Int, count: Int) {
            let (width, capacity) = (cache.width, cache.capacity)
            let start = cache.lengths[slot]
            let keys = unsafe cache.keys(layer: layer, slot: slot) + start
            let values = unsafe cache.values(layer: layer, slot: slot) + start &* width
            let source = unsafe queryKeyValue.pointer + first &* 3 &* width + width
            for row in 0..<count {
                unsafe copy(values + row &* width, source + (3 &* row + 1) &* width, width)
            }
            // Sixteen features at a time: the lines they are written to stay in the first cache.
            for block in stride(from: 0, to: width, by: 16) {
                for row in 0..<count {
                    let line = unsafe source + 3 &* row &* width
                    for feature in block..<min(width, block + 16) {
                        unsafe keys[feature &* capacity &+ row] = line[feature]
                    }
                }
            }
        }
    }

    /// Does work on some slots, a part of them a thread.
    private func share(_ slots: [Int], _ work: some SharedWork) {
        guard let plan, slots.count > 1 else { return work.run(0) }
        plan.run(plan.threads, work)
    }

    /// The indices of the slots that are a thread's part.
    private func indices(of part: Int, _ slots: [Int]) -> Range<Int> {
        guard let plan, slots.count > 1 else { return slots.indices }
        return slots.count * part / plan.threads..<slots.count * (part + 1) / plan.threads
    }

    /// Counts the appended tokens as present, once all layers hold them.
    ///
    /// - Parameter counts: nil: one token each.
    public func advance(slots: [Int], counts: [Int]? = nil) {
        for (index, slot) in slots.enumerated() { lengths[slot] += counts?[index] ?? 1 }
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
        let result = Tensor(uninitialized: Shape(slots.count, width))
        share(
            slots,
            Attending(
                cache: self, queryKeyValue: queryKeyValue, layer: layer, slots: slots,
                result: result))
        return result
    }

    private struct Attending: SharedWork {
        let cache: KeyValueCache
        let queryKeyValue: Tensor
        let layer: Int
        let slots: [Int]
        let result: Tensor

        func run(_ part: Int) {
            let scores = Tensor(uninitialized: Shape(cache.capacity))
            for row in cache.indices(of: part, slots) { unsafe attend(row, scores.pointer) }
        }

        private func attend(_ row: Int, _ scores: Floats) {
            let width = cache.width
            let size = width / cache.heads
            let slot = slots[row]
            for head in 0..<cache.heads {
                let column = head &* size
                unsafe attendToCache(
                    query: queryKeyValue.pointer + row &* 3 &* width + column,
                    keys: cache.keys(layer: layer, slot: slot) + column &* cache.capacity,
                    capacity: cache.capacity,
                    values: cache.values(layer: layer, slot: slot) + column, valueStride: width,
                    visible: cache.lengths[slot] + 1, size: size, scores: scores,
                    output: result.pointer + row &* width + column)
            }
        }
    }
}
