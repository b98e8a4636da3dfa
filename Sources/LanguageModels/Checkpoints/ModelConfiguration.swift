import OrderedJSON

/// The sizes of a GPT-2 style model, as `config.json` of transformers has them.
///
/// Always: learned positions, pre-layer-norm blocks, tanh-form GELU, output head tied to the
/// token embedding, no dropout. Configurations that ask for something else are refused.
public struct ModelConfiguration: Equatable, Sendable {
    /// What stands on top of the transformer.
    public enum Head: Equatable, Sendable {
        /// Next-token logits (`GPT2LMHeadModel`).
        case languageModel
        /// One score at the last token (`GPT2ForSequenceClassification`, one label).
        case reward
    }

    /// Tokens the model knows: rows of its embedding (`vocab_size`).
    public var vocabularySize: Int
    /// The longest sequence in tokens (`n_positions`).
    public var contextLength: Int
    /// Features per token (`n_embd`).
    public var width: Int
    /// Transformer blocks (`n_layer`).
    public var layerCount: Int
    /// Attention heads per block (`n_head`); divides `width`.
    public var headCount: Int
    /// Features inside the feed-forward part (`n_inner`, usually 4 · width).
    public var innerWidth: Int
    /// ε of the layer norms.
    public var layerNormEpsilon: Double
    /// Standard deviation of fresh weights (`initializer_range`).
    public var initializerRange: Double
    /// The id of the end-of-text token, where the configuration has one below `vocabularySize`.
    public var endOfText: Int?
    /// Language model or reward model.
    public var head: Head
    /// Heads of a reward model's ensemble (`score_heads`, a key of this program's own), whose mean is
    /// the score; 0 where there is one head alone.
    public var scoreHeadCount = 0

    /// The keys of the file that was read; those not known here are written again as they were.
    var source: JSONObject

    /// Creates a configuration. Missing sizes take their usual values: `innerWidth` is 4 · width.
    ///
    /// Sizes must be positive and `width` a multiple of `headCount`.
    public init(
        vocabularySize: Int, contextLength: Int, width: Int, layerCount: Int, headCount: Int,
        innerWidth: Int? = nil, endOfText: Int? = nil
    ) {
        precondition(
            [vocabularySize, contextLength, width, layerCount, headCount, innerWidth ?? 1]
                .allSatisfy { $0 > 0 } && width % headCount == 0,
            "sizes must be positive and width \(width) a multiple of \(headCount) heads")
        self.vocabularySize = vocabularySize
        self.contextLength = contextLength
        self.width = width
        self.layerCount = layerCount
        self.headCount = headCount
        self.innerWidth = innerWidth ?? 4 * width
        self.endOfText = endOfText
        layerNormEpsilon = 1e-5
        initializerRange = 0.02
        head = .languageModel
        source = JSONObject()
    }

    /// Every tensor of the model with its shape, in the order of the layers, under the names of
    /// transformers' checkpoints. Linear weights are `[in, out]`.
    public var parameterShapes: [(name: String, shape: [Int])] {
        var shapes: [(name: String, shape: [Int])] = [
            ("transformer.wte.weight", [vocabularySize, width]),
            ("transformer.wpe.weight", [contextLength, width]),
        ]
        for layer in 0..<layerCount {
            let block: [(String, [Int])] = [
                ("ln_1.weight", [width]), ("ln_1.bias", [width]),
                ("attn.c_attn.weight", [width, 3 * width]), ("attn.c_attn.bias", [3 * width]),
                ("attn.c_proj.weight", [width, width]), ("attn.c_proj.bias", [width]),
                ("ln_2.weight", [width]), ("ln_2.bias", [width]),
                ("mlp.c_fc.weight", [width, innerWidth]), ("mlp.c_fc.bias", [innerWidth]),
                ("mlp.c_proj.weight", [innerWidth, width]), ("mlp.c_proj.bias", [width]),
            ]
            shapes += block.map { ("transformer.h.\(layer).\($0)", $1) }
        }
        shapes.append(("transformer.ln_f.weight", [width]))
        shapes.append(("transformer.ln_f.bias", [width]))
        if head == .reward {
            shapes.append(("score.weight", [1, width]))
            shapes += (0..<scoreHeadCount).map { ("score_heads.\($0).weight", [1, width]) }
        }
        return shapes
    }
}
