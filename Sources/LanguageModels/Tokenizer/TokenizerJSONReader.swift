import OrderedJSON

extension Tokenizer {
    /// Reads `tokenizer.json`, the format of the `tokenizers` library.
    ///
    /// Accepted: a BPE model with the byte-level pre-tokenizer, alone or after a split by GPT-2's
    /// rule, and no normalizer. Merges may be `"a b"` or `["a", "b"]`. Truncation and padding that
    /// the file asks for are not applied.
    ///
    /// - Parameters:
    ///   - tokenizerJSON: The bytes of the file.
    ///   - file: Its path, for errors.
    /// - Throws: `LanguageModelError`, with the key of what is missing or not supported.
    public init(tokenizerJSON: [UInt8], file: String) throws(LanguageModelError) {
        let root = try SettingsReader(parsing: tokenizerJSON, file: file)
        let model = try root.require("model", root.section("model"))
        var parts = TokenizerParts()
        try Self.checkNormalizer(root)
        try Self.checkDecoder(root)
        try Self.readPreTokenizer(root, into: &parts.settings)
        parts.settings.postProcessor = root.value("post_processor")?.text
        try Self.readModelSettings(model, into: &parts.settings)
        parts.vocabulary = try Self.readVocabulary(model)
        parts.merges = try Self.readMerges(model)
        parts.addedTokens = try Self.readAddedTokens(root)
        try self.init(parts, file: file)
    }

    private static func checkNormalizer(_ root: SettingsReader) throws(LanguageModelError) {
        guard let normalizer = try root.section("normalizer") else { return }
        let type = try normalizer.string("type") ?? "unnamed"
        if type == "Sequence", try normalizer.array("normalizers")?.isEmpty == true { return }
        throw root.error("normalizer", .unsupported(found: type, supported: "null"))
    }

    private static func checkDecoder(_ root: SettingsReader) throws(LanguageModelError) {
        guard let decoder = try root.section("decoder") else { return }
        var types = [try decoder.string("type") ?? "unnamed"]
        if types == ["Sequence"] {
            types = []
            for part in try decoder.sections("decoders") ?? [] {
                types.append(try part.string("type") ?? "unnamed")
            }
        }
        guard types == ["ByteLevel"] else {
            let found = types.joined(separator: ", ")
            throw root.error("decoder", .unsupported(found: found, supported: "ByteLevel"))
        }
    }

    private static func readPreTokenizer(
        _ root: SettingsReader, into settings: inout Settings
    ) throws(LanguageModelError) {
        let top = try root.require("pre_tokenizer", root.section("pre_tokenizer"))
        var steps = [top]
        if try top.string("type") == "Sequence" {
            steps = try top.require("pretokenizers", top.sections("pretokenizers"))
        }
        func unsupported(_ found: String) -> LanguageModelError {
            root.error("pre_tokenizer", .unsupported(found: found, supported: "ByteLevel"))
        }
        guard let last = steps.last, try last.string("type") == "ByteLevel" else {
            throw unsupported(try steps.last?.string("type") ?? "nothing")
        }
        settings.addsPrefixSpace = try last.bool("add_prefix_space") ?? true
        settings.splitsWords = try last.bool("use_regex") ?? true
        for step in steps.dropLast() {
            let type = try step.string("type") ?? "unnamed"
            let pattern = try step.section("pattern")?.string("Regex")
            let behavior = try step.string("behavior")
            let isInverted = try step.bool("invert") ?? false
            let isOurRule = type == "Split" && pattern == WordSplitter.pattern
            guard isOurRule, behavior == "Isolated", !isInverted, steps.count == 2,
                !settings.addsPrefixSpace
            else {
                throw unsupported(pattern.map { "\(type) by \($0)" } ?? type)
            }
            settings.splitsWords = true
        }
    }

