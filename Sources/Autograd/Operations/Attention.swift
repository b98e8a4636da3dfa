/// Causal self-attention of all heads over packed sequences (Vaswani et al. 2017, arXiv:1706.03762).
///
///     head = softmax(q kᵀ / √size, causal) v
///
/// Sequences lie one after the other without padding; a token sees its own sequence up to itself. A
/// sequence may go on from rows of another, such as the prompt of several answers: it sees them as its
/// own first tokens, with the same bits as if they lay before it.
///
/// - Parameters:
///   - queryKeyValue: `[tokens, 3 · width]`: queries, keys and values side by side, each cut into
///     heads, as GPT-2's fused projection gives them.
///   - lengths: The rows that each sequence has of its own; they sum to the number of tokens.
///   - heads: Heads, a divisor of the width.
///   - beginnings: The rows each sequence goes on from, in order; left out, there are none at all.
/// - Returns: `[tokens, width]`, heads side by side.
public func causalAttention(
    _ queryKeyValue: Tensor, lengths: [Int], heads: Int, beginnings: [[Int]] = []
) -> Tensor {
    let tokens = queryKeyValue.rows
    let width = queryKeyValue.columns / 3
    precondition(
        lengths.reduce(0, +) == tokens && width % heads == 0,
        "causalAttention: \(lengths.reduce(0, +)) tokens and \(heads) heads do not fit "
            + "\(queryKeyValue.shape)")
    precondition(
        beginnings.isEmpty
            || beginnings.count == lengths.count
                && beginnings.allSatisfy { $0.allSatisfy { $0 >= 0 && $0 < tokens } },
        "causalAttention: \(beginnings.count) beginnings do not fit \(lengths.count) sequences of "
            + "\(tokens) tokens")
    let layout = AttentionLayout(
        width: width, heads: heads, lengths: lengths, beginnings: beginnings)

    let result = Tensor(uninitialized: Shape(tokens, width))
    let scores = Tensor(uninitialized: Shape(queryBlock * layout.longest))
    let keys = Tensor(uninitialized: Shape(layout.gatheredCount))
    layout.forEachHead { sequence, column in
        unsafe attend(
            layout.head(
                of: sequence, column, in: queryKeyValue.pointer, gathered: keys.pointer),
            length: sequence.length, scores: scores.pointer,
            output: result.pointer + sequence.first &* width + column, outputStride: width)
    }
    guard let tape = queryKeyValue.tape else { return result }
    return tape.record(
        result, .attention(AttentionPullback(queryKeyValue: queryKeyValue, layout: layout)))
}

struct AttentionPullback {
    let queryKeyValue: Tensor
    let layout: AttentionLayout

    func send(_ gradient: Tensor) {
        let width = layout.width
        queryKeyValue.contribute { target, isFresh in
            if isFresh { unsafe target.pointer.update(repeating: 0, count: target.count) }
            let scores = Tensor(uninitialized: Shape(queryBlock * layout.longest))
            let scoreGradients = Tensor(uninitialized: Shape(queryBlock * layout.longest))
            let keys = Tensor(uninitialized: Shape(layout.gatheredCount))
            let keyGradients = Tensor(uninitialized: Shape(layout.gatheredCount))
            layout.forEachHead { sequence, column in
                let head = unsafe layout.gradientHead(
                    of: sequence, column, in: target.pointer, gathered: keyGradients.pointer)
                unsafe attendPullback(
                    layout.head(
                        of: sequence, column, in: queryKeyValue.pointer, gathered: keys.pointer),
                    gradient: head, length: sequence.length, scores: scores.pointer,
                    scoreGradients: scoreGradients.pointer,
                    upstream: gradient.pointer + sequence.first &* width + column,
                    upstreamStride: width)
                unsafe layout.scatter(head, of: sequence, column, into: target.pointer)
            }
        }
    }
}

