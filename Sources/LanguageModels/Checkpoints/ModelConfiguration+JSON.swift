import OrderedJSON

extension ModelConfiguration {
    /// Reads `config.json`. Keys that are missing take the values of transformers' `GPT2Config`.
    ///
    /// - Throws: `LanguageModelError.setting` for sizes out of range and for everything that the
    ///   model could not honour: another `model_type`, another activation, untied embeddings,
    ///   cross-attention, attention scales by layer, quantized weights, several labels.
    public init(path: String) throws(LanguageModelError) {
        try self.init(json: FileAccess.read(path), file: path)
    }

    /// Reads the bytes of a `config.json`; `file` is its path, for errors.
    public init(json: [UInt8], file: String) throws(LanguageModelError) {
        let reader = try SettingsReader(parsing: json, file: file)
        try Self.refuseUnsupported(reader)
        func size(
            _ key: String, _ usual: Int, atMost limit: Int = 1 << 24
        ) throws(LanguageModelError) -> Int {
            let used = Self.usedKey(key, in: reader)
            let value = try reader.integer(used) ?? usual
            guard (1...limit).contains(value) else {
                throw reader.error(
                    used, .outOfRange(expected: "1 to \(limit)", found: String(value)))
            }
            return value
        }
        vocabularySize = try size("vocab_size", 50257)
        contextLength = try size("n_positions", 1024)
        width = try size("n_embd", 768)
        layerCount = try size("n_layer", 12, atMost: 4096)
        headCount = try size("n_head", 12)
        innerWidth = try size("n_inner", 4 * width, atMost: 1 << 26)
        guard width % headCount == 0 else {
            throw reader.error(
                Self.usedKey("n_head", in: reader),
                .outOfRange(expected: "a divisor of n_embd, \(width)", found: String(headCount)))
        }
        layerNormEpsilon = try reader.number("layer_norm_epsilon") ?? 1e-5
        guard layerNormEpsilon > 0, layerNormEpsilon < 1 else {
            throw reader.error(
                "layer_norm_epsilon",
                .outOfRange(expected: "between 0 and 1", found: "\(layerNormEpsilon)"))
        }
        initializerRange = try reader.number("initializer_range") ?? 0.02
        guard initializerRange >= 0, initializerRange.isFinite else {
            throw reader.error(
                "initializer_range",
                .outOfRange(expected: "0 or more", found: "\(initializerRange)"))
        }
        // Small models often carry GPT-2's own 50256 along, which they have no token for.
        let token = try reader.integer("eos_token_id")
        if let token, token >= 0, token < vocabularySize { endOfText = token }
        head = try Self.readHead(reader)
        scoreHeadCount = try reader.integer("score_heads") ?? 0
        guard (0...64).contains(scoreHeadCount) else {
            throw reader.error(
                "score_heads", .outOfRange(expected: "0 to 64", found: "\(scoreHeadCount)"))
        }
        source = reader.object
    }

    /// The text of `config.json`.
    ///
    /// Keys that were read and are not known here keep their place and value.
    public func json() -> [UInt8] {
        var object = source
        for alias in Self.aliases.map(\.alias) { object.removeValue(forKey: alias) }
        let isReward = head == .reward
        let architecture = isReward ? "GPT2ForSequenceClassification" : "GPT2LMHeadModel"
        object["architectures"] = [.string(architecture)]
        object["model_type"] = "gpt2"
        object["vocab_size"] = .integer(vocabularySize)
        object["n_positions"] = .integer(contextLength)
        if object["n_ctx"] != nil { object["n_ctx"] = .integer(contextLength) }
        object["n_embd"] = .integer(width)
        object["n_layer"] = .integer(layerCount)
        object["n_head"] = .integer(headCount)
        object["n_inner"] = innerWidth == 4 * width ? .null : .integer(innerWidth)
        if object["activation_function"] == nil { object["activation_function"] = "gelu_new" }
        object["layer_norm_epsilon"] = .number(layerNormEpsilon)
        object["initializer_range"] = .number(initializerRange)
        object["tie_word_embeddings"] = true
        for key in ["attn_pdrop", "embd_pdrop", "resid_pdrop"] where object[key] == nil {
            object[key] = .number(0)
        }
        let end: JSON = endOfText.map { .integer($0) } ?? .null
        object["bos_token_id"] = end
        object["eos_token_id"] = end
        for key in ["id2label", "label2id", "num_labels", "score_heads"] {
            object.removeValue(forKey: key)
        }
        if isReward {
            object["id2label"] = ["0": "LABEL_0"]
            object["label2id"] = ["LABEL_0": 0]
            if scoreHeadCount > 0 { object["score_heads"] = .integer(scoreHeadCount) }
            // A padding token equal to the end token would make transformers read the score one
            // token too early.
            object["pad_token_id"] = .null
        }
        return Array(JSON.object(object).prettyText().utf8)
    }

