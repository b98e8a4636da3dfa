public import Autograd

/// A scalar read from the hidden states: a score of a sequence or a value of each token.
public enum ScalarHead: String, Sendable, Equatable {
    /// `score.weight`, no bias: what `AutoModelForSequenceClassification` with one label has.
    case score
    /// `v_head.summary.weight` and `.bias`, as TRL names a value head on a shared trunk.
    case value
}

/// A transformer with its parameters and, for a reward or value model, a scalar head.
public final class LanguageModel {
    public let configuration: ModelConfiguration
    public let parameters: ParameterSet
    public let heads: [ScalarHead]
    /// The low-rank adapter that stands over the parameters of a base; nil without one.
    public let adapter: LoRAConfiguration?
    let architecture: GPT2
    let scoreWeight: Parameter?
    /// The heads of an ensemble; empty where there is one head alone.
    let scoreHeads: [Parameter]
    private let valueWeight, valueBias: Parameter?

    /// A model whose parameters are all zero, to be filled.
    public convenience init(_ configuration: ModelConfiguration, heads: [ScalarHead] = []) {
        self.init(
            parameters: ParameterSet(
                GPT2.specifications(configuration)
                    + LanguageModel.headSpecifications(heads, configuration)),
            configuration, heads: heads)
    }

    /// A model over the parameters of another one, its own parameters zero.
    convenience init(
        over base: ParameterSet, _ configuration: ModelConfiguration, heads: [ScalarHead],
        adapter: LoRAConfiguration, hasFinalNorm: Bool = false
    ) {
        let architecture = GPT2(configuration, in: base)
        let parameters = ParameterSet(
            over: base,
            LanguageModel.adapterSpecifications(
                adapter, architecture, heads: heads,
                hasFinalNorm: hasFinalNorm || heads.contains(.score))
        ) { LanguageModel.updates(adapter, architecture, own: $0) }
        self.init(parameters: parameters, configuration, adapter: adapter, heads: heads)
    }

    /// A model with these parameters.
    ///
    /// - Parameter heads: Those to be used; nil uses all that the parameters have.
    init(
        parameters: ParameterSet, _ configuration: ModelConfiguration,
        adapter: LoRAConfiguration? = nil, heads: [ScalarHead]? = nil
    ) {
        self.configuration = configuration
        self.parameters = parameters
        self.adapter = adapter
        architecture = GPT2(configuration, in: parameters)
        let score = parameters["score.weight"]
        let value = parameters["v_head.summary.weight"]
        var present: [ScalarHead] = []
        if score != nil { present.append(.score) }
        if value != nil { present.append(.value) }
        let used = heads ?? present
        self.heads = used
        scoreWeight = score
        // Those of a base are no heads of a model that was asked for without.
        scoreHeads =
            used.contains(.score)
            ? (0..<configuration.scoreHeadCount).compactMap {
                parameters["score_heads.\($0).weight"]
            } : []
        valueWeight = value
        valueBias = parameters["v_head.summary.bias"]
    }

    static func headSpecifications(
        _ heads: [ScalarHead], _ configuration: ModelConfiguration
    ) -> [(name: String, shape: [Int])] {
        let width = configuration.width
        var specifications: [(name: String, shape: [Int])] = []
        if heads.contains(.score) {
            specifications.append(("score.weight", [1, width]))
            for head in 0..<configuration.scoreHeadCount {
                specifications.append(("score_heads.\(head).weight", [1, width]))
            }
        }
        if heads.contains(.value) {
            specifications.append(("v_head.summary.weight", [1, width]))
            specifications.append(("v_head.summary.bias", [1]))
        }
        return specifications
    }

    /// A copy of another model's parameters, with these heads; heads the other lacks are zero. A
    /// copy of an adapted model has an adapter of its own over the same base.
    ///
    /// - Parameter scoreHeads: Heads of the copy's ensemble; nil has as many as the other.
    public convenience init(
        copying other: LanguageModel, heads: [ScalarHead]? = nil, scoreHeads: Int? = nil
    ) {
        var configuration = other.configuration
        if let scoreHeads { configuration.scoreHeadCount = scoreHeads }
        if let adapter = other.adapter, let base = other.parameters.base {
            self.init(
                over: base, configuration, heads: heads ?? other.heads, adapter: adapter,
                hasFinalNorm: other.parameters[other.architecture.finalNormScale.name].map {
                    $0.offset >= other.parameters.firstOwn
                } ?? false)
        } else {
            self.init(configuration, heads: heads ?? other.heads)
        }
        copyOwnParameters(from: other)
    }

