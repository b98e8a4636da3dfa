public import Autograd

/// A completion as tokens.
public struct GeneratedCompletion: Sendable, Equatable {
    /// The new tokens; the end token is among them when it came.
    public var tokens: [Int]
    public var stopReason: StopReason
}

/// Batched generation with a key/value cache.
///
/// The weights are packed once, when the first completion is asked for: make a new generator after the
/// model's parameters have changed.
///
/// Every token is drawn from a stream keyed by (seed, step, sample), and a row's logits have the same
/// bits whatever company it has, so a completion depends neither on the batch nor on the threads. That leaves
/// the work free to be cut as it is quickest: a small model stays in each thread's cache, which decodes
/// sequences of its own; a large one streams from memory, so all threads share one pass over it.
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
    /// The precision of the weights and products.
    public var precision: Precision

    private let panels = KeptPanels()

    /// Weights up to this size stay in a core's caches.
    static let cacheBytes = 8 << 20
    /// Sequences that one thread decodes together.
    private static let groupSize = 32
    /// Sequences that all threads decode together.
    private static let sharedGroupSize = 64

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
        if prompts.isEmpty { return [] }
        let packed = panels.panels(of: model, precision: precision, plan: plan)
        let isShared = packed.byteCount > Self.cacheBytes
        let size = isShared ? Self.sharedGroupSize : Self.groupSize
        let groups = max(isShared ? 1 : min(plan.threads, prompts.count), 1)
        let count = max(groups, (prompts.count + size - 1) / size)
        let ranges = (0..<count).map {
            (prompts.count * $0 / count)..<(prompts.count * ($0 + 1) / count)
        }
        func decode(_ range: Range<Int>, sharing plan: ParallelPlan?) -> [GeneratedCompletion] {
            DecodingGroup(
                self, prompts: Array(prompts[range]), firstSample: firstSample + range.lowerBound,
                weights: packed, plan: plan
            ).run(isCancelled: isCancelled) { _, _ in }
        }
        if isShared { return ranges.flatMap { decode($0, sharing: plan) } }
        return plan.map(count) { decode(ranges[$0], sharing: nil) }.flatMap { $0 }
    }

    /// The completion of one prompt, token by token.
    ///
    /// - Parameter onToken: Called with every new token as it comes; false ends the completion.
    public func stream(_ prompt: [Int], sample: Int = 0, onToken: (Int) -> Bool)
        -> GeneratedCompletion
    {
        let packed = panels.panels(of: model, precision: precision, plan: plan)
        let shared = packed.byteCount > Self.cacheBytes ? plan : nil
        var goesOn = true
        return DecodingGroup(
            self, prompts: [prompt], firstSample: sample,
            weights: packed, plan: shared
        ).run(isCancelled: { !goesOn }) { _, token in goesOn = onToken(token) }[0]
    }
}

/// A model's panels, made when they are first needed; a generator belongs to one thread.
private final class KeptPanels {
    private var kept: PackedWeights?

    func panels(
        of model: LanguageModel, precision: Precision, plan: ParallelPlan
    ) -> PackedWeights {
        if let kept, kept.parameters === model.parameters, kept.precision == precision {
            return kept
        }
        let made = model.packedWeights(precision: precision, plan: plan)
        kept = made
        return made
    }
}
