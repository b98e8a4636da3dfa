/// The parts of a tokenizer as files list them, before they are checked against each other.
struct TokenizerParts {
    /// Tokens by spelling, with ids, in the order of the file.
    var vocabulary: [(spelling: String, id: Int)] = []
    /// Merges in order of rank; `number` is the line or place in the file.
    var merges: [(left: String, right: String, number: Int)] = []
    var addedTokens: [AddedToken] = []
    var settings = Tokenizer.Settings()
}

extension Tokenizer {
    /// Checks the parts against each other and builds the lookup tables.
    ///
    /// - Throws: `LanguageModelError.tokenizer`.
    init(_ parts: TokenizerParts, file: String) throws(LanguageModelError) {
        func refuse(_ problem: TokenizerProblem) -> LanguageModelError {
            .tokenizer(file: file, problem)
        }
        var builder = VocabularyBuilder()
        for (spelling, id) in parts.vocabulary {
            if let problem = builder.add(spelling, id: id) { throw refuse(problem) }
        }
        var list: [(pair: TokenPair, result: Int32)] = []
        list.reserveCapacity(parts.merges.count)
        for (left, right, number) in parts.merges {
            guard let leftID = builder.id(of: left) else {
                throw refuse(.mergeOutsideVocabulary(number: number, token: left))
            }
            guard let rightID = builder.id(of: right) else {
                throw refuse(.mergeOutsideVocabulary(number: number, token: right))
            }
            guard let result = builder.id(of: left + right) else {
                throw refuse(.mergeOutsideVocabulary(number: number, token: left + right))
            }
            list.append((TokenPair(left: leftID, right: rightID), result))
        }
        byteTokens = ByteAlphabet.scalars.map { builder.id(of: String($0)) ?? -1 }
        if let unknown = parts.settings.unknownToken {
            unknownID = builder.id(of: unknown)
            if unknownID == nil, byteTokens.contains(-1) {
                throw refuse(.unknownTokenMissing(token: unknown))
            }
        } else {
            unknownID = nil
        }
        for token in parts.addedTokens {
            if let id = builder.id(of: token.text) {
                guard Int(id) == token.id else {
                    throw refuse(
                        .contradictoryID(
                            token: token.text, inVocabulary: Int(id), inAddedTokens: token.id))
                }
            } else if let problem = builder.add(token.text, id: token.id) {
                throw refuse(problem)
            }
        }
        settings = parts.settings
        merges = list.map(\.pair)
        mergeTable = MergeTable(list)
        addedTokens = parts.addedTokens.sorted { $0.id < $1.id }
        spellings = builder.spellings()
        idsBySpelling = builder.table
        idsByIndex = builder.ids
        firstFinder = AddedTokenFinder(addedTokens.filter { !$0.isNormalized })
        secondFinder = AddedTokenFinder(addedTokens.filter(\.isNormalized))
        endOfText = builder.id(of: Self.endOfTextToken).map(Int.init)
    }
}

/// Collects tokens and refuses ids that are used twice.
private struct VocabularyBuilder {
    var table = ByteTable()
    var ids: [Int32] = []
    private var spellingsByID: [Int32: String] = [:]

    mutating func add(_ spelling: String, id: Int) -> TokenizerProblem? {
        guard let narrow = Int32(exactly: id), narrow >= 0, narrow < .max else {
            return .idOutOfRange(token: spelling, id: id)
        }
        if let first = spellingsByID.updateValue(spelling, forKey: narrow) {
            return .repeatedID(id: id, first: first, second: spelling)
        }
        _ = table.insert(spelling.utf8Span.span)
        ids.append(narrow)
        return nil
    }

    func id(of spelling: String) -> Int32? {
        table.index(of: spelling.utf8Span.span).map { ids[$0] }
    }

    func spellings() -> [String?] {
        var spellings = [String?](repeating: nil, count: ids.max().map { Int($0) + 1 } ?? 0)
        for (index, id) in ids.enumerated() {
            spellings[Int(id)] = String(decoding: table.bytes(at: index), as: UTF8.self)
        }
        return spellings
    }
}