    /// Takes the other model's values of all parameters that are the model's own.
    func copyOwnParameters(from other: LanguageModel) {
        for parameter in parameters.own {
            if let source = other.parameters[parameter.name] {
                parameters.assign(other.parameters[source].array, to: parameter)
            }
        }
    }

    /// Fills the parameters for training from scratch, as GPT-2 does: normal with deviation
    /// `initializerRange` (0.02), divided by √(2 L) where a block writes to the residual stream; biases 0, norm scales 1.
    public func initialize(seed: UInt64) {
        for (index, parameter) in parameters.parameters.enumerated() {
            let name = parameter.name
            if name.hasSuffix(".bias") || name.hasPrefix("score") || name.hasPrefix("v_head") {
                continue
            }
            if name.contains("ln_") {
                parameters.assign([Float](repeating: 1, count: parameter.count), to: parameter)
                continue
            }
            let isResidual = name.hasSuffix("c_proj.weight")
            let range = Float(configuration.initializerRange)
            let deviation =
                isResidual ? range / Float(2 * configuration.layerCount).squareRoot() : range
            fill(parameter, index, deviation: deviation, seed: seed)
        }
    }

    /// Fills the score head: normal with deviation 1 / √(width + 1) (Stiennon et al. 2020, code).
    public func initializeScoreHead(seed: UInt64) {
        guard let scoreWeight else { return }
        let deviation = 1 / Float(configuration.width + 1).squareRoot()
        fill(scoreWeight, parameters.parameters.count, deviation: deviation, seed: seed)
        for (place, head) in scoreHeads.enumerated() {
            fill(
                head, parameters.parameters.count + 1 + place, deviation: deviation, seed: seed)
        }
        averageScoreHeads()
    }

    private func fill(_ parameter: Parameter, _ index: Int, deviation: Float, seed: UInt64) {
        var random = RandomStream(seed: seed, purpose: .initialization, sample: index)
        parameters.assign(
            (0..<parameter.count).map { _ in random.nextNormal() * deviation }, to: parameter)
    }

    /// The flat offset below which parameters are frozen: the embeddings and the lowest layers, and
    /// the whole base of an adapted model.
    public func firstTrainable(frozenLayers: Int) -> Int {
        adapter == nil
            ? architecture.firstTrainable(frozenLayers: frozenLayers)
            : firstTrainableOfAdapter(frozenLayers: frozenLayers)
    }

    // MARK: - Packed weights

    /// Panels of all matrices, for generation.
    public func packedWeights(precision: Precision = .f32, plan: ParallelPlan) -> PackedWeights {
        PackedWeights(parameters, uses: architecture.products, precision: precision, plan: plan)
    }

    /// Whether a training step gains from panels of a model with this many floats.
    public static func packsForTraining(flatCount: Int, precision: Precision) -> Bool {
        // Shards of a large model have many rows a product: turning its weights round costs
        // them little, and a second copy of the weights much memory.
        precision == .bf16 || flatCount <= 1 << 24
    }

    /// Panels that training steps gain from; nil where a step is better off without.
    ///
    /// - Parameters:
    ///   - frozenLayers: Layers that no gradient passes through.
    ///   - usesTokenHead: Whether logits are computed at all.
    public func packedForTraining(
        precision: Precision, frozenLayers: Int = 0, usesTokenHead: Bool
    ) -> PackedWeights? {
        guard Self.packsForTraining(flatCount: parameters.flatCount, precision: precision) else {
            return nil
        }
        return PackedWeights(
            forTraining: parameters,
            uses: architecture.products.filter { usesTokenHead || $0.1 == .map },
            precision: precision, firstTrainable: firstTrainable(frozenLayers: frozenLayers),
            firstPassed: architecture.firstTrainable(frozenLayers: frozenLayers))
    }

