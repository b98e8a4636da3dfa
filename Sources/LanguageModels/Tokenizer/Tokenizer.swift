/// A byte-level BPE tokenizer as GPT-2 has it (Radford et al. 2019; Sennrich et al. 2016).
///
/// A text is cut into added tokens and words (`WordSplitter`), the bytes of each word become
/// tokens, and pairs of neighbouring tokens are merged in the order in which training found them.
/// Every text can be encoded, and decoding gives back its bytes.
///
/// Tokens are compared by bytes, never by what Swift strings call equal. The ids are those of the
/// `tokenizers` library for the same files; a post-processor that would add tokens is not applied.
public struct Tokenizer: Equatable, Sendable {
    /// What is not a token: how text is prepared, and what stands in the files beside it.
    struct Settings: Equatable, Sendable {
        /// A space is put before text that does not start with one.
        var addsPrefixSpace = false
        /// Text is cut into words; otherwise merges run over the whole text between added tokens.
        var splitsWords = true
        /// Stands for bytes that have no token of their own.
        var unknownToken: String?
        /// Several unknown bytes in a row become one unknown token.
        var fusesUnknown = false
        /// A word that is a token is that token, whatever the merges say.
        var prefersWholeWords = false
        /// JSON text of the post-processor, kept for writing.
        var postProcessor: String?
    }

    let settings: Settings
    /// The spelling of each token by id, in the byte alphabet; nil where an id is not used.
    let spellings: [String?]
    /// Merges in order of rank.
    let merges: [TokenPair]
    /// Tokens that are found in the text itself, by id.
    public let addedTokens: [AddedToken]
    /// The token that ends a text: `<|endoftext|>`, unless the files name another one.
    public internal(set) var endOfText: Int?

    let mergeTable: MergeTable
    let idsBySpelling: ByteTable
    /// Ids in the order of `idsBySpelling`.
    let idsByIndex: [Int32]
    /// The token of each single byte, -1 where there is none.
    let byteTokens: [Int32]
    let unknownID: Int32?
    let firstFinder: AddedTokenFinder
    let secondFinder: AddedTokenFinder

    /// The name of the end-of-text token in GPT-2's vocabulary.
    public static let endOfTextToken = "<|endoftext|>"

    /// One more than the largest id: the fewest rows that a model's embedding must have.
    public var vocabularySize: Int { spellings.count }

    /// The bytes that have no token: they become the unknown token or, without one, nothing.
    /// Empty for every tokenizer that was trained over the full byte alphabet.
    public var missingBytes: [UInt8] {
        (0...255).filter { byteTokens[Int($0)] < 0 }
    }

    /// A token as vocabularies spell it (`Ġthe` for `" the"`), or nil when no token has the id.
    public func token(_ id: Int) -> String? {
        spellings.indices.contains(id) ? spellings[id] : nil
    }

    /// The id of a token as vocabularies spell it, or nil when there is none.
    public func id(of token: String) -> Int? {
        lookUp(token).map(Int.init)
    }

    /// The first id that is no token, to be refused before decoding.
    public func firstUnknownID(in ids: [Int]) -> Int? {
        ids.first { token($0) == nil }
    }

    func lookUp(_ spelling: String) -> Int32? {
        idsBySpelling.index(of: spelling.utf8Span.span).map { idsByIndex[$0] }
    }
}
