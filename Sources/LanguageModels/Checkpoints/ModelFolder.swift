/// A folder in the Hugging Face layout: `config.json`, weights and tokenizer files.
///
/// Opening one reads the configuration and looks which files are there; weights and tokenizer are
/// read when they are asked for.
public struct ModelFolder: Equatable, Sendable {
    /// The folder's path.
    public let path: String
    /// What `config.json` says.
    public let configuration: ModelConfiguration

    static let weightsName = "model.safetensors"
    static let indexName = "model.safetensors.index.json"
    static let configurationName = "config.json"

    /// What makes a folder one with a model.
    static let ownNames = [configurationName, weightsName, indexName]

    /// Whether a folder has a configuration and weights.
    public static func isOne(_ path: String) -> Bool {
        let folder = FileAccess.withoutTrailingSlashes(path)
        return FileAccess.exists(folder + "/" + configurationName)
            && [weightsName, indexName].contains { FileAccess.exists(folder + "/" + $0) }
    }

    /// Opens a folder.
    ///
    /// - Throws: `LanguageModelError`; `.folder` with the names of all files that are missing.
    public init(path: String) throws(LanguageModelError) {
        guard FileAccess.exists(path) else { throw .file(path: path, .missing) }
        guard FileAccess.isFolder(path) else { throw .file(path: path, .isNotFolder) }
        let folder = FileAccess.withoutTrailingSlashes(path)
        func has(_ name: String) -> Bool { FileAccess.exists(folder + "/" + name) }
        var missing: [String] = []
        if !has(Self.configurationName) { missing.append(Self.configurationName) }
        if !has(Self.weightsName), !has(Self.indexName) { missing.append(Self.weightsName) }
        guard missing.isEmpty else { throw .folder(path: path, .missingFiles(missing)) }
        self.path = folder
        configuration = try ModelConfiguration(path: folder + "/" + Self.configurationName)
    }

    /// Reads the tokenizer.
    ///
    /// Its end-of-text token is the configuration's when its own files name none.
    ///
    /// - Throws: `LanguageModelError`; `.tokenizerTooLarge` when the model has too few embeddings.
    public func tokenizer() throws(LanguageModelError) -> Tokenizer {
        var tokenizer = try Tokenizer(folder: path)
        guard tokenizer.vocabularySize <= configuration.vocabularySize else {
            let problem = ModelFolderProblem.tokenizerTooLarge(
                tokenizer: tokenizer.vocabularySize, model: configuration.vocabularySize)
            throw .folder(path: path, problem)
        }
        if tokenizer.endOfText == nil { tokenizer.endOfText = configuration.endOfText }
        return tokenizer
    }

    /// Reads the weights, in the order of `configuration.parameterShapes`.
    ///
    /// Names may lack the prefix `transformer.`; the result has it. Buffers of the attention mask
    /// are left out, and so is `lm_head.weight` when it equals the token embedding.
    ///
    /// - Throws: `LanguageModelError` when tensors are missing, unexpected or of another shape.
    public func weights() throws(LanguageModelError) -> [StoredTensor] {
        let files = try WeightFiles(folder: path)
        var stored: [String: String] = [:]
        var unexpected: [String] = []
        for name in files.names where !Self.isMaskBuffer(name) {
            let fullName = Self.fullName(name)
            if stored.updateValue(name, forKey: fullName) != nil { unexpected.append(name) }
        }
        let expected = configuration.parameterShapes
        let missing = expected.map(\.name).filter { stored[$0] == nil }
        guard missing.isEmpty else { throw .folder(path: path, .missingTensors(missing)) }
        let known = Set(expected.map(\.name) + [Self.headName])
        unexpected += files.names.filter {
            !Self.isMaskBuffer($0) && !known.contains(Self.fullName($0))
        }
        guard unexpected.isEmpty else { throw .folder(path: path, .unexpectedTensors(unexpected)) }
        var tensors: [StoredTensor] = []
        for (name, shape) in expected {
            let found = files.shape(of: stored[name] ?? name) ?? []
            guard found == shape else {
                let problem = ModelFolderProblem.shapeMismatch(
                    tensor: name, expected: shape, found: found)
                throw .folder(path: path, problem)
            }
        }
        for (name, _) in expected {
            var tensor = try files.tensor(stored[name] ?? name)
            tensor.name = name
            tensors.append(tensor)
        }
        if stored[Self.headName] != nil {
            let head = try files.tensor(Self.headName)
            guard head.shape == tensors[0].shape, head.values == tensors[0].values else {
                throw .folder(path: path, .untiedHead)
            }
        }
        return tensors
    }

    private static let headName = "lm_head.weight"

    /// The causal mask, which old checkpoints carry along: `h.0.attn.bias`, `attn.masked_bias`.
    private static func isMaskBuffer(_ name: String) -> Bool {
        name.hasSuffix(".attn.bias") || name.hasSuffix(".attn.masked_bias")
    }

    private static func fullName(_ name: String) -> String {
        let isBare = ["wte.", "wpe.", "h.", "ln_f."].contains { name.hasPrefix($0) }
        return isBare ? "transformer." + name : name
    }
}
