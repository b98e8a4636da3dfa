extension Tokenizer {
    /// The tokens of a text. The empty text has none, and no token is added at either end.
    public func encode(_ text: String) -> [Int] {
        encode(bytes: Array(text.utf8))
    }

    /// The tokens of bytes, which need not be UTF-8.
    public func encode(bytes: [UInt8]) -> [Int] {
        var encoder = WordEncoder(self)
        return encoder.encode(bytes)
    }

    /// The tokens of many texts; words that were met before are not merged again.
    public func encode(_ texts: [String]) -> [[Int]] {
        var encoder = WordEncoder(self)
        return texts.map { encoder.encode(Array($0.utf8)) }
    }
}

/// Encodes texts one after the other and remembers the tokens of the words it met.
struct WordEncoder {
    private let tokenizer: Tokenizer
    private var words = ByteTable()
    /// The tokens of word `i` are `wordTokens[wordEnds[i]..<wordEnds[i + 1]]`.
    private var wordTokens: [Int32] = []
    private var wordEnds = [0]
    private var scratch: [Int32] = []

    private static let mostRememberedWords = 1 << 17
    private static let longestRememberedWord = 64

    init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    mutating func encode(_ bytes: [UInt8]) -> [Int] {
        var ids: [Int] = []
        ids.reserveCapacity(bytes.count / 3)
        let text = bytes.span
        for piece in tokenizer.firstFinder.pieces(of: text, in: 0..<bytes.count) {
            if let id = piece.id {
                ids.append(id)
                continue
            }
            for inner in tokenizer.secondFinder.pieces(of: text, in: piece.range) {
                if let id = inner.id {
                    ids.append(id)
                } else {
                    encodePlain(bytes, inner.range, to: &ids)
                }
            }
        }
        return ids
    }

    /// Encodes text between added tokens.
    private mutating func encodePlain(_ bytes: [UInt8], _ range: Range<Int>, to ids: inout [Int]) {
        guard !range.isEmpty else { return }
        let needsSpace = tokenizer.settings.addsPrefixSpace && bytes[range.lowerBound] != 0x20
        let text = needsSpace ? [0x20] + bytes[range] : Array(bytes[range])
        guard tokenizer.settings.splitsWords else {
            encodeWord(text.span, to: &ids)
            return
        }
        let span = text.span
        var start = 0
        while start < text.count {
            let end = WordSplitter.endOfWord(in: span, from: start)
            encodeWord(span.extracting(start..<end), to: &ids)
            start = end
        }
    }

    private mutating func encodeWord(_ word: Span<UInt8>, to ids: inout [Int]) {
        if word.count <= Self.longestRememberedWord {
            if let index = words.index(of: word) {
                for place in wordEnds[index]..<wordEnds[index + 1] {
                    ids.append(Int(wordTokens[place]))
                }
                return
            }
            merge(word)
            if words.count < Self.mostRememberedWords {
                _ = words.insert(word)
                wordTokens += scratch
                wordEnds.append(wordTokens.count)
            }
        } else {
            merge(word)
        }
        for id in scratch { ids.append(Int(id)) }
    }

    /// Leaves the tokens of a word in `scratch`.
    private mutating func merge(_ word: Span<UInt8>) {
        scratch.removeAll(keepingCapacity: true)
        if tokenizer.settings.prefersWholeWords {
            let bytes = word.indices.map { word[$0] }
            if let id = tokenizer.lookUp(ByteAlphabet.spelling(of: bytes)) {
                scratch.append(id)
                return
            }
        }
        var lastIsUnknown = false
        for index in word.indices {
            let id = tokenizer.byteTokens[Int(word[index])]
            if id >= 0 {
                scratch.append(id)
                lastIsUnknown = false
            } else if let unknown = tokenizer.unknownID {
                if !(lastIsUnknown && tokenizer.settings.fusesUnknown) { scratch.append(unknown) }
                lastIsUnknown = true
            }
        }
        tokenizer.mergeTable.apply(to: &scratch)
    }
}
