import Testing

@testable import Autograd

@Suite("Layer norm")
struct LayerNormTests {
    private func norm(_ x: [Float], epsilon: Float = 1e-5) -> [Float] {
        let width = x.count
        return layerNorm(
            Tensor(x, shape: [1, width]), scale: Tensor([Float](repeating: 1, count: width)),
            shift: Tensor(zeros: [width]), epsilon: epsilon
        ).array
    }

    @Test("rows have mean 0 and deviation 1", arguments: [15, 16, 17, 33, 768])
    func standardizes(width: Int) {
        let y = norm(normals(width, "x").map { 5 * $0 - 3 }).map(Double.init)
        let mean = y.reduce(0, +) / Double(width)
        let variance = y.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        #expect(abs(mean) < 1e-6)
        #expect(abs(variance - 1) < 1e-5)
    }

    @Test("a constant row becomes the shift", arguments: [1, 15, 17, 33])
    func constantRow(width: Int) {
        for value: Float in [0, 7.5, -1e6, 1e-30] {
            #expect(norm([Float](repeating: value, count: width)).allSatisfy { abs($0) < 1e-3 })
        }
    }

    @Test("a tiny spread around a large mean is not lost")
    func tinyVariance() {
        // A sixty-fourth around 4096, whose square has a spacing of 1: a difference of squares, or a
        // mean that was rounded more than once, would see nothing of it.
        let x = (0..<33).map { 4096 + ($0.isMultiple(of: 2) ? Float(0) : 0x1p-5) }
        let mean = 16 * 0x1p-5 / 33
        let variance = (17 * mean * mean + 16 * (0x1p-5 - mean) * (0x1p-5 - mean)) / 33
        let expected = x.map { Float((Double($0) - 4096 - mean) / (variance + 1e-9).squareRoot()) }
        expectClose(norm(x, epsilon: 1e-9), expected, within: 0.04)
        #expect(areFinite(norm([1e30, -1e30, 0, 0])))
    }

    @Test("no rows give no rows, and no gradient")
    func noRows() {
        let tape = Tape()
        let scale = tape.watch(Tensor(normals(17, "s")))
        let shift = tape.watch(Tensor(normals(17, "t")))
        let y = layerNorm(tape.watch(Tensor(zeros: [0, 17])), scale: scale, shift: shift)
        tape.backward(from: y.sum)
        #expect(tape.gradient(of: scale).array == [Float](repeating: 0, count: 17))
        #expect(tape.gradient(of: shift).array == [Float](repeating: 0, count: 17))
    }
}
