/// Token sequences one after the other, without padding.
///
/// What a sequence has in common with the beginning of another one, such as the prompt of several
/// answers, is packed once: a token's hidden state depends on the tokens before it alone, so both go on
/// from the same rows, with the same bits.
public struct PackedSequences {
    /// Beginnings of fewer tokens are packed again: sharing them would save less than it costs.
    public static let leastShared = 8

    /// The tokens of all rows.
    public let tokens: [Int]
    /// Each row's place in its own sequence.
    public let positions: [Int]
    /// How many rows each sequence has of its own.
    public let lengths: [Int]
    /// Where the rows of its own start.
    public let starts: [Int]
    /// The rows of other sequences that come before them; most have none.
    public let beginnings: [[Int]]
    /// The row of each sequence's last token; -1 for a sequence without tokens.
    public let lastRows: [Int]

    /// - Parameter sharesBeginnings: False packs every sequence whole.
    public init(_ sequences: [[Int]], sharesBeginnings: Bool = true) {
        // In the order of their tokens, nobody before a sequence has more in common with it than its
        // neighbour; whatever they share, the neighbour owns or shares itself.
        let order = sharesBeginnings ? Self.order(of: sequences) : Array(sequences.indices)
        var shared = [Int](repeating: 0, count: sequences.count)
        if sharesBeginnings {
            for (before, place) in zip(order, order.dropFirst()) {
                shared[place] = Self.sharedCount(sequences[before], sequences[place])
            }
        }
        var tokens: [Int] = []
        var positions: [Int] = []
        var starts: [Int] = []
        for (sequence, count) in zip(sequences, shared) {
            starts.append(tokens.count)
            tokens += sequence[count...]
            positions += count..<sequence.count
        }
        var beginnings = [[Int]](repeating: [], count: sequences.count)
        for (before, place) in zip(order, order.dropFirst()) where shared[place] > 0 {
            let beginning = beginnings[before].prefix(shared[place])
            let start = starts[before]
            beginnings[place] =
                Array(beginning) + (start..<(start + shared[place] - beginning.count))
        }
        self.tokens = tokens
        self.positions = positions
        self.starts = starts
        self.beginnings = beginnings
        lengths = zip(sequences, shared).map { $0.count - $1 }
        lastRows = sequences.indices.map { place in
            let own = sequences[place].count - shared[place]
            return own > 0 ? starts[place] + own - 1 : beginnings[place].last ?? -1
        }
    }

    /// The places of sequences in the order of their tokens: those that begin alike are neighbours.
    public static func order(of sequences: [[Int]]) -> [Int] {
        sequences.indices.sorted {
            sequences[$0].lexicographicallyPrecedes(sequences[$1])
                || $0 < $1 && sequences[$0] == sequences[$1]
        }
    }

    /// How many rows two sequences share: the tokens they begin with alike, or 0 where they are too few.
    public static func sharedCount(_ a: [Int], _ b: [Int]) -> Int {
        let most = min(a.count, b.count)
        var count = 0
        while count < most && a[count] == b[count] { count += 1 }
        return count < leastShared ? 0 : count
    }

    /// The row of a sequence's token.
    public func row(of sequence: Int, at position: Int) -> Int {
        let beginning = beginnings[sequence]
        return beginning.indices.contains(position)
            ? beginning[position] : starts[sequence] + position - beginning.count
    }

    /// The tokens of a sequence, those it shares among them.
    public func count(of sequence: Int) -> Int { beginnings[sequence].count + lengths[sequence] }

    /// The rows of a sequence, those it shares first.
    public func rows(of sequence: Int) -> [Int] {
        beginnings[sequence] + (starts[sequence]..<(starts[sequence] + lengths[sequence]))
    }

    /// The tokens of a sequence.
    public func sequence(_ place: Int) -> [Int] { rows(of: place).map { tokens[$0] } }

}

/// Prompts with completions, packed, with the rows that predict the completions' tokens.
///
/// Row i of the hidden states predicts token i + 1; the first completion token is predicted by the
/// prompt's last one. A completion without a prompt has no prediction of its first token. The last
/// token of a row predicts nothing and nobody looks back at it, so it is left out.
public struct PackedCompletions {
    /// The ``TokenizedExample/inputTokens``.
    public let sequences: PackedSequences
    /// The rows whose next token is a completion token, sequence by sequence; a row that several
    /// completions share comes once for each.
    public let predictingRows: [Int]
    /// Those next tokens.
    public let targets: [Int]
    /// Predicted tokens of each sequence; they sum to `targets.count`.
    public let counts: [Int]

    public init(_ examples: [TokenizedExample]) {
        sequences = PackedSequences(examples.map(\.inputTokens))
        var rows: [Int] = []
        var targets: [Int] = []
        counts = examples.enumerated().map { [sequences] place, example in
            let skipped = example.prompt.isEmpty ? 1 : 0
            for (i, token) in example.completion.enumerated().dropFirst(skipped) {
                rows.append(sequences.row(of: place, at: example.prompt.count + i - 1))
                targets.append(token)
            }
            return max(0, example.completion.count - skipped)
        }
        predictingRows = rows
        self.targets = targets
    }
}

/// A prompt and a completion as token ids, the end token included where there is one.
public struct TokenizedExample: Sendable, Equatable {
    public var prompt: [Int]
    public var completion: [Int]

    public init(prompt: [Int], completion: [Int]) {
        self.prompt = prompt
        self.completion = completion
    }

    /// What a model reads to predict the completion: all tokens but the last, or none where there is
    /// nothing to predict.
    public var inputTokens: [Int] {
        predictedCount == 0 ? [] : prompt + completion.dropLast()
    }
    /// Tokens of both.
    public var count: Int { prompt.count + completion.count }
    /// Completion tokens that have something before them to be predicted from.
    public var predictedCount: Int { max(0, completion.count - (prompt.isEmpty ? 1 : 0)) }
}
