import CVectorMath

// GELU in its tanh form (Hendrycks and Gimpel 2016, arXiv:1606.08415):
//
//     gelu(x) = ½ x (1 + tanh u) = x σ(2u),   u = √(2/π) (x + 0.044715 x³)
//
// The sigmoid form needs one exponential and no tanh.

private let linearFactor: Float = 2 * 0.7978845608028654
private let cubicFactor: Float = 2 * 0.7978845608028654 * 0.044715

@inline(__always)
private func sigmoidTerm(_ x: Lanes) -> Lanes {
    let twiceU =
        x * Lanes(repeating: linearFactor).addingProduct(x * x, Lanes(repeating: cubicFactor))
    return 1 / (1 + vector_exponential(-twiceU))
}

/// gelu'(x) = s + x s (1 − s) · 2u'
@inline(__always)
private func geluSlope(_ x: Lanes) -> Lanes {
    let s = sigmoidTerm(x)
    let slope = Lanes(repeating: linearFactor).addingProduct(
        x * x, Lanes(repeating: 3 * cubicFactor))
    return s.addingProduct(x * s * (1 - s), slope)
}

/// y = gelu(x); the two may be the same memory.
func applyGELU(_ y: Floats, _ x: Floats, _ count: Int) {
    let whole = count & ~15
    for i in stride(from: 0, to: whole, by: 16) { unsafe store(vector_gelu(load(x, i)), y, i) }
    if whole < count {
        let rest = count - whole
        unsafe storeTail(vector_gelu(loadTail(x, whole, rest)), y, whole, rest)
    }
}

/// gradient *= gelu'(x).
func multiplyByGELUSlope(_ gradient: Floats, _ x: Floats, _ count: Int) {
    let whole = count & ~15
    for i in stride(from: 0, to: whole, by: 16) {
        unsafe store(load(gradient, i) * geluSlope(load(x, i)), gradient, i)
    }
    if whole < count {
        let rest = count - whole
        let product = unsafe loadTail(gradient, whole, rest) * geluSlope(loadTail(x, whole, rest))
        unsafe storeTail(product, gradient, whole, rest)
    }
}