    /// Notes the element type of the weights beside them, under the key the file uses for it.
    mutating func noteStored(_ precision: StoredPrecision) {
        let key = source["dtype"] == nil ? "torch_dtype" : "dtype"
        source[key] =
            switch precision {
            case .float32: "float32"
            case .bfloat16: "bfloat16"
            case .float16: "float16"
            }
    }

    /// Names that transformers takes for the same keys.
    private static let aliases: [(key: String, alias: String)] = [
        ("n_positions", "max_position_embeddings"), ("n_embd", "hidden_size"),
        ("n_layer", "num_hidden_layers"), ("n_head", "num_attention_heads"),
    ]

    private static func usedKey(_ key: String, in reader: SettingsReader) -> String {
        guard reader.value(key) == nil else { return key }
        let alias = aliases.first { $0.key == key }?.alias
        return alias.flatMap { reader.value($0) == nil ? nil : $0 }
            ?? (key == "n_positions" && reader.value("n_ctx") != nil ? "n_ctx" : key)
    }

    private static func refuseUnsupported(_ reader: SettingsReader) throws(LanguageModelError) {
        let type = try reader.require("model_type", reader.string("model_type"))
        guard type == "gpt2" else {
            throw reader.error("model_type", .unsupported(found: type, supported: "gpt2"))
        }
        let activation = try reader.string("activation_function") ?? "gelu_new"
        guard ["gelu_new", "gelu_pytorch_tanh"].contains(activation) else {
            throw reader.error(
                "activation_function",
                .unsupported(found: activation, supported: "gelu_new or gelu_pytorch_tanh"))
        }
        let switches = [
            ("tie_word_embeddings", true), ("scale_attn_weights", true),
            ("scale_attn_by_inverse_layer_idx", false), ("add_cross_attention", false),
        ]
        for (key, supported) in switches {
            let found = try reader.bool(key) ?? supported
            guard found == supported else {
                throw reader.error(
                    key, .unsupported(found: String(found), supported: String(supported)))
            }
        }
        if let quantization = reader.value("quantization_config") {
            throw reader.error(
                "quantization_config",
                .unsupported(found: quantization.kind, supported: "weights that are not quantized"))
        }
    }

    private static func readHead(_ reader: SettingsReader) throws(LanguageModelError) -> Head {
        let architectures = try reader.array("architectures") ?? []
        let architecture = architectures.first?.stringValue ?? "GPT2LMHeadModel"
        switch architecture {
        case "GPT2LMHeadModel", "GPT2Model":
            return .languageModel
        case "GPT2ForSequenceClassification":
            let counts = [
                ("num_labels", try reader.integer("num_labels")),
                ("id2label", try reader.section("id2label")?.object.count),
            ]
            for case (let key, let count?) in counts where count != 1 {
                throw reader.error(
                    key, .unsupported(found: "\(count) labels", supported: "1 label"))
            }
            return .reward
        default:
            throw reader.error(
                "architectures",
                .unsupported(
                    found: architecture,
                    supported: "GPT2LMHeadModel or GPT2ForSequenceClassification"))
        }
    }
}
