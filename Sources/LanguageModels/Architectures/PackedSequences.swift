/// Token sequences of different lengths, one after the other, without padding.
public struct PackedSequences {
    /// All tokens.
    public let tokens: [Int]
    /// Each token's place in its own sequence.
    public let positions: [Int]
    /// The sequences' lengths.
    public let lengths: [Int]
    /// Where each sequence starts in `tokens`.
    public let starts: [Int]

    public init(_ sequences: [[Int]]) {
        tokens = sequences.flatMap { $0 }
        positions = sequences.flatMap { Array($0.indices) }
        lengths = sequences.map(\.count)
        var start = 0
        starts = sequences.map { sequence in
            defer { start += sequence.count }
            return start
        }
    }

    /// The row of each sequence's last token.
    public var lastRows: [Int] { zip(starts, lengths).map { $0 + $1 - 1 } }
}

/// Prompts with completions, packed, with the rows that predict the completions' tokens.
///
/// Row i of the hidden states predicts token i + 1; the first completion token is predicted by the
/// prompt's last one. A completion without a prompt has no prediction of its first token. The last
/// token of a row predicts nothing and nobody looks back at it, so it is left out.
public struct PackedCompletions {
    /// The ``TokenizedExample/inputTokens``.
    public let sequences: PackedSequences
    /// The rows whose next token is a completion token, sequence by sequence.
    public let predictingRows: [Int]
    /// Those next tokens.
    public let targets: [Int]
    /// Predicted tokens of each sequence; they sum to `targets.count`.
    public let counts: [Int]

    public init(_ examples: [TokenizedExample]) {
        sequences = PackedSequences(examples.map(\.inputTokens))
        var rows: [Int] = []
        var targets: [Int] = []
        counts = zip(examples, sequences.starts).map { example, start in
            let skipped = example.prompt.isEmpty ? 1 : 0
            for (i, token) in example.completion.enumerated().dropFirst(skipped) {
                rows.append(start + example.prompt.count + i - 1)
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
