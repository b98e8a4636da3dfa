/// How one head of a packed sequence lies in memory: rows are tokens, `stride` floats apart in the
/// queries and `keyStride` in keys and values, of which the first `before` have no query here.
@unsafe struct AttentionHead {
    let query: Floats
    let stride: Int
    let key: Floats
    let value: Floats
    let keyStride: Int
    let before: Int
    let size: Int
    let scale: Float
}

/// Query rows handled at once: bounds the score block to `queryBlock` × length, and what is computed
/// beyond the diagonal to half of it.
let queryBlock = 32

/// Causal probabilities of query rows `first ..< first + rows` over all keys up to the last one's place,
/// into `scores` (row length `keys` = before + first + rows); keys after a query's own place get 0.
func causalProbabilities(
    _ head: borrowing AttentionHead, first: Int, rows: Int, into scores: Floats
) {
    let keys = unsafe head.before + first + rows
    unsafe matrixProduct(
        rows: rows, columns: keys, inner: head.size,
        LeftOperand(pointer: head.query + first &* head.stride, stride: head.stride),
        .transposed(head.key, stride: head.keyStride), scores, keys)
    for row in 0..<rows {
        let line = unsafe scores + row &* keys
        let visible = unsafe head.before + first + row + 1
        unsafe softmax(line, visible, factor: head.scale)
        for key in visible..<keys { unsafe line[key] = 0 }
    }
}

/// output = softmax(q kᵀ · scale) v for one head of one sequence, for its `length` queries.
func attend(
    _ head: borrowing AttentionHead, length: Int, scores: Floats, output: Floats, outputStride: Int
) {
    for first in stride(from: 0, to: length, by: queryBlock) {
        let rows = min(queryBlock, length - first)
        let keys = unsafe head.before + first + rows
        unsafe causalProbabilities(head, first: first, rows: rows, into: scores)
        unsafe matrixProduct(
            rows: rows, columns: head.size, inner: keys,
            LeftOperand(pointer: scores, stride: keys), .rows(head.value, stride: head.keyStride),
            output + first &* outputStride, outputStride)
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
        let keys = unsafe head.before + first + rows
        let dOutput = unsafe upstream + first &* upstreamStride
        unsafe causalProbabilities(head, first: first, rows: rows, into: scores)
        unsafe matrixProduct(
            rows: keys, columns: head.size, inner: rows,
            LeftOperand(pointer: scores, stride: keys, isTransposed: true),
            .rows(dOutput, stride: upstreamStride), gradient.value, gradient.keyStride,
            ProductFusion(adds: true))
        unsafe matrixProduct(
            rows: rows, columns: keys, inner: head.size,
            LeftOperand(pointer: dOutput, stride: upstreamStride),
            .transposed(head.value, stride: head.keyStride), scoreGradients, keys)
        for row in 0..<rows {
            let p = unsafe scores + row &* keys
            let d = unsafe scoreGradients + row &* keys
            let visible = unsafe head.before + first + row + 1
            let mean = unsafe dotProduct(p, d, visible)
            unsafe multiplyCentered(d, p, mean, factor: head.scale, visible)
            for key in visible..<keys { unsafe d[key] = 0 }
        }
        unsafe matrixProduct(
            rows: rows, columns: head.size, inner: keys,
            LeftOperand(pointer: scoreGradients, stride: keys),
            .rows(head.key, stride: head.keyStride),
            gradient.query + first &* gradient.stride, gradient.stride,
            ProductFusion(adds: true))
        unsafe matrixProduct(
            rows: keys, columns: head.size, inner: rows,
            LeftOperand(pointer: scoreGradients, stride: keys, isTransposed: true),
            .rows(head.query + first &* head.stride, stride: head.stride), gradient.key,
            gradient.keyStride, ProductFusion(adds: true))
    }
}

/// d = factor · p · (d − mean).
private func multiplyCentered(
    _ d: Floats, _ p: Floats, _ mean: Float, factor: Float, _ count: Int
) {
    let whole = count & ~15
    for i in stride(from: 0, to: whole, by: 16) {
        unsafe store(load(p, i) * factor * (load(d, i) - mean), d, i)
    }
    for i in whole..<count { unsafe d[i] = p[i] * factor * (d[i] - mean) }
}
