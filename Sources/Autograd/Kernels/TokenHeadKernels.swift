import CVectorMath
import Glibc

/// Σ p log p of a row of e^(z − max) with this sum, where log p = log e − log sum.
func sumOfProbabilityTimesLog(_ exponentials: Floats, _ count: Int, sum: Float) -> Float {
    let logSum = log(sum)
    var total = 0.0
    for i in 0..<count {
        let e = unsafe exponentials[i]
        // Underflow to 0 contributes nothing: p log p → 0.
        if e > 0 { total += Double(e) * Double(log(e) - logSum) }
    }
    return Float(total / Double(sum))
}

/// Turns a row of logits into the gradient that reaches it:
///
///     dz = dL · (one-hot − p) − dH · p (log p + H)
func logProbabilityPullback(
    _ logits: Floats, _ count: Int, target: Int, normalizer: Float, entropy: Float,
    dLogProbability: Float, dEntropy: Float
) {
    @inline(__always)
    func gradient(_ z: Lanes) -> Lanes {
        let logP = z - normalizer
        let p = vector_exponential(logP)
        return -p
            * Lanes(repeating: dLogProbability).addingProduct(
                logP + entropy, Lanes(repeating: dEntropy))
    }
    let whole = count & ~15
    for i in stride(from: 0, to: whole, by: 16) {
        unsafe store(gradient(load(logits, i)), logits, i)
    }
    if whole < count {
        let rest = count - whole
        unsafe storeTail(gradient(loadTail(logits, whole, rest)), logits, whole, rest)
    }
    unsafe logits[target] += dLogProbability
}
