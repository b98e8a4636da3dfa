import Alignment
import ArgumentParser
import LanguageModels

/// The options of a low-rank adapter, the same for everything that is trained.
struct LoRAArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Train an adapter of this rank and leave the model as it is (LoRA, arXiv:2106.09685); "
                + "learning rates are about ten times those of the whole model.", valueName: "N"))
    var loraRank: Int?

    @Option(
        help: ArgumentHelp(
            "α of the adapter, which counts α / rank (default: twice the rank).", valueName: "A"))
    var loraAlpha: Double?

    @Option(
        help: ArgumentHelp(
            "Linear maps to adapt: some of c_attn, attn.c_proj, c_fc, mlp.c_proj, or all.",
            valueName: "LIST"))
    var loraTargets: String?

    @Option(
        help: ArgumentHelp(
            "Share of its inputs that the adapter does not see in training (default 0).",
            valueName: "P"))
    var loraDropout: Double?

    func validate() throws {
        if let loraRank, !(1...4096).contains(loraRank) {
            throw ValidationError("--lora-rank is between 1 and 4096")
        }
        if let loraAlpha, !(loraAlpha > 0 && loraAlpha.isFinite) {
            throw ValidationError("--lora-alpha is above 0")
        }
        if let loraDropout, !(0..<1).contains(loraDropout) {
            throw ValidationError("--lora-dropout is at least 0 and below 1")
        }
        if let loraTargets, targets(loraTargets).isEmpty {
            throw ValidationError("--lora-targets is empty; all adapts every linear map")
        }
    }

    private func targets(_ text: String) -> [String] {
        let names = text.split(separator: ",").map(String.init)
        return names.contains("all") ? LoRAConfiguration.allTargets : names
    }

    /// The options that were given, for sentences.
    private var given: [String] {
        [
            loraRank.map { "--lora-rank \($0)" }, loraAlpha.map { _ in "--lora-alpha" },
            loraTargets.map { _ in "--lora-targets" }, loraDropout.map { _ in "--lora-dropout" },
        ].compactMap { $0 }
    }

    /// Whether an adapter is asked for.
    var isGiven: Bool { loraRank != nil }

    /// The model that a run trains, beside the one it starts from: a copy of it, or an adapter over
    /// it. A model that has an adapter goes on with a copy of that.
    ///
    /// - Parameters:
    ///   - frozenLayers: Lowest layers that get no adapter.
    ///   - allowsDropout: Whether the method can do with it.
    func trainable(
        _ start: LoadedModel, heads: [ScalarHead], scoreHeads: Int? = nil, frozenLayers: Int,
        seed: UInt64, allowsDropout: Bool = true
    ) throws -> LanguageModel {
        let model: LanguageModel
        if let adapter = start.model.adapter {
            try requireSame(adapter)
            model = LanguageModel(copying: start.model, heads: heads, scoreHeads: scoreHeads)
        } else if let loraRank {
            model = LanguageModel(
                adapting: start.model,
                with: try configuration(rank: loraRank, start, frozenLayers: frozenLayers),
                heads: heads, scoreHeads: scoreHeads, seed: seed)
        } else {
            if let first = given.first {
                throw CommandError.usage("\(first) belongs to --lora-rank N, which is missing")
            }
            return LanguageModel(copying: start.model, heads: heads, scoreHeads: scoreHeads)
        }
        if !allowsDropout, let dropout = model.adapter?.dropout, dropout > 0 {
            throw CommandError.usage(
                "an adapter's dropout (\(dropout)) is refused in methods that sample: the ratio "
                    + "before an update's first step would not be 1; leave --lora-dropout out")
        }
        return model
    }

    private func configuration(
        rank: Int, _ start: LoadedModel, frozenLayers: Int
    ) throws -> LoRAConfiguration {
        let layers = start.model.configuration.layerCount
        guard frozenLayers < layers else {
            throw CommandError.usage(
                "--freeze-layers leaves none of the \(layers) layers for an adapter; lower it")
        }
        let adapter = LoRAConfiguration(
            rank: rank, alpha: loraAlpha, dropout: loraDropout ?? 0,
            targets: loraTargets.map(targets) ?? LoRAConfiguration.allTargets,
            layers: frozenLayers > 0 ? Array(frozenLayers..<layers) : nil,
            base: start.path.map(Files.absolute))
        let unknown = adapter.unknownTargets(in: start.model.configuration)
        guard unknown.isEmpty else {
            throw CommandError.usage(
                "--lora-targets has \"\(unknown[0])\", expected some of c_attn, attn.c_proj, c_fc, "
                    + "mlp.c_proj (c_proj is both), or all")
        }
        return adapter
    }

    /// An adapter that is gone on with keeps its form.
    private func requireSame(_ adapter: LoRAConfiguration) throws {
        let asked: [(String, Bool)] = [
            ("--lora-rank", loraRank.map { $0 == adapter.rank } ?? true),
            ("--lora-alpha", loraAlpha.map { $0 == adapter.alpha } ?? true),
            ("--lora-targets", loraTargets.map { targets($0) == adapter.targets } ?? true),
            ("--lora-dropout", loraDropout.map { $0 == adapter.dropout } ?? true),
        ]
        guard let other = asked.first(where: { !$0.1 }) else { return }
        throw CommandError.usage(
            "the model has an adapter already (rank \(adapter.rank), α \(adapter.alphaText) on "
                + "\(adapter.targets.joined(separator: ","))), which training goes on with; leave "
                + "\(other.0) out, or make one model of both first with `model merge`")
    }
}

extension LoRAConfiguration {
    /// α as it would be typed.
    var alphaText: String { Int(exactly: alpha).map(String.init) ?? "\(alpha)" }
}

extension TrainingArguments {
    /// The model that a run trains, see ``LoRAArguments/trainable``.
    func trainable(
        _ start: LoadedModel, heads: [ScalarHead], scoreHeads: Int? = nil, settings: Settings,
        allowsDropout: Bool = true
    ) throws -> LanguageModel {
        try lora.trainable(
            start, heads: heads, scoreHeads: scoreHeads,
            frozenLayers: freezeLayers?.count(of: start.model.configuration.layerCount) ?? 0,
            seed: settings.seed, allowsDropout: allowsDropout)
    }

    /// PPO's value function: with an adapter of its own where the policy has one.
    func critic(from reward: LoadedModel, settings: Settings) throws -> LanguageModel {
        if reward.model.adapter != nil || !lora.isGiven {
            return LanguageModel(copying: reward.model)
        }
        return try trainable(reward, heads: reward.model.heads, settings: settings)
    }
}
