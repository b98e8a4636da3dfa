import Autograd
import LanguageModels

// The one place that knows which tensors the engine holds during a pass. Whoever changes what an
// operation keeps changes the line that counts it; MemoryEstimateTests compares with real runs.
//
// Sizes: T tokens of a shard, R of them with a prediction, C width, F inner width, V vocabulary.

/// The tokens that a shard works on at once.
struct ShardTokens: Hashable {
    /// T.
    var tokens: Int
    /// R: rows that reach the head.
    var predicted: Int
    /// Tokens of the longest sequence.
    var longest: Int
    /// Sequences.
    var sequences: Int
}

/// The tensors that passes over a model hold at their largest.
struct ActivationMemory {
    /// What a training pass ends in.
    enum Head {
        /// Cross-entropy over the vocabulary.
        case crossEntropy
        /// Log-probabilities and entropies over the vocabulary.
        case logProbabilities
        /// A number for some of the rows.
        case scalar
    }

    let configuration: ModelConfiguration
    private let adapter: AdapterSizes?

    init(_ model: ModelSizes) {
        configuration = model.configuration
        adapter = model.adapter
    }

    /// Forward and backward over a shard with the lowest `frozenLayers` left as they are.
    func training(_ shard: ShardTokens, head: Head, frozenLayers: Int = 0) -> BufferDemand {
        // Where answers share most of their rows, more of them may be read at the end than there are.
        let t = max(shard.tokens, shard.predicted)
        let c = configuration.width
        let f = configuration.innerWidth
        let blocks = max(0, configuration.layerCount - frozenLayers)
        var demand = BufferDemand()
        // The embeddings' sum, or what the last frozen block gave.
        demand.hold(1, floats: t * c)
        // Of a block: two norms, attention, two sums with the residual stream.
        demand.hold(5 * blocks, floats: t * c)
        // Queries, keys and values.
        demand.hold(blocks, floats: 3 * t * c)
        // The expansion before and after GELU.
        demand.hold(2 * blocks, floats: t * f)
        // Mean and deviation of each row: two norms a block and the last one.
        demand.hold(2 * blocks + 1, floats: 2 * t)
        // Scores of a block of queries and their gradients.
        demand.hold(2, floats: attentionScores(shard))
        // On the way back through the topmost block: gradients of the residual stream and of a
        // norm's input, of the expansion, of queries, keys and values.
        demand.hold(2, floats: t * c)
        if blocks > 0 {
            demand.hold(1, floats: t * f)
            demand.hold(1, floats: 3 * t * c)
        }
        if let adapter { demand.hold(adapter, tokens: t, frozenLayers: frozenLayers) }
        return demand
            + self.head(head, shard, trainsTable: frozenLayers == 0 && adapter == nil)
    }

    private func head(
        _ head: Head, _ shard: ShardTokens, trainsTable: Bool
    ) -> BufferDemand {
        let c = configuration.width
        var demand = BufferDemand()
        // The hidden states that are read, and their gradient.
        demand.hold(2, floats: shard.predicted * c)
        switch head {
        case .crossEntropy:
            demand.hold(1, floats: logitsChunk(shard))
            // The gradient is made with the loss: that of the hidden states once more, and that of
            // the token table where it is trained.
            demand.hold(1, floats: shard.predicted * c)
            if trainsTable { demand.hold(1, floats: configuration.vocabularySize * c) }
        case .logProbabilities:
            demand.hold(1, floats: logitsChunk(shard))
            // The short vectors in which the losses are written.
            demand.hold(24, floats: shard.predicted)
        case .scalar: break
        }
        return demand
    }

    /// A forward pass without a tape.
    func forward(_ shard: ShardTokens, readsVocabulary: Bool) -> BufferDemand {
        let t = max(shard.tokens, shard.predicted)
        let c = configuration.width
        var demand = BufferDemand()
        // The residual stream, a norm's result and the next residual stream.
        demand.hold(3, floats: t * c)
        demand.hold(1, floats: 3 * t * c)
        demand.hold(1, floats: t * configuration.innerWidth)
        demand.hold(1, floats: 2 * t)
        demand.hold(1, floats: attentionScores(shard))
        demand.hold(1, floats: shard.predicted * c)
        if readsVocabulary { demand.hold(1, floats: logitsChunk(shard)) }
        return demand
    }

    /// Decoding of a shard's sequences up to its longest.
    ///
    /// - Parameter prompts: The shard's prompts alone.
    func generation(_ shard: ShardTokens, prompts: ShardTokens) -> BufferDemand {
        let layers = configuration.layerCount
        var demand = forward(prompts, readsVocabulary: false)
        // Keys and values of every layer.
        demand.hold(
            1, floats: layers * 2 * shard.sequences * shard.longest * configuration.width)
        demand.hold(1, floats: shard.sequences * configuration.vocabularySize)
        return demand
    }

    /// 32 queries at once against the longest sequence.
    private func attentionScores(_ shard: ShardTokens) -> Int { 32 * shard.longest }

    /// Logits are made 128 rows at a time.
    private func logitsChunk(_ shard: ShardTokens) -> Int {
        min(shard.predicted, 128) * configuration.vocabularySize
    }
}
