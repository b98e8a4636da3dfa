/// How one head of a packed sequence lies in memory: rows are tokens, `stride` floats apart.
@unsafe struct AttentionHead {
    let query: Floats
    let key: Floats
    let value: Floats
    let stride: Int
    let size: Int
    let scale: Float
}

/// Query rows handled at once: bounds the score block to `queryBlock` × length.
let queryBlock = 64

/// Causal probabilities of query rows `first ..< first + rows` over keys `0 ..< first + rows`, into
/// `scores` (row length `keys` = first + rows); keys after a query's own place get 0.
func causalProbabilities(
    _ head: borrowing AttentionHead, first: Int, rows: Int, into scores: Floats
) {
    let keys = first + rows
    unsafe matrixProduct(
        rows: rows, columns: keys, inner: head.size, head.query + first &* head.stride, head.stride,
        head.key, head.stride, transposeB: true, alpha: head.scale, beta: 0, scores, keys)
    for row in 0..<rows {
        let line = unsafe scores + row &* keys
        let visible = first + row + 1
        unsafe softmax(line, visible)
        for key in visible..<keys { unsafe line[key] = 0 }
    }
}

/// output = softmax(q kᵀ · scale) v for one head of one sequence of `length` tokens.
func attend(
    _ head: borrowing AttentionHead, length: Int, scores: Floats, output: Floats, outputStride: Int
) {
    for first in stride(from: 0, to: length, by: queryBlock) {
        let rows = min(queryBlock, length - first)
        let keys = first + rows
        unsafe causalProbabilities(head, first: first, rows: rows, into: scores)
        unsafe matrixProduct(
            rows: rows, columns: head.size, inner: keys, scores, keys, head.value, head.stride,
            beta: 0, output + first &* outputStride, outputStride)
    }
}

/// The pullback of ``attend``: adds to the gradients of query, key and value, which lie like them.
///
///     dV = Pᵀ dO,   dP = dO Vᵀ,   dS = P ∘ (dP − rowsum(dP ∘ P)),   dQ = dS K,   dK = dSᵀ Q
///
/// The probabilities are computed again rather than kept: memory stays linear in the length.
func attendPullback(
    _ head: borrowing AttentionHead, gradient: borrowing AttentionHead, length: Int,
    scores: Floats, scoreGradients: Floats, upstream: Floats, upstreamStride: Int
) {
    for first in stride(from: 0, to: length, by: queryBlock) {
        let rows = min(queryBlock, length - first)
        let keys = first + rows
        let dOutput = unsafe upstream + first &* upstreamStride
        unsafe causalProbabilities(head, first: first, rows: rows, into: scores)
        unsafe matrixProduct(
            rows: keys, columns: head.size, inner: rows, scores, keys, transposeA: true, dOutput,
            upstreamStride, beta: 1, gradient.value, gradient.stride)
        unsafe matrixProduct(
            rows: rows, columns: keys, inner: head.size, dOutput, upstreamStride, head.value,
            head.stride, transposeB: true, beta: 0, scoreGradients, keys)
        for row in 0..<rows {
            let p = unsafe scores + row &* keys
            let d = unsafe scoreGradients + row &* keys
            let visible = first + row + 1
            let mean = unsafe dotProduct(p, d, visible)
            unsafe multiplyCentered(d, p, mean, visible)
            for key in visible..<keys { unsafe d[key] = 0 }
        }
        unsafe matrixProduct(
            rows: rows, columns: head.size, inner: keys, scoreGradients, keys, head.key,
            head.stride, alpha: head.scale, beta: 1, gradient.query + first &* gradient.stride,
            gradient.stride)
        unsafe matrixProduct(
            rows: keys, columns: head.size, inner: rows, scoreGradients, keys, transposeA: true,
            head.query + first &* head.stride, head.stride, alpha: head.scale, beta: 1,
            gradient.key, gradient.stride)
    }
}

/// d = p · (d − mean).
private func multiplyCentered(_ d: Floats, _ p: Floats, _ mean: Float, _ count: Int) {
    let whole = count & ~15
    for i in stride(from: 0, to: whole, by: 16) {
        unsafe store(load(p, i) * (load(d, i) - mean), d, i)
    }
    for i in whole..<count { unsafe d[i] = p[i] * (d[i] - mean) }
}