    // MARK: - Forward passes

    /// Hidden states of packed sequences, `[tokens, width]`, or those of `readRows` alone,
    /// `[readRows.count, width]`, which costs less than all of them.
    ///
    /// - Parameter start: What ``trunk(of:layers:)`` gave for the batch, where its layers are not
    ///   trained.
    public func hidden(
        _ batch: PackedSequences, at readRows: [Int]? = nil, weights: Weights? = nil,
        from start: ResidualStream? = nil
    ) -> Tensor {
        architecture.hidden(
            batch, at: readRows, weights: weights ?? Weights(parameters), from: start)
    }

    /// The token table, tied to the output head, `[vocabulary, width]`.
    public func tokenTable(_ weights: Weights? = nil) -> Tensor {
        (weights ?? Weights(parameters))[architecture.tokenTable]
    }

    /// Σ weight · (−log p) over the completion tokens, a scalar, and how many of them were likeliest.
    ///
    /// - Parameter tokenWeight: What each counted token weighs, 1 / (tokens of the whole batch).
    public func crossEntropy(
        of batch: PackedCompletions, tokenWeight: Float, weights: Weights? = nil,
        from start: ResidualStream? = nil
    ) -> (loss: Tensor, correctCount: Int) {
        let hidden = hidden(
            batch.sequences, at: batch.predictingRows, weights: weights, from: start)
        return Autograd.crossEntropy(
            hidden, table: tokenTable(weights), targets: batch.targets, weights: tokenWeight)
    }

    /// Log-probabilities and entropies of the completion tokens, both `[completion tokens]`.
    public func logProbabilities(
        of batch: PackedCompletions, temperature: Float = 1, weights: Weights? = nil,
        from start: ResidualStream? = nil
    ) -> (logProbabilities: Tensor, entropies: Tensor) {
        let hidden = hidden(
            batch.sequences, at: batch.predictingRows, weights: weights, from: start)
        return tokenLogProbabilities(
            hidden, table: tokenTable(weights), targets: batch.targets, temperature: temperature)
    }

    /// The score of each sequence, read at its last token, `[sequences]`.
    public func scores(
        of batch: PackedSequences, weights: Weights? = nil, from start: ResidualStream? = nil
    ) -> Tensor {
        guard let scoreWeight else { preconditionFailure("scores: the model has no score head") }
        let weights = weights ?? Weights(parameters)
        let last = hidden(batch, at: batch.lastRows, weights: weights, from: start)
        return scalarHead(last, weight: weights[scoreWeight])
    }

    /// The value of each row of hidden states, `[rows]`.
    public func values(ofHidden hidden: Tensor, weights: Weights? = nil) -> Tensor {
        let weights = weights ?? Weights(parameters)
        if let valueWeight, let valueBias {
            return scalarHead(hidden, weight: weights[valueWeight], bias: weights[valueBias])
        }
        guard let scoreWeight else {
            preconditionFailure("values(ofHidden:): the model has no scalar head")
        }
        return scalarHead(hidden, weight: weights[scoreWeight])
    }

    /// Multiplies every score by a constant.
    public func scaleScores(by factor: Float) {
        guard let scoreWeight else { return }
        for head in [scoreWeight] + scoreHeads {
            parameters.assign(parameters[head].array.map { $0 * factor }, to: head)
        }
    }

    /// Shifts every score by a constant by moving the last layer norm's shift along the score head;
    /// the head itself has no bias.
    public func shiftScores(by amount: Float) {
        guard let scoreWeight else { return }
        if let direction = directionOfAllHeads() {
            let shift = parameters[architecture.finalNormShift].array
            parameters.assign(
                zip(shift, direction).map { $0 + amount * $1 }, to: architecture.finalNormShift)
            return
        }
        let direction = parameters[scoreWeight].array
        let squared = direction.reduce(0) { $0 + $1 * $1 }
        guard squared > 0 else { return }
        let shift = parameters[architecture.finalNormShift].array
        parameters.assign(
            zip(shift, direction).map { $0 + amount * $1 / squared },
            to: architecture.finalNormShift)
    }
}
