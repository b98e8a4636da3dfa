import OrderedJSON

/// What a low-rank adapter is (Hu et al. 2021, arXiv:2106.09685), in the terms of PEFT's `LoraConfig`.
///
///     W + s · A · B,   s = α / r
public struct LoRAConfiguration: Sendable, Equatable {
    /// r, the rank (`r`).
    public var rank: Int
    /// α (`lora_alpha`).
    public var alpha: Double
    /// The share of a map's inputs that A does not see in training (`lora_dropout`).
    public var dropout: Double
    /// The linear maps that are adapted, by the last parts of their modules' names: `c_attn`,
    /// `mlp.c_proj` (`target_modules`).
    public var targets: [String]
    /// The layers that have adapters (`layers_to_transform`); nil is all.
    public var layers: [Int]?
    /// Whether s = α / √r (`use_rslora`; Kalajdzievski 2023, arXiv:2312.03732).
    public var isRankStabilized: Bool
    /// Where the adapted model is found (`base_model_name_or_path`).
    public var base: String?

    /// The keys of the file that was read; those not known here are written again as they were.
    var source = JSONObject()

    /// All linear maps of a GPT-2 block.
    public static let allTargets = ["c_attn", "c_proj", "c_fc"]

    public init(
        rank: Int, alpha: Double? = nil, dropout: Double = 0, targets: [String] = allTargets,
        layers: [Int]? = nil, isRankStabilized: Bool = false, base: String? = nil
    ) {
        self.rank = rank
        self.alpha = alpha ?? Double(2 * rank)
        self.dropout = dropout
        self.targets = targets
        self.layers = layers
        self.isRankStabilized = isRankStabilized
        self.base = base
    }

    /// s.
    var scale: Float {
        Float(alpha / (isRankStabilized ? Double(rank).squareRoot() : Double(rank)))
    }

    /// Whether a linear map is adapted.
    ///
    /// - Parameter module: The name of its module, such as `transformer.h.0.attn.c_attn`.
    func adapts(_ module: String, layer: Int) -> Bool {
        (layers?.contains(layer) ?? true)
            && targets.contains { module == $0 || module.hasSuffix("." + $0) }
    }

    /// The targets that name no linear map of a model with these sizes.
    public func unknownTargets(in configuration: ModelConfiguration) -> [String] {
        let modules = ["attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj"]
        return targets.filter { target in
            !modules.contains { module in
                (0..<configuration.layerCount).contains {
                    let name = "transformer.h.\($0).\(module)"
                    return name == target || name.hasSuffix("." + target)
                }
            }
        }
    }

    public static func == (a: LoRAConfiguration, b: LoRAConfiguration) -> Bool {
        a.rank == b.rank && a.alpha == b.alpha && a.dropout == b.dropout && a.targets == b.targets
            && a.layers == b.layers && a.isRankStabilized == b.isRankStabilized && a.base == b.base
    }
}
