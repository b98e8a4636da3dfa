import OrderedJSON

extension LoRAConfiguration {
    /// Reads PEFT's `adapter_config.json`. Keys that are missing take the values of PEFT's
    /// `LoraConfig`.
    ///
    /// - Throws: `LanguageModelError.setting` for what could not be honoured: another kind of adapter,
    ///   DoRA, trained biases, ranks or scales that differ by module.
    init(json: [UInt8], file: String) throws(LanguageModelError) {
        let reader = try SettingsReader(parsing: json, file: file)
        let type = try reader.require("peft_type", reader.string("peft_type"))
        guard type == "LORA" else {
            throw reader.error("peft_type", .unsupported(found: type, supported: "LORA"))
        }
        try Self.refuseUnsupported(reader)
        rank = try reader.integer("r") ?? 8
        guard (1...4096).contains(rank) else {
            throw reader.error("r", .outOfRange(expected: "1 to 4096", found: "\(rank)"))
        }
        alpha = try reader.number("lora_alpha") ?? 8
        guard alpha.isFinite else {
            throw reader.error(
                "lora_alpha", .outOfRange(expected: "a finite number", found: "\(alpha)"))
        }
        dropout = try reader.number("lora_dropout") ?? 0
        guard (0..<1).contains(dropout) else {
            throw reader.error(
                "lora_dropout", .outOfRange(expected: "0 up to 1", found: "\(dropout)"))
        }
        // Which maps are adapted is what the weights say; a pattern is written again as it was.
        var targets: [String] = []
        if case .array(let names)? = reader.value("target_modules") {
            targets = names.compactMap(\.stringValue)
        }
        self.targets = targets
        layers = nil
        isRankStabilized = try reader.bool("use_rslora") ?? false
        base = try reader.string("base_model_name_or_path")
        source = reader.object
    }

    private static func refuseUnsupported(_ reader: SettingsReader) throws(LanguageModelError) {
        // DoRA and its like change what an adapter computes.
        let variants = reader.object.keys.filter { $0.hasPrefix("use_") && $0 != "use_rslora" }
        for key in variants + ["lora_bias"] where try reader.bool(key) ?? false {
            throw reader.error(key, .unsupported(found: "true", supported: "false"))
        }
        let bias = try reader.string("bias") ?? "none"
        guard bias == "none" else {
            throw reader.error("bias", .unsupported(found: bias, supported: "none"))
        }
        for key in ["rank_pattern", "alpha_pattern"] {
            guard try reader.section(key)?.object.isEmpty ?? true else {
                throw reader.error(
                    key, .unsupported(found: "not empty", supported: "one rank and one α"))
            }
        }
        if let found = reader.value("layer_replication") {
            throw reader.error(
                "layer_replication", .unsupported(found: found.kind, supported: "null"))
        }
    }

    /// The text of `adapter_config.json`.
    ///
    /// - Parameters:
    ///   - isReward: Whether a scalar head is saved.
    ///   - saved: The modules that are saved whole.
    func json(isReward: Bool, saved: [String]) -> [UInt8] {
        var object = source
        let usual: [(String, JSON)] = [
            ("alpha_pattern", .object(JSONObject())), ("auto_mapping", .null), ("bias", "none"),
            ("fan_in_fan_out", true), ("inference_mode", true), ("init_lora_weights", true),
            ("layers_pattern", .null), ("peft_type", "LORA"),
            ("rank_pattern", .object(JSONObject())), ("revision", .null), ("use_dora", false),
        ]
        for (key, value) in usual where object[key] == nil { object[key] = value }
        let base: JSON = base.map { .string($0) } ?? .null
        let alpha: JSON = Int(exactly: alpha).map { .integer($0) } ?? .number(alpha)
        let layers: JSON = layers.map { .array($0.map { .integer($0) }) } ?? .null
        object["base_model_name_or_path"] = base
        object["r"] = .integer(rank)
        object["lora_alpha"] = alpha
        object["lora_dropout"] = .number(dropout)
        object["target_modules"] = .array(targets.map { .string($0) })
        object["layers_to_transform"] = layers
        object["use_rslora"] = .bool(isRankStabilized)
        let modules: JSON = saved.isEmpty ? .null : .array(saved.map { .string($0) })
        object["modules_to_save"] = modules
        object["task_type"] = isReward ? "SEQ_CLS" : "CAUSAL_LM"
        return Array(JSON.object(object).prettyText().utf8)
    }
}
