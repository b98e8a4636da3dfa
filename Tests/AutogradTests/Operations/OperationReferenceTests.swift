import Testing

@testable import Autograd

/// Values and gradients of every operation against PyTorch, odd sizes and extreme values among them.
@Suite("Operations against PyTorch")
struct OperationReferenceTests {
    typealias Inputs = [String: Tensor]
    typealias Compute = @Sendable (Inputs, ReferenceCase.Settings) throws -> [String: Tensor]

    @Test("every public operation has cases here, and every case an operation")
    func listIsComplete() throws {
        let declared = try PublicOperations.declared()
        let covered = Set(Self.signatures.values).union(OperationGradientTests.readsARow)
        #expect(declared.subtracting(covered) == [], "these have no case")
        #expect(covered.subtracting(declared) == [], "these do not exist any more")
        #expect(Set(Self.signatures.keys) == Set(Self.operations.keys))
        let named = Set(try ReferenceCase.all().map(\.operation))
        #expect(named == Set(Self.operations.keys), "these have no values of PyTorch's")
    }

    @Test("values and gradients agree", arguments: try ReferenceCase.all())
    func agrees(_ reference: ReferenceCase) throws {
        let compute = try #require(Self.operations[reference.operation])
        let tape = Tape()
        let inputs = reference.inputs.map { key, values in
            (key, reference.gradients[key] == nil ? values.tensor : tape.watch(values.tensor))
        }
        let watched = Dictionary(uniqueKeysWithValues: inputs)
        let outputs = try compute(watched, reference.settings)

        var loss = Tensor([0], shape: [])
        for key in reference.outputs.keys.sorted() {
            let output = try #require(outputs[key])
            let expected = try #require(reference.outputs[key])
            #expect(output.shape == Shape(expected.shape))
            expectClose(output.array, expected.values, within: 1e-5, key)
            let upstream = try #require(reference.upstream[key])
            loss = loss + output.sum(weights: upstream.values)
        }
        // Nothing is differentiated in a case without gradients.
        if !reference.gradients.isEmpty { tape.backward(from: loss) }
        for key in reference.gradients.keys.sorted() {
            let input = try #require(watched[key])
            let expected = try #require(reference.gradients[key])
            let gradient = tape.gradient(of: input)
            #expect(gradient.shape == Shape(expected.shape))
            expectClose(gradient.array, expected.values, within: 1e-5, "gradient of \(key)")
        }
    }

    @Test("without a tape the values have the same bits", arguments: try ReferenceCase.all())
    func isTheSameWithoutTape(_ reference: ReferenceCase) throws {
        let compute = try #require(Self.operations[reference.operation])
        let plain = try compute(reference.inputs.mapValues(\.tensor), reference.settings)
        let tape = Tape()
        let recorded = try compute(
            reference.inputs.mapValues { tape.watch($0.tensor) }, reference.settings)
        for key in plain.keys.sorted() {
            #expect(plain[key]?.array.map(\.bitPattern) == recorded[key]?.array.map(\.bitPattern))
        }
    }

    /// The operation, as ``PublicOperations`` writes it, that stands behind each name of the file.
    static let signatures: [String: String] = [
        "linear": linearSignature, "linear_gelu": linearSignature, "gelu": linearSignature,
        "linear_residual": linearSignature, "linear_gelu_residual": linearSignature,
        "low_rank_product": lowRankSignature, "low_rank_residual": lowRankSignature,
        "scalar_head": "scalarHead(_:weight:bias:)",
        "layer_norm": "layerNorm(_:scale:shift:epsilon:)",
        "causal_attention": "causalAttention(_:lengths:heads:beginnings:)",
        "embedding": "embedding(tokens:positions:tokenTable:positionTable:)",
        "rows": "rows(of:at:)", "elements": "elements(at:)", "segment_sums": "sums(ofSegments:)",
        "log_sums": "logSums(ofSegments:)",
        "token_log_probabilities": "tokenLogProbabilities(_:table:targets:temperature:)",
        "cross_entropy": "crossEntropy(_:table:targets:weights:)",
        "logits": "logits(_:table:)",
        "add": "+(a:b:)", "subtract": "-(a:b:)", "multiply": "*(a:b:)", "multiply_self": "*(a:b:)",
        "minimum": "minimum(_:)", "maximum": "maximum(_:)", "scale": "*(a:x:)",
        "negate": "-(x:)", "add_number": "+(x:a:)", "square": "squared", "exp": "exponential",
        "log_sigmoid": "logSigmoid", "log_odds": "logOdds", "clip": "clipped(to:)",
        "clip_around": "clipped(around:by:)",
        "sum": "sum", "mean": "sum(weights:)", "weighted_sum": "sum(weights:)",
    ]

    private static let lowRankSignature = "lowRankProduct(_:down:up:scale:residual:)"

    private static let linearSignature = "linear(_:weight:bias:activation:residual:)"

