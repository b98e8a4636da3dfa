import Autograd

// Shapes: T tokens of packed sequences, C width, F inner width, V vocabulary, L layers.

/// The GPT-2 architecture (Radford et al. 2019): learned positions, layer norm before each part,
/// GELU in its tanh form, output head tied to the token table.
///
/// The struct only knows where parameters lie; values come with the ``Weights`` of each call.
public struct GPT2 {
    /// One transformer block, parameters named as in checkpoints.
    struct Block {
        let attentionNormScale, attentionNormShift: Parameter
        let queryKeyValueWeight, queryKeyValueBias: Parameter
        let attentionOutputWeight, attentionOutputBias: Parameter
        let feedForwardNormScale, feedForwardNormShift: Parameter
        let expansionWeight, expansionBias: Parameter
        let contractionWeight, contractionBias: Parameter
    }

    let configuration: ModelConfiguration
    let tokenTable, positionTable: Parameter
    let blocks: [Block]
    let finalNormScale, finalNormShift: Parameter

    /// Names and shapes of all parameters, lowest layer first.
    static func specifications(
        _ configuration: ModelConfiguration
    ) -> [(name: String, shape: [Int])] {
        let c = configuration.width
        let f = configuration.innerWidth
        var result: [(name: String, shape: [Int])] = [
            ("transformer.wte.weight", [configuration.vocabularySize, c]),
            ("transformer.wpe.weight", [configuration.contextLength, c]),
        ]
        for layer in 0..<configuration.layerCount {
            let parts: [(String, [Int])] = [
                ("ln_1.weight", [c]), ("ln_1.bias", [c]),
                ("attn.c_attn.weight", [c, 3 * c]), ("attn.c_attn.bias", [3 * c]),
                ("attn.c_proj.weight", [c, c]), ("attn.c_proj.bias", [c]),
                ("ln_2.weight", [c]), ("ln_2.bias", [c]),
                ("mlp.c_fc.weight", [c, f]), ("mlp.c_fc.bias", [f]),
                ("mlp.c_proj.weight", [f, c]), ("mlp.c_proj.bias", [c]),
            ]
            result += parts.map { ("transformer.h.\(layer).\($0.0)", $0.1) }
        }
        return result + [("transformer.ln_f.weight", [c]), ("transformer.ln_f.bias", [c])]
    }

    /// The places of the architecture's parameters in a set made from ``specifications(_:)``.
    init(_ configuration: ModelConfiguration, in parameters: ParameterSet) {
        self.configuration = configuration
        // The set was made from the specifications above, in their order.
        let all = parameters.parameters
        tokenTable = all[0]
        positionTable = all[1]
        blocks = (0..<configuration.layerCount).map { layer in
            let p = all[(2 + 12 * layer)..<(14 + 12 * layer)].map { $0 }
            return Block(
                attentionNormScale: p[0], attentionNormShift: p[1], queryKeyValueWeight: p[2],
                queryKeyValueBias: p[3], attentionOutputWeight: p[4], attentionOutputBias: p[5],
                feedForwardNormScale: p[6], feedForwardNormShift: p[7], expansionWeight: p[8],
                expansionBias: p[9], contractionWeight: p[10], contractionBias: p[11])
        }
        finalNormScale = all[2 + 12 * configuration.layerCount]
        finalNormShift = all[3 + 12 * configuration.layerCount]
    }

    /// The flat offset of the first parameter above `frozenLayers` layers and the embeddings.
    func firstTrainable(frozenLayers: Int) -> Int {
        if frozenLayers <= 0 { return 0 }
        if frozenLayers >= blocks.count { return finalNormScale.offset }
        return blocks[frozenLayers].attentionNormScale.offset
    }

    /// The matrices of the blocks, and the token table as output head.
    var products: [(Parameter, PackedWeights.Use)] {
        blocks.flatMap { block in
            [
                block.queryKeyValueWeight, block.attentionOutputWeight, block.expansionWeight,
                block.contractionWeight,
            ].map { ($0, .map) }
        } + [(tokenTable, .table)]
    }

    /// Hidden states after the last layer norm.
    ///
    /// - Returns: `[T, C]`.
    func hidden(_ batch: PackedSequences, weights w: Weights) -> Tensor {
        run(tokens: batch.tokens, positions: batch.positions, weights: w) { _, queryKeyValue in
            causalAttention(queryKeyValue, lengths: batch.lengths, heads: configuration.headCount)
        }
    }

    /// Hidden states of each sequence's last token, its keys and values kept in `cache`.
    ///
    /// - Parameter slots: The cache slot of each sequence.
    /// - Returns: `[sequences, C]`.
    func prefill(
        _ batch: PackedSequences, weights w: Weights, cache: KeyValueCache, slots: [Int]
    ) -> Tensor {
        let all = run(tokens: batch.tokens, positions: batch.positions, weights: w) {
            layer, queryKeyValue in
            cache.append(queryKeyValue, layer: layer, slots: slots, counts: batch.lengths)
            return causalAttention(
                queryKeyValue, lengths: batch.lengths, heads: configuration.headCount)
        }
        cache.advance(slots: slots, counts: batch.lengths)
        return rows(of: all, at: batch.lastRows)
    }

    /// Hidden states of one new token per slot.
    ///
    /// - Returns: `[slots.count, C]`.
    func decode(
        tokens: [Int], weights w: Weights, cache: KeyValueCache, slots: [Int]
    ) -> Tensor {
        let ones = [Int](repeating: 1, count: slots.count)
        let result = run(
            tokens: tokens, positions: slots.map { cache.lengths[$0] }, weights: w
        ) { layer, queryKeyValue in
            cache.append(queryKeyValue, layer: layer, slots: slots, counts: ones)
            return cache.attend(queryKeyValue, layer: layer, slots: slots)
        }
        cache.advance(slots: slots, counts: ones)
        return result
    }

    private func run(
        tokens: [Int], positions: [Int], weights w: Weights,
        attention: (_ layer: Int, _ queryKeyValue: Tensor) -> Tensor
    ) -> Tensor {
        let epsilon = Float(configuration.layerNormEpsilon)
        var x = embedding(
            tokens: tokens, positions: positions, tokenTable: w[tokenTable],
            positionTable: w[positionTable])
        for (layer, block) in blocks.enumerated() {
            let queryKeyValue = linear(
                layerNorm(
                    x, scale: w[block.attentionNormScale], shift: w[block.attentionNormShift],
                    epsilon: epsilon),
                weight: w[block.queryKeyValueWeight], bias: w[block.queryKeyValueBias])
            x = linear(
                attention(layer, queryKeyValue), weight: w[block.attentionOutputWeight],
                bias: w[block.attentionOutputBias], residual: x)
            let expanded = linear(
                layerNorm(
                    x, scale: w[block.feedForwardNormScale], shift: w[block.feedForwardNormShift],
                    epsilon: epsilon),
                weight: w[block.expansionWeight], bias: w[block.expansionBias], activation: .gelu)
            x = linear(
                expanded, weight: w[block.contractionWeight], bias: w[block.contractionBias],
                residual: x)
        }
        return layerNorm(
            x, scale: w[finalNormScale], shift: w[finalNormShift], epsilon: epsilon)
    }
}
