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
    /// The flat offset where the blocks end.
    private let blocksEnd: Int

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
        // The set, or what it stands over, was made from the specifications above, in their order.
        let all = (parameters.base ?? parameters).parameters
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
        // An adapter may have a final norm of its own.
        let norm = all[(2 + 12 * configuration.layerCount)...].prefix(2).map { $0 }
        blocksEnd = norm[0].offset
        finalNormScale = parameters[norm[0].name] ?? norm[0]
        finalNormShift = parameters[norm[1].name] ?? norm[1]
    }

    /// The linear maps of the blocks, lowest layer first, by the names of their modules.
    var linearMaps: [(module: String, layer: Int, weight: Parameter)] {
        blocks.enumerated().flatMap { layer, block in
            [
                block.queryKeyValueWeight, block.attentionOutputWeight, block.expansionWeight,
                block.contractionWeight,
            ].map { (String($0.name.dropLast(".weight".count)), layer, $0) }
        }
    }

    /// The flat offset of the first parameter above `frozenLayers` layers and the embeddings.
    func firstTrainable(frozenLayers: Int) -> Int {
        frozenLayers <= 0 ? 0 : trunkEnd(layers: frozenLayers)
    }

    /// The flat offset below which the embeddings and the lowest `layers` layers lie.
    func trunkEnd(layers: Int) -> Int {
        layers >= blocks.count ? blocksEnd : blocks[layers].attentionNormScale.offset
    }

    /// The residual stream after the embeddings and the lowest `layers` blocks.
    ///
    /// - Returns: `[T, C]`.
    func trunk(_ batch: PackedSequences, layers: Int, weights w: Weights) -> Tensor {
        let start = embeddings(tokens: batch.tokens, positions: batch.positions, weights: w)
        return (0..<layers).reduce(start) { x, layer in
            output(of: layer, x, weights: w) { attention($0, batch) }
        }
    }

    /// The matrices of the blocks, and the token table as output head.
    var products: [(Parameter, PackedWeights.Use)] {
        linearMaps.map { ($0.weight, .map) } + [(tokenTable, .table)]
    }

    /// Hidden states after the last layer norm.
    ///
    /// Rows that nobody reads still give keys and values to the last block; what follows its
    /// attention is left out for them.
    ///
    /// - Parameters:
    ///   - readRows: The rows that are wanted, in this order; nil wants all.
    ///   - start: The residual stream of the lowest blocks where it is known already.
    /// - Returns: `[readRows.count, C]`, or `[T, C]`.
    func hidden(
        _ batch: PackedSequences, at readRows: [Int]? = nil, weights w: Weights,
        from start: ResidualStream? = nil
    ) -> Tensor {
        if readRows?.isEmpty == true { return Tensor(zeros: [0, configuration.width]) }
        let x =
            start?.values
            ?? embeddings(tokens: batch.tokens, positions: batch.positions, weights: w)
        return run(from: x, firstLayer: start?.layers ?? 0, at: readRows, weights: w) {
            attention($1, batch)
        }
    }

    private func attention(_ queryKeyValue: Tensor, _ batch: PackedSequences) -> Tensor {
        causalAttention(
            queryKeyValue, lengths: batch.lengths, heads: configuration.headCount,
            beginnings: batch.beginnings)
    }

    /// Hidden states of each sequence's last token, its keys and values kept in `cache`, which is
    /// left to be advanced by the caller: threads may fill slots of their own.
    ///
    /// - Parameters:
    ///   - batch: Sequences that are packed whole: each fills its slot from its own rows.
    ///   - slots: The cache slot of each sequence.
    /// - Returns: `[sequences, C]`.
    func prefill(
        _ batch: PackedSequences, weights w: Weights, cache: KeyValueCache, slots: [Int]
    ) -> Tensor {
        precondition(
            batch.beginnings.allSatisfy(\.isEmpty), "prefill: a sequence is not packed whole")
        let x = embeddings(tokens: batch.tokens, positions: batch.positions, weights: w)
        return run(from: x, at: batch.lastRows, weights: w) { layer, queryKeyValue in
            cache.append(queryKeyValue, layer: layer, slots: slots, counts: batch.lengths)
            return attention(queryKeyValue, batch)
        }
    }

    /// Hidden states of one new token per slot.
    ///
    /// - Parameter positions: How many tokens each slot holds already.
    /// - Returns: `[slots.count, C]`.
    func decode(
        tokens: [Int], positions: [Int], weights w: Weights, cache: KeyValueCache, slots: [Int]
    ) -> Tensor {
        for (row, slot) in slots.enumerated() {
            precondition(
                positions[row] == cache.lengths[slot],
                "decode: position \(positions[row]) of a slot with \(cache.lengths[slot]) tokens")
        }
        let x = embeddings(tokens: tokens, positions: positions, weights: w)
        let result = run(from: x, weights: w) { layer, queryKeyValue in
            cache.append(queryKeyValue, layer: layer, slots: slots)
            return cache.attend(queryKeyValue, layer: layer, slots: slots)
        }
        cache.advance(slots: slots)
        return result
    }

    private func embeddings(tokens: [Int], positions: [Int], weights w: Weights) -> Tensor {
        embedding(
            tokens: tokens, positions: positions, tokenTable: w[tokenTable],
            positionTable: w[positionTable])
    }

    /// The blocks from `firstLayer` on and the final norm, of `readRows` alone where they are given.
    private func run(
        from start: Tensor, firstLayer: Int = 0, at readRows: [Int]? = nil, weights w: Weights,
        attention: (_ layer: Int, _ queryKeyValue: Tensor) -> Tensor
    ) -> Tensor {
        var x = start
        for layer in firstLayer..<blocks.count {
            let isLast = layer == blocks.count - 1
            x = output(of: layer, x, at: isLast ? readRows : nil, weights: w) {
                attention(layer, $0)
            }
        }
        if firstLayer == blocks.count, let readRows { x = rows(of: x, at: readRows) }
        return layerNorm(
            x, scale: w[finalNormScale], shift: w[finalNormShift],
            epsilon: Float(configuration.layerNormEpsilon))
    }

    /// The residual stream after a block; after its attention `readRows` go on alone.
    private func output(
        of layer: Int, _ input: Tensor, at readRows: [Int]? = nil, weights w: Weights,
        attention: (_ queryKeyValue: Tensor) -> Tensor
    ) -> Tensor {
        let block = blocks[layer]
        let epsilon = Float(configuration.layerNormEpsilon)
        let queryKeyValue = w.linear(
            layerNorm(
                input, scale: w[block.attentionNormScale], shift: w[block.attentionNormShift],
                epsilon: epsilon),
            weight: block.queryKeyValueWeight, bias: block.queryKeyValueBias)
        var attended = attention(queryKeyValue)
        var residual = input
        if let readRows {
            attended = rows(of: attended, at: readRows)
            residual = rows(of: residual, at: readRows)
        }
        let x = w.linear(
            attended, weight: block.attentionOutputWeight, bias: block.attentionOutputBias,
            residual: residual)
        let expanded = w.linear(
            layerNorm(
                x, scale: w[block.feedForwardNormScale], shift: w[block.feedForwardNormShift],
                epsilon: epsilon),
            weight: block.expansionWeight, bias: block.expansionBias, activation: .gelu)
        return w.linear(
            expanded, weight: block.contractionWeight, bias: block.contractionBias, residual: x)
    }
}
