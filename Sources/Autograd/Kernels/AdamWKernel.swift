import CVectorMath

/// The numbers of one AdamW step that are the same for every parameter.
struct AdamWFactors {
    /// 1 − learning rate · weight decay
    var decay: Float
    var beta1: Float
    /// 1 − β, taken in double precision: from a float, 1 − 0.999 is 1.3e-5 off.
    var oneMinusBeta1: Float
    var beta2: Float
    var oneMinusBeta2: Float
    /// learning rate / (1 − β₁ᵗ)
    var stepSize: Float
    /// 1 / √(1 − β₂ᵗ)
    var inverseRootCorrection: Float
    var epsilon: Float
    /// Multiplies the gradient: clipping by global norm.
    var gradientScale: Float
}

/// One AdamW step over `count` parameters, a multiple of 16.
func adamWStep(
    _ p: Floats, _ m: Floats, _ v: Floats, _ g: Floats, _ count: Int, _ f: AdamWFactors
) {
    precondition(count % 16 == 0, "adamWStep: parameters are laid out in multiples of 16")
    let beta1 = Lanes(repeating: f.beta1)
    let beta2 = Lanes(repeating: f.beta2)
    for i in stride(from: 0, to: count, by: 16) {
        let gradient = unsafe load(g, i) * f.gradientScale
        let first = unsafe (gradient * f.oneMinusBeta1).addingProduct(load(m, i), beta1)
        let second = unsafe (gradient * gradient * f.oneMinusBeta2).addingProduct(load(v, i), beta2)
        let denominator = vector_square_root(second) * f.inverseRootCorrection + f.epsilon
        unsafe store(load(p, i) * f.decay - first * f.stepSize / denominator, p, i)
        unsafe store(first, m, i)
        unsafe store(second, v, i)
    }
}
