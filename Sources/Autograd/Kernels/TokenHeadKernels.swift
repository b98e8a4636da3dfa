import CVectorMath
import Glibc

/// log Σ e^z and −Σ p log p of a row of logits, z = factor · logit, p = e^z / Σ e^z.
///
/// With s = z − max z: H = log Σ e^s − Σ e^s s / Σ e^s.
func logitStatistics(
    _ logits: Floats, _ count: Int, factor: Float
) -> (normalizer: Float, entropy: Float) {
    let highest = unsafe largest(logits, count) * factor
    var sum = Lanes()
    var weighted = Lanes()
    @inline(__always)
    func add(_ logits: Lanes, _ mask: Lanes) {
        let shifted = logits * factor - highest
        let e = vector_exponential(shifted) * mask
        sum += e
        weighted.addProduct(e, shifted)
    }
    let whole = count & ~15
    let ones = Lanes(repeating: 1)
    for i in stride(from: 0, to: whole, by: 16) { unsafe add(load(logits, i), ones) }
    if whole < count {
        let rest = count - whole
        var mask = Lanes()
        for lane in 0..<rest { mask[lane] = 1 }
        unsafe add(loadTail(logits, whole, rest), mask)
    }
    let total = vector_sum(sum)
    let logSum = log(total)
    return (highest + logSum, logSum - vector_sum(weighted) / total)
}

/// Turns a row of logits into the gradient that reaches it, with z = factor · logit:
///
///     dlogit = factor · (dL · (one-hot − p) − dH · p (log p + H))
func logProbabilityPullback(
    _ logits: Floats, _ count: Int, factor: Float, target: Int, normalizer: Float, entropy: Float,
    dLogProbability: Float, dEntropy: Float
) {
    @inline(__always)
    func gradient(_ logits: Lanes) -> Lanes {
        let logP = logits * factor - normalizer
        let p = vector_exponential(logP) * -factor
        return p
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
    unsafe logits[target] += factor * dLogProbability
}
