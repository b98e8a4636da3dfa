extension ModelFolder {
    /// Writes a folder that transformers loads: `config.json`, `model.safetensors`,
    /// `tokenizer.json`, `tokenizer_config.json`, `special_tokens_map.json`.
    ///
    /// All files are written and synced beside their places first. A new folder then appears at
    /// once; in a folder that is there, the files are replaced one after the other, and the files
    /// of another layout that would contradict them (`vocab.json`, an index) are removed. When
    /// anything fails before that, a folder that was there is as it was.
    ///
    /// - Parameters:
    ///   - path: The folder; those above it are made when they are missing.
    ///   - configuration: Its end of text is taken from the tokenizer.
    ///   - weights: The tensors of `configuration.parameterShapes`, in any order.
    /// - Throws: `LanguageModelError.file` with the system's reason; `.folder` when tensors are
    ///   missing or the tokenizer has more tokens than the model.
    public static func write(
        _ path: String, configuration: ModelConfiguration, weights: [StoredTensor],
        tokenizer: Tokenizer, precision: StoredPrecision = .float32
    ) throws(LanguageModelError) {
        try check(path, configuration: configuration, weights: weights, tokenizer: tokenizer)
        var configuration = configuration
        configuration.endOfText = tokenizer.endOfText ?? configuration.endOfText
        configuration.noteStored(precision)
        let small =
            [(name: configurationName, bytes: configuration.json())]
            + tokenizer.files(contextLength: configuration.contextLength)

        try FolderFiles.write(
            path, weights: weights, as: weightsName, precision: precision, small: small,
            removing: contradictoryNames)
    }

    /// Other forms of the files written, which would be taken for theirs.
    private static let contradictoryNames = [
        indexName, "vocab.json", "merges.txt", "added_tokens.json",
        AdapterFolder.configurationName, AdapterFolder.weightsName,
    ]

    private static func check(
        _ path: String, configuration: ModelConfiguration, weights: [StoredTensor],
        tokenizer: Tokenizer
    ) throws(LanguageModelError) {
        guard tokenizer.vocabularySize <= configuration.vocabularySize else {
            let problem = ModelFolderProblem.tokenizerTooLarge(
                tokenizer: tokenizer.vocabularySize, model: configuration.vocabularySize)
            throw .folder(path: path, problem)
        }
        var shapes: [String: [Int]] = [:]
        for tensor in weights { shapes[tensor.name] = tensor.shape }
        let expected = configuration.parameterShapes
        let missing = expected.map(\.name).filter { shapes[$0] == nil }
        guard missing.isEmpty else { throw .folder(path: path, .missingTensors(missing)) }
        for (name, shape) in expected {
            let found = shapes.removeValue(forKey: name) ?? []
            guard found == shape else {
                let problem = ModelFolderProblem.shapeMismatch(
                    tensor: name, expected: shape, found: found)
                throw .folder(path: path, problem)
            }
        }
        let unexpected = weights.map(\.name).filter { shapes[$0] != nil }
        guard unexpected.isEmpty else { throw .folder(path: path, .unexpectedTensors(unexpected)) }
    }
}
