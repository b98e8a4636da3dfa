import OrderedJSON

extension Tokenizer {
    /// Reads the tokenizer of a model folder: `tokenizer.json`, or else `vocab.json` with
    /// `merges.txt`; with `tokenizer_config.json` beside either one, where it is.
    ///
    /// - Parameter folder: The folder, or the path of a `tokenizer.json` itself.
    /// - Throws: `LanguageModelError`; `.folder` with the missing names when there is no tokenizer.
    public init(folder: String) throws(LanguageModelError) {
        guard FileAccess.exists(folder) else { throw .file(path: folder, .missing) }
        guard FileAccess.isFolder(folder) else {
            try self.init(tokenizerJSON: FileAccess.read(folder), file: folder)
            return
        }
        func path(_ name: String) -> String { folder + "/" + name }
        let configuration = try Self.readConfiguration(path("tokenizer_config.json"))
        if FileAccess.exists(path("tokenizer.json")) {
            let file = path("tokenizer.json")
            try self.init(tokenizerJSON: FileAccess.read(file), file: file)
        } else {
            let missing = ["vocab.json", "merges.txt"].filter { !FileAccess.exists(path($0)) }
            guard missing.isEmpty else {
                let names = missing.count == 2 ? ["tokenizer.json"] : missing
                throw .folder(path: folder, .missingFiles(names))
            }
            try self.init(
                vocabulary: path("vocab.json"), merges: path("merges.txt"),
                configuration: configuration)
        }
        if let name = try configuration.flatMap(Self.endOfText), let id = id(of: name) {
            endOfText = id
        }
    }

    /// Reads `vocab.json` and `merges.txt`, the files of GPT-2.
    ///
    /// `<|endoftext|>` is found in text when it is in the vocabulary, as transformers has it.
    ///
    /// - Throws: `LanguageModelError`.
    public init(vocabulary: String, merges: String) throws(LanguageModelError) {
        try self.init(vocabulary: vocabulary, merges: merges, configuration: nil)
    }

    private init(
        vocabulary: String, merges: String, configuration: SettingsReader?
    ) throws(LanguageModelError) {
        var parts = TokenizerParts()
        let reader = try SettingsReader(parsing: FileAccess.read(vocabulary), file: vocabulary)
        parts.vocabulary = try Self.readIDs(reader)
        parts.merges = try Self.readMergeLines(FileAccess.read(merges), file: merges)
        if let configuration {
            parts.settings.addsPrefixSpace = try configuration.bool("add_prefix_space") ?? false
            parts.addedTokens = try Self.readAddedTokens(configuration)
        }
        let names = parts.addedTokens.map { Array($0.text.utf8) }
        if !names.contains(Array(Self.endOfTextToken.utf8)),
            let id = reader.value(Self.endOfTextToken)?.intValue
        {
            parts.addedTokens.append(.special(Self.endOfTextToken, id: id))
        }
        try self.init(parts, file: vocabulary)
    }

    /// The lines of `merges.txt`; the line with the version and empty lines are skipped.
    private static func readMergeLines(
        _ bytes: [UInt8], file: String
    ) throws(LanguageModelError) -> [(left: String, right: String, number: Int)] {
        var merges: [(left: String, right: String, number: Int)] = []
        let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() {
            let content = line.last == 0x0D ? line.dropLast() : line
            if content.isEmpty || content.starts(with: Array("#version".utf8)) { continue }
            let text = String(decoding: content, as: UTF8.self)
            guard let (left, right) = splitMerge(text) else {
                throw .tokenizer(file: file, .malformedMerge(number: index + 1, text: text))
            }
            merges.append((left, right, index + 1))
        }
        return merges
    }

    private static func readConfiguration(
        _ path: String
    ) throws(LanguageModelError) -> SettingsReader? {
        guard FileAccess.exists(path) else { return nil }
        return try SettingsReader(parsing: FileAccess.read(path), file: path)
    }

    /// `added_tokens_decoder` of `tokenizer_config.json`: tokens by id.
    private static func readAddedTokens(
        _ configuration: SettingsReader
    ) throws(LanguageModelError) -> [AddedToken] {
        guard let section = try configuration.section("added_tokens_decoder") else { return [] }
        var tokens: [AddedToken] = []
        for key in section.object.keys {
            guard let id = Int(key), let entry = try section.section(key) else {
                throw section.error(key, .wrongKind(expected: "an id", found: "a string"))
            }
            tokens.append(try readAddedToken(entry, id: id))
        }
        return tokens
    }

    /// `eos_token`, written as a string or as an added token.
    private static func endOfText(
        _ configuration: SettingsReader
    ) throws(LanguageModelError) -> String? {
        let value = configuration.value("eos_token")
        return value?.stringValue ?? value?["content"]?.stringValue
    }
}