    /// How each operation of the file is called here.
    static let operations: [String: Compute] = [
        "linear": { i, _ in
            ["y": linear(try i("x"), weight: try i("weight"), bias: try i("bias"))]
        },
        "linear_gelu": { i, _ in
            let y = linear(
                try i("x"), weight: try i("weight"), bias: try i("bias"), activation: .gelu)
            return ["y": y]
        },
        "linear_residual": { i, _ in
            let y = linear(
                try i("x"), weight: try i("weight"), bias: try i("bias"),
                residual: try i("residual"))
            return ["y": y]
        },
        "linear_gelu_residual": { i, _ in
            let y = linear(
                try i("x"), weight: try i("weight"), bias: try i("bias"), activation: .gelu,
                residual: try i("residual"))
            return ["y": y]
        },
        "low_rank_product": { i, settings in
            let y = lowRankProduct(
                try i("x"), down: try i("down"), up: try i("up"),
                scale: try #require(settings.factor))
            return ["y": y]
        },
        "low_rank_residual": { i, settings in
            let y = lowRankProduct(
                try i("x"), down: try i("down"), up: try i("up"),
                scale: try #require(settings.factor), residual: try i("residual"))
            return ["y": y]
        },
        "scalar_head": { i, _ in
            ["y": scalarHead(try i("x"), weight: try i("weight"), bias: try i("bias"))]
        },
        "gelu": { i, _ in
            // The activation stands behind a linear map; here the map is x · 1 + 0.
            let x = try i("x")
            let y = linear(
                x.reshaped([x.count, 1]), weight: Tensor([1], shape: [1, 1]), bias: Tensor([0]),
                activation: .gelu)
            return ["y": y.reshaped([x.count])]
        },
        "layer_norm": { i, settings in
            let y = layerNorm(
                try i("x"), scale: try i("weight"), shift: try i("bias"),
                epsilon: try #require(settings.epsilon))
            return ["y": y]
        },
        "causal_attention": { i, settings in
            let y = causalAttention(
                try i("qkv"), lengths: try #require(settings.lengths),
                heads: try #require(settings.heads))
            return ["y": y]
        },
        "embedding": { i, settings in
            let y = embedding(
                tokens: try #require(settings.tokens), positions: try #require(settings.positions),
                tokenTable: try i("tokenTable"), positionTable: try i("positionTable"))
            return ["y": y]
        },
        "rows": { i, settings in
            ["y": rows(of: try i("x"), at: try #require(settings.indices))]
        },
        "segment_sums": { i, settings in
            ["y": try i("x").sums(ofSegments: try #require(settings.lengths))]
        },
        "log_sums": { i, settings in
            ["y": try i("x").logSums(ofSegments: try #require(settings.lengths))]
        },
        "elements": { i, settings in
            ["y": try i("x").elements(at: try #require(settings.indices))]
        },
        "token_log_probabilities": { i, settings in
            let (logs, entropies) = tokenLogProbabilities(
                try i("hidden"), table: try i("table"), targets: try #require(settings.targets),
                temperature: try #require(settings.temperature))
            return ["logProbabilities": logs, "entropies": entropies]
        },
        "cross_entropy": { i, settings in
            let (loss, _) = crossEntropy(
                try i("hidden"), table: try i("table"), targets: try #require(settings.targets),
                weights: try #require(settings.weights))
            return ["loss": loss]
        },
        "add": { i, _ in ["y": try i("a") + i("b")] },
        "subtract": { i, _ in ["y": try i("a") - i("b")] },
        "multiply": { i, _ in ["y": try i("a") * i("b")] },
        "multiply_self": { i, _ in ["y": try i("a") * i("a")] },
        "minimum": { i, _ in ["y": try i("a").minimum(i("b"))] },
        "maximum": { i, _ in ["y": try i("a").maximum(i("b"))] },
        "scale": { i, settings in ["y": try #require(settings.factor) * i("x")] },
        "negate": { i, _ in ["y": -(try i("x"))] },
        "logits": { i, _ in ["y": logits(try i("hidden"), table: try i("table"))] },
        "add_number": { i, settings in ["y": try i("x") + #require(settings.number)] },
        "square": { i, _ in ["y": try i("x").squared] },
        "exp": { i, _ in ["y": try i("x").exponential] },
        "log_sigmoid": { i, _ in ["y": try i("x").logSigmoid] },
        "log_odds": { i, _ in ["y": try i("x").logOdds] },
        "clip": { i, settings in
            ["y": try i("x").clipped(to: #require(settings.lower)...#require(settings.upper))]
        },
        "clip_around": { i, settings in
            ["y": try i("x").clipped(around: i("center"), by: #require(settings.distance))]
        },
        "sum": { i, _ in ["y": try i("x").sum] },
        "mean": { i, _ in
            // A mean is a weighted sum here.
            let x = try i("x")
            return ["y": x.sum(weights: [Float](repeating: 1 / Float(x.count), count: x.count))]
        },
        "weighted_sum": { i, settings in
            ["y": try i("x").sum(weights: #require(settings.weights))]
        },
    ]
}

extension [String: Tensor] {
    /// The input of this name.
    fileprivate func callAsFunction(_ name: String) throws -> Tensor { try #require(self[name]) }
}
