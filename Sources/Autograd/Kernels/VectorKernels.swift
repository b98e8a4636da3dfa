import CVectorMath

// Loops over whole vectors, sixteen lanes at a time with a scalar tail of the same arithmetic.

@inline(__always)
func load(_ p: Floats, _ i: Int) -> Lanes {
    unsafe UnsafeRawPointer(p + i).loadUnaligned(as: Lanes.self)
}

@inline(__always)
func store(_ x: Lanes, _ p: Floats, _ i: Int) {
    unsafe UnsafeMutableRawPointer(p + i).storeBytes(of: x, as: Lanes.self)
}

/// The last `count` < 16 elements, the other lanes filled.
@inline(__always)
func loadTail(_ p: Floats, _ i: Int, _ count: Int, filler: Float = 0) -> Lanes {
    var x = Lanes(repeating: filler)
    for lane in 0..<count { unsafe x[lane] = p[i + lane] }
    return x
}

@inline(__always)
func storeTail(_ x: Lanes, _ p: Floats, _ i: Int, _ count: Int) {
    for lane in 0..<count { unsafe p[i + lane] = x[lane] }
}

/// y += a · x.
func addProduct(_ y: Floats, _ a: Float, _ x: Floats, _ count: Int) {
    let whole = count & ~15
    let factor = Lanes(repeating: a)
    for i in stride(from: 0, to: whole, by: 16) {
        unsafe store(load(y, i).addingProduct(factor, load(x, i)), y, i)
    }
    for i in whole..<count { unsafe y[i] = y[i].addingProduct(a, x[i]) }
}

/// total = Σ parts, in their order; `total` may be the first part. Zeros without parts.
///
/// - Parameter part: The parts by number, nil for one that is left out.
func addUp(_ parts: Int, into total: Floats, _ count: Int, part: (Int) -> Floats?) {
    // A few kilobytes at a time: the total stays in the first cache while the parts pass by.
    let block = 2048
    for start in stride(from: 0, to: count, by: block) {
        let length = min(block, count - start)
        var isFirst = true
        for index in 0..<parts {
            guard let part = unsafe part(index) else { continue }
            if !isFirst {
                unsafe addProduct(total + start, 1, part + start, length)
            } else if unsafe part != total {
                unsafe copy(total + start, part + start, length)
            }
            isFirst = false
        }
        if isFirst { unsafe (total + start).update(repeating: 0, count: length) }
    }
}

/// y *= a.
func scale(_ y: Floats, _ a: Float, _ count: Int) {
    let whole = count & ~15
    for i in stride(from: 0, to: whole, by: 16) { unsafe store(load(y, i) * a, y, i) }
    for i in whole..<count { unsafe y[i] *= a }
}

/// y = x.
func copy(_ y: Floats, _ x: Floats, _ count: Int) { unsafe y.update(from: x, count: count) }

/// Σ a · b.
func dotProduct(_ a: Floats, _ b: Floats, _ count: Int) -> Float {
    let whole = count & ~15
    var sum = Lanes()
    for i in stride(from: 0, to: whole, by: 16) {
        unsafe sum.addProduct(load(a, i), load(b, i))
    }
    if whole < count {
        unsafe sum.addProduct(loadTail(a, whole, count - whole), loadTail(b, whole, count - whole))
    }
    return vector_sum(sum)
}

/// Σ x², in double precision across blocks.
func sumOfSquares(_ x: Floats, _ count: Int) -> Double {
    var total = 0.0
    var start = 0
    while start < count {
        let length = min(4096, count - start)
        unsafe total += Double(dotProduct(x + start, x + start, length))
        start += length
    }
    return total
}

/// Adds each column's sum over `rows` rows to `sums`.
func addColumnSums(_ sums: Floats, _ x: Floats, rows: Int, columns: Int) {
    for row in 0..<rows { unsafe addProduct(sums, 1, x + row &* columns, columns) }
}

/// The largest element; `count` ≥ 1.
func largest(_ x: Floats, _ count: Int) -> Float {
    let whole = count & ~15
    var best = Lanes(repeating: -.infinity)
    for i in stride(from: 0, to: whole, by: 16) {
        unsafe best = vector_maximum(best, load(x, i))
    }
    if whole < count {
        unsafe best = vector_maximum(
            best, loadTail(x, whole, count - whole, filler: -.infinity))
    }
    return vector_largest(best)
}

/// x = e^(factor · x − shift); returns the sum.
func exponentiate(_ x: Floats, _ count: Int, shift: Float, factor: Float = 1) -> Float {
    let whole = count & ~15
    var sum = Lanes()
    for i in stride(from: 0, to: whole, by: 16) {
        let e = unsafe vector_exponential(load(x, i) * factor - shift)
        unsafe store(e, x, i)
        sum += e
    }
    if whole < count {
        let rest = count - whole
        let e = unsafe vector_exponential(loadTail(x, whole, rest) * factor - shift)
        unsafe storeTail(e, x, whole, rest)
        unsafe sum += loadTail(x, whole, rest)
    }
    return vector_sum(sum)
}

/// Turns scores into probabilities in place: x = e^(factor · x) / Σ e^(factor · x), factor > 0.
func softmax(_ x: Floats, _ count: Int, factor: Float = 1) {
    let shift = unsafe largest(x, count) * factor
    let sum = unsafe exponentiate(x, count, shift: shift, factor: factor)
    unsafe scale(x, 1 / sum, count)
}
