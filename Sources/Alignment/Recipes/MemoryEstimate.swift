import Autograd
public import LanguageModels

/// The memory that a training run takes, computed from sizes before it starts, in bytes.
public struct MemoryEstimate: Sendable, Equatable {
    /// Parameters of every model that takes part.
    public internal(set) var parameters = 0
    /// AdamW's two moments of every parameter that is trained.
    public internal(set) var moments = 0
    /// A gradient for every parameter of the trained models, once a shard.
    public internal(set) var gradients = 0
    /// What passes over the models hold in all threads together.
    public internal(set) var activations = 0
    /// The models' weights packed for products: for training steps, and for sampling.
    public internal(set) var panels = 0
    /// What frozen layers gave, kept for the next time the same rows are read.
    public internal(set) var frozenOutputs = 0
    /// Copies of parameters and moments while a checkpoint is written.
    public internal(set) var checkpoint = 0

    /// All tensors: what the memory pool grows by, models included.
    public var tensors: Int { parameters + moments + gradients + activations + panels }
    /// What a run adds to the models it is given.
    public var run: Int { tensors - parameters + frozenOutputs }
    /// What must be free before a run can start.
    public var needed: Int { run + checkpoint }

    /// A model that takes part without being trained.
    mutating func add(_ model: ModelSizes) {
        parameters += MemoryPool.bytes(forFloats: model.ownCount)
        if !model.sharesBase && model.ownCount < model.flatCount {
            parameters += MemoryPool.bytes(forFloats: model.flatCount - model.ownCount)
        }
    }

    /// A model that is trained.
    ///
    /// - Parameter usesTokenHead: Whether the training computes logits.
    mutating func addTrained(
        _ model: ModelSizes, options: TrainingOptions, usesTokenHead: Bool = true
    ) {
        add(model)
        panels += model.trainingPanels(options, usesTokenHead: usesTokenHead)
        let trainable = model.trainableCount(frozenLayers: options.frozenLayers)
        moments += 2 * MemoryPool.bytes(forFloats: trainable)
        gradients += options.plan.shards * MemoryPool.bytes(forFloats: trainable)
        checkpoint += 4 * (model.ownCount + 2 * trainable)
    }

    /// Frozen layers' outputs for rows of so many tokens together.
    mutating func addFrozenOutputs(
        _ model: ModelSizes, tokens: Int, options: TrainingOptions
    ) {
        guard options.frozenLayers > 0 else { return }
        frozenOutputs += 4 * min(FrozenTrunk.capacity, tokens * model.configuration.width)
    }
}

/// A model as sizes.
public struct ModelSizes: Sendable, Equatable {
    public var configuration: ModelConfiguration
    public var heads: [ScalarHead]
    /// What an adapter adds; nil for a whole model.
    private(set) var adapter: AdapterSizes?
    /// Whether the base of the adapter is counted with another model.
    private(set) var sharesBase = false

    public init(_ configuration: ModelConfiguration, heads: [ScalarHead] = []) {
        self.configuration = configuration
        self.heads = heads
    }

    public init(_ model: LanguageModel) {
        self.init(model.configuration, heads: model.heads)
        adapter = AdapterSizes(model)
    }

    /// A model whose base may be the other one's too.
    public init(_ model: LanguageModel, beside other: LanguageModel) {
        self.init(model)
        sharesBase = model.withoutAdapter.parameters === other.withoutAdapter.parameters
    }

    private var embeddingCount: Int {
        Self.aligned(configuration.vocabularySize * configuration.width)
            + Self.aligned(configuration.contextLength * configuration.width)
    }

    private var blockCount: Int {
        let c = configuration.width
        let f = configuration.innerWidth
        return [c, c, 3 * c * c, 3 * c, c * c, c, c, c, c * f, f, f * c, c]
            .reduce(0) { $0 + Self.aligned($1) }
    }

    /// The last norm and the scalar heads.
    private var topCount: Int {
        let row = Self.aligned(configuration.width)
        return 2 * row
            + heads.reduce(0) { $0 + row + ($1 == .value ? Self.aligned(1) : 0) }
            + (heads.contains(.score) ? configuration.scoreHeadCount * row : 0)
    }

    /// Floats of the parameter set: each parameter starts on a cache line.
    var flatCount: Int {
        adapter?.flatCount ?? embeddingCount + configuration.layerCount * blockCount + topCount
    }

    /// Floats that are not those of an adapter's base.
    var ownCount: Int { adapter?.ownCount ?? flatCount }

    /// Floats above the frozen layers; frozen layers keep the embeddings as they are too.
    func trainableCount(frozenLayers: Int) -> Int {
        if let adapter { return adapter.trainableCount(frozenLayers: frozenLayers) }
        if frozenLayers <= 0 { return flatCount }
        return max(0, configuration.layerCount - frozenLayers) * blockCount + topCount
    }

    private static func aligned(_ count: Int) -> Int { (count + 15) & ~15 }
}
