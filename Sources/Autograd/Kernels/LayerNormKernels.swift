import CVectorMath

/// One row of layer norm: y = (x − μ) / √(σ² + ε) · scale + shift. Returns μ and 1/√(σ² + ε).
func normalizeRow(
    _ y: Floats, _ x: Floats, scale: Floats, shift: Floats, _ count: Int, epsilon: Float
) -> (mean: Float, inverseDeviation: Float) {
    let whole = count & ~15
    let rest = count - whole
    var sum = Lanes()
    for i in stride(from: 0, to: whole, by: 16) { unsafe sum += load(x, i) }
    if rest > 0 { unsafe sum += loadTail(x, whole, rest) }
    let mean = vector_sum(sum) / Float(count)
    // Two passes: the difference of squares loses everything when the variance is tiny.
    var squares = Lanes()
    for i in stride(from: 0, to: whole, by: 16) {
        let d = unsafe load(x, i) - mean
        squares.addProduct(d, d)
    }
    if rest > 0 {
        let d = unsafe loadTail(x, whole, rest, filler: mean) - mean
        squares.addProduct(d, d)
    }
    let inverse = 1 / (vector_sum(squares) / Float(count) + epsilon).squareRoot()
    for i in stride(from: 0, to: whole, by: 16) {
        let normal = unsafe (load(x, i) - mean) * inverse
        unsafe store(load(shift, i).addingProduct(normal, load(scale, i)), y, i)
    }
    for i in whole..<count {
        unsafe y[i] = shift[i].addingProduct((x[i] - mean) * inverse, scale[i])
    }
    return (mean, inverse)
}

/// The pullback of one row. With n = (x − μ)/σ and g = dy · scale:
///
///     dx = (g − mean(g) − n · mean(g n)) / σ,   dscale += dy · n,   dshift += dy
///
/// `addToInput` adds to `dx` instead of writing it; `dscale` and `dshift` may be absent (frozen).
func normalizeRowPullback(
    dx: Floats?, addToInput: Bool, dscale: Floats?, dshift: Floats?, dy: Floats, x: Floats,
    scale: Floats, _ count: Int, mean: Float, inverseDeviation: Float
) {
    let whole = count & ~15
    let rest = count - whole
    if let dscale = unsafe dscale {
        for i in stride(from: 0, to: whole, by: 16) {
            let normal = unsafe (load(x, i) - mean) * inverseDeviation
            unsafe store(load(dscale, i).addingProduct(load(dy, i), normal), dscale, i)
        }
        for i in whole..<count {
            unsafe dscale[i] += dy[i] * ((x[i] - mean) * inverseDeviation)
        }
    }
    if let dshift = unsafe dshift { unsafe addProduct(dshift, 1, dy, count) }
    guard let dx = unsafe dx else { return }
    var sum = Lanes()
    var product = Lanes()
    for i in stride(from: 0, to: whole, by: 16) {
        let g = unsafe load(dy, i) * load(scale, i)
        sum += g
        unsafe product.addProduct(g, (load(x, i) - mean) * inverseDeviation)
    }
    if rest > 0 {
        let g = unsafe loadTail(dy, whole, rest) * loadTail(scale, whole, rest)
        sum += g
        unsafe product.addProduct(
            g, (loadTail(x, whole, rest, filler: mean) - mean) * inverseDeviation)
    }
    let meanOfGradient = vector_sum(sum) / Float(count)
    let meanOfProduct = vector_sum(product) / Float(count)
    for i in stride(from: 0, to: whole, by: 16) {
        let normal = unsafe (load(x, i) - mean) * inverseDeviation
        let g = unsafe load(dy, i) * load(scale, i)
        let value = (g - meanOfGradient - normal * meanOfProduct) * inverseDeviation
        unsafe store(addToInput ? load(dx, i) + value : value, dx, i)
    }
    for i in whole..<count {
        let normal = unsafe (x[i] - mean) * inverseDeviation
        let value =
            unsafe (dy[i] * scale[i] - meanOfGradient - normal * meanOfProduct) * inverseDeviation
        unsafe dx[i] = addToInput ? dx[i] + value : value
    }
}
