import Autograd

/// A folder with a low-rank adapter in PEFT's layout: `adapter_config.json` and
/// `adapter_model.safetensors`, the tokenizer beside them where it was saved.
///
/// PEFT names a tensor by the module it belongs to, after `base_model.model.`, and stores A as
/// `[r, inputs]` and B as `[outputs, r]`. GPT-2's own matrices are `[inputs, outputs]`
/// (`fan_in_fan_out`).
public struct AdapterFolder {
    /// The folder's path.
    public let path: String
    /// What `adapter_config.json` says; targets and layers are known with the weights.
    public let configuration: LoRAConfiguration

    public static let configurationName = "adapter_config.json"
    public static let weightsName = "adapter_model.safetensors"
    private static let prefix = "base_model.model."

    /// Whether a folder holds an adapter.
    public static func isOne(_ path: String) -> Bool {
        FileAccess.exists(FileAccess.withoutTrailingSlashes(path) + "/" + configurationName)
    }

    /// Opens a folder.
    ///
    /// - Throws: `LanguageModelError` for missing files and adapters that cannot be used.
    public init(path: String) throws(LanguageModelError) {
        let folder = FileAccess.withoutTrailingSlashes(path)
        for name in [Self.configurationName, Self.weightsName]
        where !FileAccess.exists(folder + "/" + name) {
            throw .folder(path: path, .missingFiles([name]))
        }
        self.path = folder
        let file = folder + "/" + Self.configurationName
        configuration = try LoRAConfiguration(json: FileAccess.read(file), file: file)
    }

    /// The adapter over a base, with the heads that were saved with it.
    ///
    /// - Parameter name: Where the base was found, to be said when the adapter is written again.
    /// - Throws: `LanguageModelError` when tensors are missing, unexpected or of another shape.
    public func model(
        over base: LanguageModel, namedAs name: String?
    ) throws(LanguageModelError) -> LanguageModel {
        let file = try SafetensorsFile(path: path + "/" + Self.weightsName)
        let stored = Self.storedNames(file)
        var adapter = try described(by: Set(stored.map(\.name)), base)
        adapter.base = name
        let heads: [ScalarHead] =
            stored.contains { $0.name == "score.weight" } ? [.score] : base.heads
        let norm = base.architecture.finalNormScale.name
        var configuration = base.configuration
        configuration.scoreHeadCount = stored.count { $0.name.hasPrefix("score_heads.") }
        let model = LanguageModel(
            over: base.parameters, configuration, heads: heads, adapter: adapter,
            hasFinalNorm: stored.contains { $0.name == norm })
        model.copyOwnParameters(from: base)
        var unexpected: [String] = []
        for (name, key) in stored {
            let tensor = try file.tensor(key)
            guard let parameter = model.parameters.own.first(where: { $0.name == name }) else {
                unexpected.append(key)
                continue
            }
            let isTurned = Self.isMatrix(name)
            let shape = isTurned ? Array(parameter.shape.reversed()) : parameter.shape
            guard tensor.shape == shape else {
                throw .folder(
                    path: path,
                    .shapeMismatch(tensor: key, expected: shape, found: tensor.shape))
            }
            model.parameters.assign(
                isTurned
                    ? Self.transposed(tensor.values, rows: shape[0], columns: shape[1])
                    : tensor.values, to: parameter)
        }
        guard unexpected.isEmpty else { throw .folder(path: path, .unexpectedTensors(unexpected)) }
        return model
    }

