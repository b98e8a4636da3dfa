import Autograd

/// Sequences that are decoded together, one token each a step; finished ones leave.
struct DecodingGroup {
    private let generator: Generator
    private let prompts: [[Int]]
    private let firstSample: Int
    private let weights: Weights
    /// The same weights for products that one thread computes alone.
    private let ownWeights: Weights
    private let plan: ParallelPlan?

    /// Tokens of prompts that a thread reads at once: enough for quick products, few enough to stay
    /// in cache.
    private static let partTokens = 256
    private static let alone = ParallelPlan(threads: 1)

    /// - Parameters:
    ///   - firstSample: The number of the first prompt in the random streams.
    ///   - plan: The threads that share this group's work; nil for the calling one alone.
    init(
        _ generator: Generator, prompts: [[Int]], firstSample: Int, weights packed: PackedWeights,
        plan: ParallelPlan?
    ) {
        let context = generator.model.configuration.contextLength
        for prompt in prompts {
            precondition(
                !prompt.isEmpty && prompt.count < context,
                "generation: a prompt of \(prompt.count) tokens, the context has \(context)")
        }
        self.generator = generator
        self.prompts = prompts
        self.firstSample = firstSample
        weights = Weights(packed, sharing: plan)
        ownWeights = Weights(packed)
        self.plan = plan
    }

    /// Decodes to the end of every sequence.
    func run(
        isCancelled: () -> Bool, onToken: (_ index: Int, _ token: Int) -> Void
    ) -> [GeneratedCompletion] {
        var results = prompts.map { _ in GeneratedCompletion(tokens: [], stopReason: .length) }
        if prompts.isEmpty || generator.maxNewTokens == 0 { return results }
        let model = generator.model
        let table = model.tokenTable(weights)
        let cache = makeCache()
        // These lists have their memory before the first token: a step asks for none.
        let limit = min(generator.maxNewTokens, model.configuration.contextLength)
        var drawn = [Int](repeating: 0, count: prompts.count * limit)
        var count = 0
        func finish(_ slot: Int, _ reason: StopReason) {
            results[slot] = GeneratedCompletion(
                tokens: Array(drawn[(slot * limit)..<(slot * limit + count)]), stopReason: reason)
        }
        var active = Array(prompts.indices)
        var tokens = [Int](repeating: 0, count: active.count)
        var positions = [Int](repeating: 0, count: active.count)
        var hidden = readPrompts(into: cache)
        while true {
            if isCancelled() {
                for slot in active { finish(slot, .interrupted) }
                return results
            }
            (plan ?? Self.alone).fill(
                &tokens, with: draw(from: logits(hidden, table: table), active, count))
            for (row, slot) in active.enumerated() {
                drawn[slot * limit + count] = tokens[row]
                onToken(slot, tokens[row])
            }
            count += 1
            var kept = 0
            for row in active.indices {
                let slot = active[row]
                if let reason = stopReason(slot, last: tokens[row], count: count) {
                    finish(slot, reason)
                    continue
                }
                active[kept] = slot
                tokens[kept] = tokens[row]
                positions[kept] = cache.lengths[slot]
                kept += 1
            }
            if kept == 0 { return results }
            let finished = active.count - kept
            active.removeLast(finished)
            tokens.removeLast(finished)
            positions.removeLast(finished)
            hidden = model.architecture.decode(
                tokens: tokens, positions: positions, weights: weights, cache: cache,
                slots: active)
        }
    }

    private func makeCache() -> KeyValueCache {
        let configuration = generator.model.configuration
        let longest = (prompts.map(\.count).max() ?? 0) + generator.maxNewTokens
        return KeyValueCache(
            layers: configuration.layerCount, slots: prompts.count,
            capacity: min(configuration.contextLength, longest), width: configuration.width,
            heads: configuration.headCount, plan: plan)
    }

    /// Reads each different prompt once; those that have the same one take a copy of its cache.
    ///
    /// - Returns: The hidden state of each prompt's last token, `[prompts, width]`.
    private func readPrompts(into cache: KeyValueCache) -> Tensor {
        var firstSlots: [[Int]: Int] = [:]
        var distinct: [Int] = []
        var sources: [Int] = []
        for (slot, prompt) in prompts.enumerated() {
            if let place = firstSlots[prompt] {
                sources.append(place)
            } else {
                firstSlots[prompt] = distinct.count
                sources.append(distinct.count)
                distinct.append(slot)
            }
        }
        let hidden = readPrompts(of: distinct, into: cache)
        if distinct.count == prompts.count { return hidden }
        for (slot, source) in sources.enumerated() where distinct[source] != slot {
            cache.copySlot(distinct[source], to: slot)
        }
        return rows(of: hidden, at: sources)
    }

    /// Prompts are many rows, so that each thread reads some of them by itself, whole and without
    /// waiting for the others; a few share every product.
    private func readPrompts(of slots: [Int], into cache: KeyValueCache) -> Tensor {
        let counts = slots.map { prompts[$0].count }
        defer { cache.advance(slots: slots, counts: counts) }
        func read(_ slots: [Int], _ weights: Weights) -> Tensor {
            generator.model.architecture.prefill(
                PackedSequences(slots.map { prompts[$0] }, sharesBeginnings: false),
                weights: weights, cache: cache,
                slots: slots)
        }
        guard let plan, plan.threads > 1, slots.count >= plan.threads else {
            return read(slots, weights)
        }
        // As many parts for each thread, of about as many tokens.
        let total = counts.reduce(0, +)
        let rounds = (total + plan.threads * Self.partTokens - 1) / (plan.threads * Self.partTokens)
        var parts = [[Int]](repeating: [], count: rounds * plan.threads)
        var before = 0
        for (slot, count) in zip(slots, counts) {
            parts[before * parts.count / total].append(slot)
            before += count
        }
        parts.removeAll(where: \.isEmpty)
        return Tensor(stacking: plan.map(parts.count) { read(parts[$0], ownWeights) })
    }

    /// The choice of the next token of each active sequence; row i of the logits belongs to `active[i]`.
    ///
    /// - Parameter count: How many tokens each of them has already.
    private func draw(from logits: Tensor, _ active: [Int], _ count: Int) -> Drawing {
        Drawing(
            generator: generator, logits: logits, active: active, firstSample: firstSample,
            count: count)
    }

    private struct Drawing: SharedMap {
        let generator: Generator
        let logits: Tensor
        let active: [Int]
        let firstSample, count: Int

        func value(_ row: Int) -> Int {
            var random = RandomStream(
                seed: generator.seed, purpose: .sampling, step: generator.step,
                sample: firstSample + active[row], position: count)
            return generator.sampling.token(
                from: logits, row: row, uniform: random.nextUniform())
        }
    }

    private func stopReason(_ slot: Int, last: Int, count: Int) -> StopReason? {
        if last == generator.endOfText { return .endOfText }
        if count >= generator.maxNewTokens { return .length }
        let length = prompts[slot].count + count
        return length >= generator.model.configuration.contextLength ? .context : nil
    }
}
