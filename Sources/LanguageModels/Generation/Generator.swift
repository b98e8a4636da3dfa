public import Autograd

/// A completion as tokens.
public struct GeneratedCompletion: Sendable, Equatable {
    /// The new tokens; the end token is among them when it came.
    public var tokens: [Int]
    public var stopReason: StopReason
}

/// Batched generation with a key/value cache.
///
/// A batch is cut into the plan's shards; each decodes on one thread, drops finished sequences and
/// draws from a stream keyed by (seed, step, sample), so that the number of threads never changes a
/// completion. The company a prompt is in can change the last bits of its logits, no more.
public struct Generator {
    public var model: LanguageModel
    public var sampling: SamplingParameters
    public var maxNewTokens: Int
    /// Ends a completion; nil runs to the length limit.
    public var endOfText: Int?
    public var seed: UInt64
    /// Names the stream together with the seed: the iteration of a training run, for example.
    public var step: Int
    public var plan: ParallelPlan
    /// The form in which weights are read.
    public var precision: Precision

    public init(
        model: LanguageModel, sampling: SamplingParameters = SamplingParameters(),
        maxNewTokens: Int, endOfText: Int?, seed: UInt64, step: Int = 0, plan: ParallelPlan,
        precision: Precision = .f32
    ) {
        self.model = model
        self.sampling = sampling
        self.maxNewTokens = maxNewTokens
        self.endOfText = endOfText
        self.seed = seed
        self.step = step
        self.plan = plan
        self.precision = precision
    }

    /// One completion for each prompt.
    ///
    /// - Parameters:
    ///   - prompts: Token ids, none empty and each shorter than the model's context.
    ///   - firstSample: The number of the first prompt in the random streams.
    ///   - isCancelled: Asked before every token; true ends all completions as interrupted.
    public func completions(
        of prompts: [[Int]], firstSample: Int = 0, isCancelled: () -> Bool = { false }
    ) -> [GeneratedCompletion] {
        plan.map(plan.shards) { shard in
            let range = plan.range(of: shard, in: prompts.count)
            return decode(
                Array(prompts[range]), firstSample: firstSample + range.lowerBound,
                isCancelled: isCancelled)
        }.flatMap { $0 }
    }

    /// The completion of one prompt, token by token.
    ///
    /// - Parameter onToken: Called with every new token as it comes; false ends the completion.
    public func stream(_ prompt: [Int], sample: Int = 0, onToken: (Int) -> Bool)
        -> GeneratedCompletion
    {
        var goesOn = true
        return decode(
            [prompt], firstSample: sample, isCancelled: { !goesOn },
            onToken: { _, token in goesOn = onToken(token) })[0]
    }

    private func decode(
        _ prompts: [[Int]], firstSample: Int, isCancelled: () -> Bool,
        onToken: (_ index: Int, _ token: Int) -> Void = { _, _ in }
    ) -> [GeneratedCompletion] {
        if prompts.isEmpty { return [] }
        let context = model.configuration.contextLength
        for prompt in prompts {
            precondition(
                !prompt.isEmpty && prompt.count < context,
                "generation: a prompt of \(prompt.count) tokens, the context has \(context)")
        }
        let weights = Weights(model.parameters)
        let table = model.tokenTable(weights)
        let longest = min(context, (prompts.map(\.count).max() ?? 0) + maxNewTokens)
        let cache = KeyValueCache(
            layers: model.configuration.layerCount, slots: prompts.count, capacity: longest,
            width: model.configuration.width)
        var results = prompts.map { _ in GeneratedCompletion(tokens: [], stopReason: .length) }
        var active = Array(prompts.indices)
        if maxNewTokens == 0 { return results }
        var hidden = model.architecture.prefill(
            PackedSequences(prompts), weights: weights, cache: cache, slots: active)
        while true {
            if isCancelled() {
                for slot in active { results[slot].stopReason = .interrupted }
                return results
            }
            let scores = logits(hidden, table: table)
            let vocabulary = scores.columns
            let all = scores.array
            var stillActive: [Int] = []
            for (row, slot) in active.enumerated() {
                let position = results[slot].tokens.count
                var random = RandomStream(
                    seed: seed, purpose: .sampling, step: step, sample: firstSample + slot,
                    position: position)
                let token = sampling.token(
                    from: Array(all[(row * vocabulary)..<((row + 1) * vocabulary)]),
                    uniform: random.nextUniform())
                results[slot].tokens.append(token)
                onToken(slot, token)
                if token == endOfText {
                    results[slot].stopReason = .endOfText
                } else if position + 1 >= maxNewTokens {
                    results[slot].stopReason = .length
                } else if prompts[slot].count + position + 1 >= context {
                    results[slot].stopReason = .context
                } else {
                    stillActive.append(slot)
                }
            }
            active = stillActive
            if active.isEmpty { return results }
            hidden = model.architecture.decode(
                tokens: active.map { results[$0].tokens.last ?? 0 }, weights: weights,
                cache: cache, slots: active)
        }
    }
}