    /// Which maps are adapted, from the names of the tensors.
    private func described(
        by names: Set<String>, _ base: LanguageModel
    ) throws(LanguageModelError) -> LoRAConfiguration {
        let maps = base.architecture.linearMaps
        let adapted = maps.filter { names.contains($0.module + LanguageModel.downSuffix) }
        guard !adapted.isEmpty else {
            throw .folder(path: path, .missingTensors(["the adapters of any map of the base"]))
        }
        var adapter = configuration
        let layers = adapted.map(\.layer).reduce(into: [Int]()) {
            if $0.last != $1 { $0.append($1) }
        }
        adapter.layers =
            layers.count == base.configuration.layerCount ? nil : layers
        func isDescribed() -> Bool {
            maps.filter { adapter.adapts($0.module, layer: $0.layer) }.map(\.module)
                == adapted.map(\.module)
        }
        if !isDescribed() {
            // The last two parts of a module's name tell the maps of a layer apart.
            adapter.targets = adapted.filter { $0.layer == layers[0] }.map {
                $0.module.split(separator: ".").suffix(2).joined(separator: ".")
            }
        }
        guard isDescribed() else {
            throw .setting(
                file: path + "/" + Self.configurationName, key: "target_modules",
                .unsupported(
                    found: "different maps in different layers", supported: "the same maps"))
        }
        let missing = adapted.map { $0.module + LanguageModel.upSuffix }.filter {
            !names.contains($0)
        }
        guard missing.isEmpty else { throw .folder(path: path, .missingTensors(missing)) }
        return adapter
    }

    /// The parameters' names of the tensors in a file. A token table that PEFT saved along with a
    /// changed vocabulary is kept as it is, so that it is refused as unexpected.
    private static func storedNames(_ file: SafetensorsFile) -> [(name: String, key: String)] {
        file.names.map { key in
            var name = key.hasPrefix(prefix) ? String(key.dropFirst(prefix.count)) : key
            for kept in [".modules_to_save.default", ".modules_to_save"] {
                name = name.replacing(kept + ".", with: ".")
            }
            name = name.replacing(".default.weight", with: ".weight")
            // A base without a head calls its blocks h.0, h.1.
            let isBare = ["h.", "ln_f."].contains { name.hasPrefix($0) }
            return (isBare ? "transformer." + name : name, key)
        }
    }

    // MARK: - Writing

    /// Writes an adapted model's adapter and heads, so that PEFT loads them over the same base.
    ///
    /// - Parameters:
    ///   - base: Where the base is found, `base_model_name_or_path`.
    ///   - isBesideBase: Whether the folder holds the base itself; otherwise a model that lies there is
    ///     removed, which would be taken for it.
    public static func write(
        _ path: String, model: LanguageModel, base: String?, tokenizer: Tokenizer,
        isBesideBase: Bool = false
    ) throws(LanguageModelError) {
        guard var adapter = model.adapter else {
            preconditionFailure("AdapterFolder: the model has no adapter")
        }
        adapter.base = base
        let norm = model.architecture.finalNormScale
        var saved: [String] = []
        if norm.offset >= model.parameters.firstOwn { saved.append("ln_f") }
        if model.heads.contains(.score) { saved.append("score") }
        let tensors = model.parameters.own
            .filter { !$0.name.hasPrefix("v_head") }
            .map { parameter in
                let values = model.parameters[parameter].array
                return isMatrix(parameter.name)
                    ? StoredTensor(
                        name: prefix + parameter.name, shape: parameter.shape.reversed(),
                        values: transposed(
                            values, rows: parameter.shape[0], columns: parameter.shape[1]))
                    : StoredTensor(
                        name: prefix + parameter.name, shape: parameter.shape, values: values)
            }
        let configuration = (
            name: configurationName,
            bytes: adapter.json(isReward: model.heads.contains(.score), saved: saved)
        )
        try FolderFiles.write(
            path, weights: tensors, as: weightsName,
            small: [configuration]
                + tokenizer.files(contextLength: model.configuration.contextLength),
            removing: isBesideBase ? [] : ModelFolder.ownNames)
    }

    private static func isMatrix(_ name: String) -> Bool {
        name.hasSuffix(LanguageModel.downSuffix) || name.hasSuffix(LanguageModel.upSuffix)
    }

    /// A row-major matrix turned round.
    private static func transposed(_ values: [Float], rows: Int, columns: Int) -> [Float] {
        (0..<columns).flatMap { column in (0..<rows).map { values[$0 * columns + column] } }
    }
}
