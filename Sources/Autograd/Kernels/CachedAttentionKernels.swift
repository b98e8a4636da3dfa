/// output = softmax(q kᵀ / √size) v for one head of one new token over `visible` cached positions.
///
/// - Parameters:
///   - keys: `[size, capacity]`, position by position for each feature; `capacity` is a multiple of 16.
///   - values: `[visible, size]`, rows `valueStride` floats apart.
///   - scores: Room for `capacity` floats.
func attendToCache(
    query: Floats, keys: Floats, capacity: Int, values: Floats, valueStride: Int, visible: Int,
    size: Int, scores: Floats, output: Floats
) {
    // Positions beyond `visible` are computed from whatever stands there and never read.
    for position in stride(from: 0, to: visible, by: 16) {
        var even = Lanes()
        var odd = Lanes()
        let pairs = size & ~1
        for feature in stride(from: 0, to: pairs, by: 2) {
            let line = unsafe keys + feature &* capacity + position
            unsafe even.addProduct(Lanes(repeating: query[feature]), load(line, 0))
            unsafe odd.addProduct(Lanes(repeating: query[feature + 1]), load(line, capacity))
        }
        if pairs < size {
            unsafe even.addProduct(
                Lanes(repeating: query[pairs]), load(keys, pairs &* capacity &+ position))
        }
        unsafe store(even + odd, scores, position)
    }
    unsafe softmax(scores, visible, factor: 1 / Float(size).squareRoot())
    let whole = size & ~15
    for feature in stride(from: 0, to: whole, by: 16) {
        var even = Lanes()
        var odd = Lanes()
        let pairs = visible & ~1
        for position in stride(from: 0, to: pairs, by: 2) {
            let line = unsafe values + position &* valueStride + feature
            unsafe even.addProduct(Lanes(repeating: scores[position]), load(line, 0))
            unsafe odd.addProduct(Lanes(repeating: scores[position + 1]), load(line, valueStride))
        }
        if pairs < visible {
            unsafe even.addProduct(
                Lanes(repeating: scores[pairs]), load(values, pairs &* valueStride &+ feature))
        }
        unsafe store(even + odd, output, feature)
    }
    for feature in whole..<size {
        var sum: Float = 0
        for position in 0..<visible {
            unsafe sum += scores[position] * values[position &* valueStride &+ feature]
        }
        unsafe output[feature] = sum
    }
}
