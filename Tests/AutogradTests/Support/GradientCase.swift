import Autograd
import Testing

/// An operation with inputs at which its gradient is compared with finite differences.
struct GradientCase: Sendable, CustomTestStringConvertible {
    /// An input: its name, shape and values, chosen away from kinks.
    struct Input: Sendable {
        let name: String
        let shape: Shape
        let values: [Float]

        init(_ name: String, _ shape: Shape, _ values: [Float]? = nil) {
            self.name = name
            self.shape = shape
            self.values = values ?? normals(shape.reduce(1, *), "input \(name) \(shape)")
        }
    }

    /// The operation as ``PublicOperations`` writes it, such as `linear(_:weight:bias:)`.
    let operation: String
    let detail: String
    let inputs: [Input]
    /// All differentiated outputs.
    let compute: @Sendable ([Tensor]) -> [Tensor]

    init(
        _ operation: String, _ detail: String = "", _ inputs: [Input],
        _ compute: @escaping @Sendable ([Tensor]) -> [Tensor]
    ) {
        self.operation = operation
        self.detail = detail
        self.inputs = inputs
        self.compute = compute
    }

    var testDescription: String { detail.isEmpty ? operation : "\(operation), \(detail)" }
}

extension GradientCase {
    /// Every differentiable operation of the engine.
    static let all: [GradientCase] =
        linearCases + normCases + attentionCases + rowCases + headCases + arithmeticCases
        + functionCases + reductionCases

    private static let linearName = "linear(_:weight:bias:activation:residual:)"

    private static let lowRankName = "lowRankProduct(_:down:up:scale:residual:)"

    private static let linearCases: [GradientCase] = [
        GradientCase(
            linearName, "plain",
            [Input("x", [3, 17]), Input("weight", [17, 15]), Input("bias", [15])]
        ) { [linear($0[0], weight: $0[1], bias: $0[2])] },
        GradientCase(
            linearName, "with GELU",
            [Input("x", [3, 5]), Input("weight", [5, 17]), Input("bias", [17])]
        ) { [linear($0[0], weight: $0[1], bias: $0[2], activation: .gelu)] },
        GradientCase(
            linearName, "with a residual",
            [
                Input("x", [3, 5]), Input("weight", [5, 17]), Input("bias", [17]),
                Input("residual", [3, 17]),
            ]
        ) { [linear($0[0], weight: $0[1], bias: $0[2], residual: $0[3])] },
        GradientCase(
            linearName, "with GELU after a residual",
            [
                Input("x", [3, 5]), Input("weight", [5, 17]), Input("bias", [17]),
                Input("residual", [3, 17]),
            ]
        ) {
            [linear($0[0], weight: $0[1], bias: $0[2], activation: .gelu, residual: $0[3])]
        },
        GradientCase(
            linearName, "its input as the residual",
            [Input("x", [3, 5]), Input("weight", [5, 5]), Input("bias", [5])]
        ) { [linear($0[0], weight: $0[1], bias: $0[2], residual: $0[0])] },
        GradientCase(
            linearName, "one row, one column",
            [Input("x", [1, 33]), Input("weight", [33, 1]), Input("bias", [1])]
        ) { [linear($0[0], weight: $0[1], bias: $0[2], activation: .gelu)] },
        GradientCase(
            linearName, "with GELU and more columns than a vector",
            [Input("x", [17, 3]), Input("weight", [3, 33]), Input("bias", [33])]
        ) { [linear($0[0], weight: $0[1], bias: $0[2], activation: .gelu)] },
        GradientCase(
            lowRankName, "plain",
            [Input("x", [5, 17]), Input("down", [17, 3]), Input("up", [3, 15])]
        ) { [lowRankProduct($0[0], down: $0[1], up: $0[2], scale: 0.5)] },
        GradientCase(
            lowRankName, "its input as the residual",
            [Input("x", [3, 9]), Input("down", [9, 2]), Input("up", [2, 9])]
        ) { [lowRankProduct($0[0], down: $0[1], up: $0[2], scale: 2, residual: $0[0])] },
        GradientCase(
            "scalarHead(_:weight:bias:)", "with a bias",
            [Input("x", [5, 33]), Input("weight", [1, 33]), Input("bias", [1])]
        ) { [scalarHead($0[0], weight: $0[1], bias: $0[2])] },
        GradientCase(
            "scalarHead(_:weight:bias:)", "without a bias",
            [Input("x", [5, 33]), Input("weight", [1, 33])]
        ) { [scalarHead($0[0], weight: $0[1])] },
    ]

    private static let normCases: [GradientCase] = [15, 17, 33, 129].map { width in
        GradientCase(
            "layerNorm(_:scale:shift:epsilon:)", "width \(width)",
            [Input("x", [3, width]), Input("scale", [width]), Input("shift", [width])]
        ) { [layerNorm($0[0], scale: $0[1], shift: $0[2])] }
    }

    private static let attentionCases: [GradientCase] = [
        GradientCase(
            "causalAttention(_:lengths:heads:beginnings:)", "three sequences",
            [Input("qkv", [9, 30])]
        ) { [causalAttention($0[0], lengths: [1, 5, 3], heads: 2)] },
        GradientCase(
            "causalAttention(_:lengths:heads:beginnings:)", "sequences of one token",
            [Input("qkv", [3, 9])]
        ) { [causalAttention($0[0], lengths: [1, 1, 1], heads: 1)] },
        GradientCase(
            "causalAttention(_:lengths:heads:beginnings:)", "uneven lengths",
            [Input("qkv", [66, 6])]
        ) { [causalAttention($0[0], lengths: [17, 1, 33, 15], heads: 2)] },
        GradientCase(
            "causalAttention(_:lengths:heads:beginnings:)", "more than one block",
            [Input("qkv", [70, 9])]
        ) { [causalAttention($0[0], lengths: [70], heads: 1)] },
        GradientCase(
            "causalAttention(_:lengths:heads:beginnings:)", "sequences that go on from another",
            [Input("qkv", [52, 12])]
        ) {
            [
                causalAttention(
                    $0[0], lengths: [9, 1, 0, 37, 5], heads: 2,
                    beginnings: [[], Array(0..<9), [0, 1], Array(0..<7) + [10, 11], []])
            ]
        },
    ]

