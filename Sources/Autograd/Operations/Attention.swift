/// Causal self-attention of all heads over packed sequences (Vaswani et al. 2017, arXiv:1706.03762).
///
///     head = softmax(q kᵀ / √size, causal) v
///
/// Sequences lie one after the other without padding; a token sees its own sequence up to itself.
///
/// - Parameters:
///   - queryKeyValue: `[tokens, 3 · width]`: queries, keys and values side by side, each cut into
///     heads, as GPT-2's fused projection gives them.
///   - lengths: The sequences' lengths; they sum to the number of tokens.
///   - heads: Heads, a divisor of the width.
/// - Returns: `[tokens, width]`, heads side by side.
public func causalAttention(_ queryKeyValue: Tensor, lengths: [Int], heads: Int) -> Tensor {
    let tokens = queryKeyValue.rows
    let width = queryKeyValue.columns / 3
    precondition(
        lengths.reduce(0, +) == tokens && width % heads == 0,
        "causalAttention: \(lengths.reduce(0, +)) tokens and \(heads) heads do not fit "
            + "\(queryKeyValue.shape)")
    let size = width / heads
    let factor = 1 / Float(size).squareRoot()
    let block = queryBlock * (lengths.max() ?? 0)

    func forEachHead(
        of tensor: Tensor,
        _ body: (AttentionHead, _ first: Int, _ length: Int, _ column: Int) -> Void
    ) {
        var first = 0
        for length in lengths {
            let row = unsafe tensor.pointer + first &* 3 &* width
            for head in 0..<heads {
                let column = head &* size
                unsafe body(
                    AttentionHead(
                        query: row + column, key: row + width + column,
                        value: row + 2 &* width + column, stride: 3 &* width, size: size,
                        scale: factor), first, length, column)
            }
            first += length
        }
    }

    let result = Tensor(uninitialized: [tokens, width])
    let scores = Tensor(uninitialized: [block])
    unsafe forEachHead(of: queryKeyValue) { head, first, length, column in
        unsafe attend(
            head, length: length, scores: scores.pointer,
            output: result.pointer + first &* width + column, outputStride: width)
    }
    guard let tape = Tensor.tape(of: queryKeyValue) else { return result }
    return tape.record(result) { upstream in
        queryKeyValue.contribute { target, isFresh in
            if isFresh { unsafe target.pointer.update(repeating: 0, count: target.count) }
            let scores = Tensor(uninitialized: [block])
            let scoreGradients = Tensor(uninitialized: [block])
            unsafe forEachHead(of: queryKeyValue) { head, first, length, column in
                let row = unsafe target.pointer + first &* 3 &* width + column
                let gradient = unsafe AttentionHead(
                    query: row, key: row + width, value: row + 2 &* width, stride: 3 &* width,
                    size: size, scale: factor)
                unsafe attendPullback(
                    head, gradient: gradient, length: length, scores: scores.pointer,
                    scoreGradients: scoreGradients.pointer,
                    upstream: upstream.pointer + first &* width + column, upstreamStride: width)
            }
        }
    }
}
