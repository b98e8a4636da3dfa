/// What to learn in training a tokenizer.
public struct TokenizerTrainingConfiguration: Equatable, Sendable {
    /// The number of tokens to end with: 256 bytes, the special tokens and the merges.
    public var vocabularySize: Int
    /// A pair that is met less often is not merged.
    public var minimumFrequency: Int
    /// They get the first ids: the end of text, so, has id 0.
    public var specialTokens: [String]

    /// Creates a configuration; a pair must be met twice to be merged.
    public init(
        vocabularySize: Int, minimumFrequency: Int = 2,
        specialTokens: [String] = [Tokenizer.endOfTextToken]
    ) {
        self.vocabularySize = vocabularySize
        self.minimumFrequency = minimumFrequency
        self.specialTokens = specialTokens
    }
}

extension Tokenizer {
    /// Learns a byte-level BPE tokenizer (Sennrich et al. 2016, arXiv:1508.07909).
    ///
    /// Texts are cut into words, and the pair of neighbouring tokens that is met most often is
    /// merged, again and again. Of pairs met equally often, the one with the smaller left id comes
    /// first, then the one with the smaller right id. Merges and ids are those of the
    /// `tokenizers` library's `BpeTrainer`.
    ///
    /// - Parameters:
    ///   - texts: What to learn from. Special tokens in them are text like any other.
    ///   - report: Called now and then with the number of tokens so far; false stops.
    /// - Returns: The tokenizer, or nil when `report` stopped the training. It has fewer tokens
    ///   than asked for when no pair is left that is met often enough.
    /// - Throws: `LanguageModelError.vocabularyTooSmall`.
    public static func trained(
        on texts: some Sequence<String>, configuration: TokenizerTrainingConfiguration,
        report: (_ tokenCount: Int) -> Bool = { _ in true }
    ) throws(LanguageModelError) -> Tokenizer? {
        var vocabulary = ByteTable()
        var parts = TokenizerParts()
        for token in configuration.specialTokens {
            let (id, isNew) = vocabulary.insert(token.utf8Span.span)
            if isNew { parts.addedTokens.append(.special(token, id: id)) }
        }
        // A special token of one byte would have the id of that byte.
        for byte in ByteAlphabet.bytesInScalarOrder { _ = vocabulary.insert([byte].span) }
        guard configuration.vocabularySize >= vocabulary.count else {
            throw .vocabularyTooSmall(
                requested: configuration.vocabularySize, smallest: vocabulary.count)
        }
        guard
            var trainer = BytePairTrainer(
                words: countWords(in: texts, report: { report(vocabulary.count) }),
                vocabulary: vocabulary, minimumFrequency: configuration.minimumFrequency)
        else { return nil }
        while trainer.vocabulary.count < configuration.vocabularySize, trainer.mergeNextPair() {
            if trainer.merges.count % 64 == 0, !report(trainer.vocabulary.count) { return nil }
        }
        let special = parts.addedTokens.count
        let spellings = (0..<trainer.vocabulary.count).map { id in
            let bytes = trainer.vocabulary.bytes(at: id)
            return id < special
                ? String(decoding: bytes, as: UTF8.self) : ByteAlphabet.spelling(of: bytes)
        }
        parts.vocabulary = spellings.enumerated().map { ($1, $0) }
        for (index, pair) in trainer.merges.enumerated() {
            parts.merges.append((spellings[Int(pair.left)], spellings[Int(pair.right)], index + 1))
        }
        return try Tokenizer(parts, file: "")
    }

    /// How often each word is in the texts, or nil when `report` stopped it.
    private static func countWords(
        in texts: some Sequence<String>, report: () -> Bool
    ) -> (table: ByteTable, counts: [Int])? {
        var table = ByteTable()
        var counts: [Int] = []
        var bytesSinceReport = 0
        for text in texts {
            let bytes = Array(text.utf8)
            let span = bytes.span
            var start = 0
            while start < span.count {
                let end = WordSplitter.endOfWord(in: span, from: start)
                let (index, isNew) = table.insert(span.extracting(start..<end))
                if isNew { counts.append(0) }
                counts[index] += 1
                start = end
            }
            bytesSinceReport += bytes.count
            if bytesSinceReport > 1 << 20 {
                bytesSinceReport = 0
                guard report() else { return nil }
            }
        }
        return (table, counts)
    }
}