    private static let rowCases: [GradientCase] = [
        GradientCase(
            "embedding(tokens:positions:tokenTable:positionTable:)", "",
            [Input("tokens", [7, 15]), Input("positions", [4, 15])]
        ) {
            let result = embedding(
                tokens: [6, 0, 2, 2, 5], positions: [0, 1, 0, 1, 3], tokenTable: $0[0],
                positionTable: $0[1])
            return [result]
        },
        GradientCase("rows(of:at:)", "one of them twice", [Input("x", [5, 17])]) {
            [rows(of: $0[0], at: [4, 0, 4])]
        },
        GradientCase("elements(at:)", "one of them twice", [Input("x", [17])]) {
            [$0[0].elements(at: [16, 3, 3])]
        },
    ]

    private static let headCases: [GradientCase] = [
        GradientCase(
            "crossEntropy(_:table:targets:weights:)", "",
            [Input("hidden", [4, 15]), Input("table", [33, 15])]
        ) {
            let (loss, _) = crossEntropy(
                $0[0], table: $0[1], targets: [0, 32, 7, 7], weights: [0.5, 0, 1, 2])
            return [loss]
        },
        GradientCase(
            "crossEntropy(_:table:targets:weights:)", "every row masked but one",
            [Input("hidden", [17, 5]), Input("table", [15, 5])]
        ) {
            let (loss, _) = crossEntropy(
                $0[0], table: $0[1], targets: (0..<17).map { $0 % 15 },
                weights: (0..<17).map { $0 == 9 ? 1 : 0 })
            return [loss]
        },
        GradientCase(
            "tokenLogProbabilities(_:table:targets:temperature:)", "both outputs",
            [Input("hidden", [4, 5]), Input("table", [17, 5])]
        ) {
            let (logs, entropies) = tokenLogProbabilities(
                $0[0], table: $0[1], targets: [0, 16, 7, 7], temperature: 1.5)
            return [logs, entropies]
        },
        GradientCase(
            "tokenLogProbabilities(_:table:targets:temperature:)", "entropies alone",
            [Input("hidden", [3, 5]), Input("table", [33, 5])]
        ) { [tokenLogProbabilities($0[0], table: $0[1], targets: [0, 1, 2]).entropies] },
    ]

    private static let arithmeticCases: [GradientCase] = [
        GradientCase("+(a:b:)", "", [Input("a", [17]), Input("b", [17])]) { [$0[0] + $0[1]] },
        GradientCase("-(a:b:)", "", [Input("a", [17]), Input("b", [17])]) { [$0[0] - $0[1]] },
        GradientCase("*(a:b:)", "", [Input("a", [17]), Input("b", [17])]) { [$0[0] * $0[1]] },
        GradientCase("*(a:b:)", "with itself", [Input("a", [17])]) { [$0[0] * $0[0]] },
        GradientCase("*(a:x:)", "", [Input("x", [15])]) { [-2.5 * $0[0]] },
        GradientCase("-(x:)", "", [Input("x", [15])]) { [-$0[0]] },
        GradientCase("+(x:a:)", "", [Input("x", [15])]) { [$0[0] + 3] },
    ]

    private static let spread: [Float] = [-2.1, -1.2, -0.6, 0, 0.4, 0.9, 1.6]

    private static let functionCases: [GradientCase] = [
        GradientCase("exponential", "", [Input("x", [15])]) { [$0[0].exponential] },
        GradientCase("squared", "", [Input("x", [15])]) { [$0[0].squared] },
        GradientCase("logSigmoid", "", [Input("x", [15])]) { [$0[0].logSigmoid] },
        GradientCase("logOdds", "", [Input("x", [7], spread.map { $0 - 2.3 })]) {
            [$0[0].logOdds]
        },
        GradientCase("clipped(to:)", "", [Input("x", [7], spread)]) {
            [$0[0].clipped(to: -1...0.7)]
        },
        GradientCase("clipped(around:by:)", "", [Input("x", [7], spread)]) {
            let center = Tensor([0, -1, 0, 0.1, 1, 0.6, 0])
            return [$0[0].clipped(around: center, by: 0.5)]
        },
        GradientCase(
            "maximum(_:)", "",
            [Input("a", [7], spread), Input("b", [7], spread.reversed().map { $0 + 0.2 })]
        ) { [$0[0].maximum($0[1])] },
        GradientCase(
            "minimum(_:)", "",
            [Input("a", [7], spread), Input("b", [7], spread.reversed().map { $0 + 0.2 })]
        ) { [$0[0].minimum($0[1])] },
    ]

    private static let reductionCases: [GradientCase] = [
        GradientCase("sum", "", [Input("x", [33])]) { [$0[0].sum] },
        GradientCase("sum(weights:)", "", [Input("x", [4])]) {
            [$0[0].sum(weights: [0.25, 0, -1, 2])]
        },
        GradientCase("logSums(ofSegments:)", "", [Input("x", [9])]) {
            [$0[0].logSums(ofSegments: [2, 6, 1])]
        },
        GradientCase("sums(ofSegments:)", "one of them empty", [Input("x", [9])]) {
            [$0[0].sums(ofSegments: [2, 0, 6, 1])]
        },
    ]
}
