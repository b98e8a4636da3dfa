public import OrderedJSON

extension Tokenizer {
    /// The files that transformers and the `tokenizers` library load, by name: `tokenizer.json`,
    /// `tokenizer_config.json` and `special_tokens_map.json`. Equal tokenizers give equal bytes.
    ///
    /// No token is named as padding: one that is also the end token would make transformers read a
    /// reward one token too early.
    ///
    /// - Parameter contextLength: The longest sequence of the model, written as `model_max_length`.
    func files(contextLength: Int?) -> [(name: String, bytes: [UInt8])] {
        var special = JSONObject()
        if let endOfText, let token = token(endOfText) {
            special["bos_token"] = .string(token)
            special["eos_token"] = .string(token)
            special["unk_token"] = .string(settings.unknownToken ?? token)
        }
        var configuration = JSONObject()
        configuration["add_prefix_space"] = .bool(settings.addsPrefixSpace)
        var decoder = JSONObject()
        for token in addedTokens { decoder[String(token.id)] = .object(Self.json(token)) }
        configuration["added_tokens_decoder"] = .object(decoder)
        configuration["clean_up_tokenization_spaces"] = false
        for (key, value) in special { configuration[key] = value }
        if let contextLength { configuration["model_max_length"] = .integer(contextLength) }
        configuration["tokenizer_class"] = .string(
            isGPT2 ? "GPT2Tokenizer" : "PreTrainedTokenizerFast")
        return [
            ("tokenizer.json", Array(json().prettyText().utf8)),
            ("tokenizer_config.json", Array(JSON.object(configuration).prettyText().utf8)),
            ("special_tokens_map.json", Array(JSON.object(special).prettyText().utf8)),
        ]
    }

    /// Writes the tokenizer's files into a folder, which is made when it is missing.
    ///
    /// - Throws: `LanguageModelError.file`.
    public func write(folder: String) throws(LanguageModelError) {
        try FileAccess.createFolder(folder)
        for (name, bytes) in files(contextLength: nil) {
            try FileAccess.write(bytes, to: folder + "/" + name)
        }
    }

    /// Whether transformers' class for GPT-2, which has its own settings, encodes as this does.
    private var isGPT2: Bool {
        settings.splitsWords && !settings.prefersWholeWords && missingBytes.isEmpty
    }

    /// The contents of `tokenizer.json`.
    public func json() -> JSON {
        let byteLevel: JSONObject = JSONObject([
            ("type", "ByteLevel"), ("add_prefix_space", .bool(settings.addsPrefixSpace)),
            ("trim_offsets", true), ("use_regex", .bool(settings.splitsWords)),
        ])
        let decoder: JSON = [
            "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true,
        ]
        let postProcessor: JSON
        if let text = settings.postProcessor, let json = try? JSON(parsing: text) {
            postProcessor = json
        } else {
            postProcessor = .null
        }
        let addedTokens: [JSON] = addedTokens.map { token in
            var entry = JSONObject([("id", .integer(token.id))])
            for (key, value) in Self.json(token) { entry[key] = value }
            return .object(entry)
        }
        return [
            "version": "1.0", "truncation": nil, "padding": nil,
            "added_tokens": .array(addedTokens),
            "normalizer": nil, "pre_tokenizer": .object(byteLevel),
            "post_processor": postProcessor, "decoder": decoder, "model": .object(modelJSON()),
        ]
    }

    private func modelJSON() -> JSONObject {
        // Added tokens stand in the vocabulary too: only there does the library keep their ids
        // when ids before them are not used.
        var vocabulary = JSONObject()
        for (id, spelling) in spellings.enumerated() {
            if let spelling { vocabulary[spelling] = .integer(id) }
        }
        // "a b" is what every version of the library reads; it has no room for spaces in tokens.
        let pairs = merges.map { (spelled($0.left), spelled($0.right)) }
        let hasSpaces = pairs.contains { $0.utf8.contains(0x20) || $1.utf8.contains(0x20) }
        let merges: [JSON] = pairs.map { left, right in
            hasSpaces ? [.string(left), .string(right)] : .string(left + " " + right)
        }
        return JSONObject([
            ("type", "BPE"), ("dropout", nil),
            ("unk_token", settings.unknownToken.map { .string($0) } ?? .null),
            ("continuing_subword_prefix", nil), ("end_of_word_suffix", nil),
            ("fuse_unk", .bool(settings.fusesUnknown)), ("byte_fallback", false),
            ("ignore_merges", .bool(settings.prefersWholeWords)),
            ("vocab", .object(vocabulary)), ("merges", .array(merges)),
        ])
    }

    private func spelled(_ id: Int32) -> String {
        spellings[Int(id)] ?? ""
    }

    private static func json(_ token: AddedToken) -> JSONObject {
        JSONObject([
            ("content", .string(token.text)), ("single_word", .bool(token.isSingleWord)),
            ("lstrip", .bool(token.stripsLeft)), ("rstrip", .bool(token.stripsRight)),
            ("normalized", .bool(token.isNormalized)), ("special", .bool(token.isSpecial)),
        ])
    }
}