/// Where the heads of packed sequences lie in `[tokens, 3 · width]`.
///
/// Keys and values of a sequence that goes on from another's rows are brought together first, so that
/// the products see them as those of any other sequence.
struct AttentionLayout {
    struct Sequence {
        /// Its own rows.
        let first, length: Int
        /// Those it goes on from.
        let beginning: [Int]

        var count: Int { beginning.count + length }

        func row(_ position: Int) -> Int {
            position < beginning.count
                ? beginning[position] : first + position - beginning.count
        }
    }

    let width, heads: Int
    let lengths: [Int]
    /// None at all where no sequence goes on from another.
    let beginnings: [[Int]]

    /// The width of a head.
    var size: Int { width / heads }

    /// Tokens of the longest sequence.
    var longest: Int {
        var longest = 0
        forEachSequence { longest = max(longest, $0.count) }
        return longest
    }

    /// Floats of the largest keys and values that are brought together.
    var gatheredCount: Int {
        var longest = 0
        forEachSequence { if !$0.beginning.isEmpty { longest = max(longest, $0.count) } }
        return 2 * size * longest
    }

    private func forEachSequence(_ body: (Sequence) -> Void) {
        var first = 0
        for (place, length) in lengths.enumerated() {
            body(
                Sequence(
                    first: first, length: length,
                    beginning: beginnings.isEmpty ? [] : beginnings[place]))
            first += length
        }
    }

    func forEachHead(_ body: (Sequence, _ column: Int) -> Void) {
        forEachSequence { sequence in
            if sequence.length == 0 { return }
            for head in 0..<heads { body(sequence, head &* size) }
        }
    }

    /// A head of the values, or of gradients that are to be added to.
    func head(
        of sequence: Sequence, _ column: Int, in pointer: Floats, gathered: Floats
    ) -> AttentionHead {
        guard !sequence.beginning.isEmpty else { return unsafe plain(sequence, column, pointer) }
        for position in 0..<sequence.count {
            let row = unsafe pointer + sequence.row(position) &* 3 &* width + column
            unsafe copy(gathered + position &* size, row + width, size)
            unsafe copy(
                gathered + (sequence.count + position) &* size, row + 2 &* width, size)
        }
        return unsafe apart(sequence, column, pointer, gathered)
    }

    /// A head of gradients, those of gathered keys and values at 0.
    func gradientHead(
        of sequence: Sequence, _ column: Int, in pointer: Floats, gathered: Floats
    ) -> AttentionHead {
        guard !sequence.beginning.isEmpty else { return unsafe plain(sequence, column, pointer) }
        unsafe gathered.update(repeating: 0, count: 2 &* sequence.count &* size)
        return unsafe apart(sequence, column, pointer, gathered)
    }

    /// Adds the gradients of gathered keys and values to the rows they came from.
    func scatter(
        _ gradient: borrowing AttentionHead, of sequence: Sequence, _ column: Int,
        into pointer: Floats
    ) {
        guard !sequence.beginning.isEmpty else { return }
        for position in 0..<sequence.count {
            let row = unsafe pointer + sequence.row(position) &* 3 &* width + column
            unsafe addProduct(row + width, 1, gradient.key + position &* size, size)
            unsafe addProduct(row + 2 &* width, 1, gradient.value + position &* size, size)
        }
    }

    private func plain(
        _ sequence: Sequence, _ column: Int, _ pointer: Floats
    ) -> AttentionHead {
        let row = unsafe pointer + sequence.first &* 3 &* width + column
        return unsafe AttentionHead(
            query: row, stride: 3 &* width, key: row + width, value: row + 2 &* width,
            keyStride: 3 &* width, before: 0, size: size, scale: scale)
    }

    private func apart(
        _ sequence: Sequence, _ column: Int, _ pointer: Floats, _ gathered: Floats
    ) -> AttentionHead {
        unsafe AttentionHead(
            query: pointer + sequence.first &* 3 &* width + column, stride: 3 &* width,
            key: gathered, value: gathered + sequence.count &* size, keyStride: size,
            before: sequence.beginning.count, size: size, scale: scale)
    }

    private var scale: Float { 1 / Float(size).squareRoot() }
}
