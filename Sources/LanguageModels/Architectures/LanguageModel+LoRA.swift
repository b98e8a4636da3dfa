import Autograd
import Glibc

// An adapted model stands over the parameters of its base, which it shares and never changes: with the
// adapter left out the base is the frozen reference, and no second copy of it is needed. The adapter's
// matrices, the scalar heads and, with a score head, the final norm are its own: they are what is
// trained, kept in checkpoints and saved.

extension LanguageModel {
    /// A model with a new adapter over another one: A is drawn as PEFT draws it, uniform within
    /// ±1/√inputs, and B is 0, so that it begins as the same function.
    ///
    /// - Parameters:
    ///   - base: A model without an adapter.
    ///   - heads: Those that the base lacks are zero.
    public convenience init(
        adapting base: LanguageModel, with adapter: LoRAConfiguration, heads: [ScalarHead]? = nil,
        scoreHeads: Int? = nil, seed: UInt64
    ) {
        precondition(base.adapter == nil, "LoRA: the base has an adapter already; merge it first")
        var configuration = base.configuration
        if let scoreHeads { configuration.scoreHeadCount = scoreHeads }
        self.init(
            over: base.parameters, configuration, heads: heads ?? base.heads, adapter: adapter)
        copyOwnParameters(from: base)
        for (index, update) in parameters.updates.enumerated() {
            var random = RandomStream(
                seed: seed, purpose: RandomPurpose("lora"), sample: index)
            let bound = 1 / Float(update.down.shape[0]).squareRoot()
            parameters.assign(
                (0..<update.down.count).map { _ in (2 * random.nextUniform() - 1) * bound },
                to: update.down)
        }
    }

    /// What stands over a base: adapters from the lowest layer up, then what is trained as a whole.
    static func adapterSpecifications(
        _ adapter: LoRAConfiguration, _ architecture: GPT2, heads: [ScalarHead],
        hasFinalNorm: Bool
    ) -> [(name: String, shape: [Int])] {
        var result: [(name: String, shape: [Int])] = []
        for map in architecture.linearMaps where adapter.adapts(map.module, layer: map.layer) {
            result.append((map.module + downSuffix, [map.weight.shape[0], adapter.rank]))
            result.append((map.module + upSuffix, [adapter.rank, map.weight.shape[1]]))
        }
        if hasFinalNorm {
            for norm in [architecture.finalNormScale, architecture.finalNormShift] {
                result.append((norm.name, norm.shape))
            }
        }
        return result
            + headSpecifications(heads, architecture.configuration)
    }

    /// The updates that a set made from ``adapterSpecifications`` makes.
    static func updates(
        _ adapter: LoRAConfiguration, _ architecture: GPT2, own: [Parameter]
    ) -> [LowRankUpdate] {
        architecture.linearMaps.compactMap { map in
            guard let place = own.firstIndex(where: { $0.name == map.module + downSuffix }) else {
                return nil
            }
            return LowRankUpdate(
                weight: map.weight, down: own[place], up: own[place + 1], scale: adapter.scale,
                dropout: Float(adapter.dropout))
        }
    }

    static let downSuffix = ".lora_A.weight"
    static let upSuffix = ".lora_B.weight"

    /// The flat offset of the adapter's first parameter above `frozenLayers` layers.
    func firstTrainableOfAdapter(frozenLayers: Int) -> Int {
        let frozen = architecture.trunkEnd(layers: max(0, frozenLayers))
        let update = parameters.updates.first {
            frozenLayers <= 0 || $0.weight.offset >= frozen
        }
        if let update { return update.down.offset }
        let rest = parameters.own.first {
            !$0.name.hasSuffix(Self.downSuffix) && !$0.name.hasSuffix(Self.upSuffix)
        }
        return rest?.offset ?? parameters.flatCount
    }

    /// A model without an adapter that computes the same: W + s · A · B in the place of each adapted W.
    public func merged() -> LanguageModel {
        guard adapter != nil else { return LanguageModel(copying: self) }
        let result = LanguageModel(configuration, heads: heads)
        for parameter in result.parameters.parameters {
            guard let source = parameters[parameter.name] else { continue }
            result.parameters.assign(parameters.merged(source).array, to: parameter)
        }
        return result
    }

    /// The model under the adapter, sharing its parameters; the model itself where it has none.
    public var withoutAdapter: LanguageModel {
        guard let base = parameters.base else { return self }
        var configuration = configuration
        configuration.scoreHeadCount = base.parameters.count {
            $0.name.hasPrefix("score_heads.")
        }
        return LanguageModel(parameters: base, configuration)
    }

    /// Parameters of the adapter and what is trained with it.
    public var adapterParameterCount: Int { parameters.own.reduce(0) { $0 + $1.count } }

    /// The maps that have an adapter, lowest layer first.
    public var adaptedMaps: [(layer: Int, inputs: Int, outputs: Int)] {
        architecture.linearMaps.compactMap { map in
            guard parameters.updates.contains(where: { $0.weight == map.weight }) else {
                return nil
            }
            return (map.layer, map.weight.shape[0], map.weight.shape[1])
        }
    }

    /// The adapter's matrices of the lowest `layers` layers, by name.
    func adapterParameters(below layers: Int) -> [Parameter] {
        let end = architecture.trunkEnd(layers: layers)
        return parameters.updates.filter { $0.weight.offset < end }.flatMap { [$0.down, $0.up] }
    }
}