    private static func readModelSettings(
        _ model: SettingsReader, into settings: inout Settings
    ) throws(LanguageModelError) {
        let type = try model.string("type") ?? "BPE"
        guard type == "BPE" else {
            throw model.error("type", .unsupported(found: type, supported: "BPE"))
        }
        if let dropout = try model.number("dropout"), dropout != 0 {
            throw model.error("dropout", .unsupported(found: "\(dropout)", supported: "null"))
        }
        for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let affix = try model.string(key), !affix.isEmpty {
                throw model.error(key, .unsupported(found: affix, supported: "null"))
            }
        }
        if try model.bool("byte_fallback") == true {
            throw model.error("byte_fallback", .unsupported(found: "true", supported: "false"))
        }
        settings.unknownToken = try model.string("unk_token")
        settings.fusesUnknown = try model.bool("fuse_unk") ?? false
        settings.prefersWholeWords = try model.bool("ignore_merges") ?? false
    }

    private static func readMerges(
        _ model: SettingsReader
    ) throws(LanguageModelError) -> [(left: String, right: String, number: Int)] {
        var merges: [(left: String, right: String, number: Int)] = []
        for (index, merge) in try model.require("merges", model.array("merges")).enumerated() {
            let pair: (String, String)?
            if let line = merge.stringValue {
                pair = splitMerge(line)
            } else if let sides = merge.arrayValue, sides.count == 2,
                let left = sides[0].stringValue, let right = sides[1].stringValue
            {
                pair = (left, right)
            } else {
                pair = nil
            }
            guard let (left, right) = pair else {
                let problem = TokenizerProblem.malformedMerge(number: index + 1, text: merge.text)
                throw .tokenizer(file: model.file, problem)
            }
            merges.append((left, right, index + 1))
        }
        return merges
    }

    /// The two sides of `a b`, or nil unless there is exactly one space between two texts.
    static func splitMerge(_ line: some StringProtocol) -> (String, String)? {
        let sides = line.utf8.split(separator: 0x20, omittingEmptySubsequences: false)
        guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else { return nil }
        return (
            String(decoding: sides[0], as: UTF8.self), String(decoding: sides[1], as: UTF8.self)
        )
    }

    private static func readVocabulary(
        _ model: SettingsReader
    ) throws(LanguageModelError) -> [(spelling: String, id: Int)] {
        let vocabulary = try model.require("vocab", model.section("vocab"))
        return try readIDs(vocabulary)
    }

    /// The members of an object from tokens to ids.
    static func readIDs(
        _ reader: SettingsReader
    ) throws(LanguageModelError) -> [(spelling: String, id: Int)] {
        var tokens: [(spelling: String, id: Int)] = []
        tokens.reserveCapacity(reader.object.count)
        for (spelling, value) in reader.object {
            guard let id = value.intValue else {
                throw reader.error(
                    spelling, .wrongKind(expected: "an integer", found: value.kind))
            }
            tokens.append((spelling, id))
        }
        return tokens
    }

    private static func readAddedTokens(
        _ root: SettingsReader
    ) throws(LanguageModelError) -> [AddedToken] {
        var tokens: [AddedToken] = []
        for entry in try root.sections("added_tokens") ?? [] {
            let id = try entry.require("id", entry.integer("id"))
            tokens.append(try readAddedToken(entry, id: id))
        }
        return tokens
    }

    /// An added token from its object in `tokenizer.json` or `tokenizer_config.json`.
    static func readAddedToken(
        _ entry: SettingsReader, id: Int
    ) throws(LanguageModelError) -> AddedToken {
        let isSpecial = try entry.bool("special") ?? false
        return AddedToken(
            text: try entry.require("content", entry.string("content")), id: id,
            isSpecial: isSpecial,
            isSingleWord: try entry.bool("single_word") ?? false,
            stripsLeft: try entry.bool("lstrip") ?? false,
            stripsRight: try entry.bool("rstrip") ?? false,
            isNormalized: try entry.bool("normalized") ?? !isSpecial)
    }
}
