import Testing

@testable import Autograd

@Suite("AdamW kernel")
struct AdamWKernelTests {
    @Test("one step worked out in double precision, whatever the place in the vector")
    func oneStep() {
        let factors = AdamWFactors(
            decay: 0.99, beta1: 0.9, oneMinusBeta1: 0.1, beta2: 0.99, oneMinusBeta2: 0.01,
            stepSize: 0.125, inverseRootCorrection: 2, epsilon: 1e-3, gradientScale: 0.5)
        let count = 48
        let (p, m, v, g) = (
            normals(count, "p"), normals(count, "m"), normals(count, "v").map { $0 * $0 },
            normals(count, "g")
        )
        let (tp, tm, tv, tg) = (Tensor(p), Tensor(m), Tensor(v), Tensor(g))
        unsafe adamWStep(tp.pointer, tm.pointer, tv.pointer, tg.pointer, count, factors)
        let gradient = g.map { 0.5 * Double($0) }
        let first = zip(m, gradient).map { 0.9 * Double($0) + 0.1 * $1 }
        let second = zip(v, gradient).map { 0.99 * Double($0) + 0.01 * $1 * $1 }
        let moved = p.indices.map {
            0.99 * Double(p[$0]) - 0.125 * first[$0] / (2 * second[$0].squareRoot() + 1e-3)
        }
        expectClose(tm.array, first.map { Float($0) })
        expectClose(tv.array, second.map { Float($0) })
        expectClose(tp.array, moved.map { Float($0) }, within: 2e-6)
        #expect(tg.array == g)
    }
}
