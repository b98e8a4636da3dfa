extension Tokenizer {
    /// The text of tokens, special tokens included.
    ///
    /// Bytes that are not UTF-8 (a character cut in two, say) become U+FFFD.
    public func decode(_ ids: [Int]) -> String {
        String(decoding: decodeBytes(ids), as: UTF8.self)
    }

    /// The text of tokens without the special ones: what a reader wants to see.
    public func decodeWithoutSpecialTokens(_ ids: [Int]) -> String {
        let special = addedTokens.filter(\.isSpecial).map(\.id)
        return decode(ids.filter { !special.contains($0) })
    }

    /// The bytes of tokens. An id that is no token gives the bytes of U+FFFD.
    public func decodeBytes(_ ids: [Int]) -> [UInt8] {
        var result: [UInt8] = []
        for id in ids { result += bytes(of: id) ?? Array("\u{FFFD}".utf8) }
        return result
    }

    /// The bytes of one token, or nil when no token has the id.
    ///
    /// Added tokens stand for their own text, also when it looks like spelled bytes.
    public func bytes(of id: Int) -> [UInt8]? {
        guard let spelling = token(id) else { return nil }
        if addedTokens.contains(where: { $0.id == id }) { return Array(spelling.utf8) }
        return ByteAlphabet.bytes(ofSpelling: spelling)
    }
}
