import Testing

@testable import Autograd

@Suite("Layer norm kernels")
struct LayerNormKernelsTests {
    @Test(
        "mean and inverse deviation agree with double precision",
        arguments: [1, 15, 16, 17, 33, 769])
    func statistics(width: Int) {
        let x = normals(width, "x").map { 2 * $0 + 10 }
        let mean = x.reduce(0.0) { $0 + Double($1) } / Double(width)
        let variance =
            x.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(width)
        let (input, ones, zeros) = (
            Tensor(x), Tensor([Float](repeating: 1, count: width)), Tensor(zeros: [width])
        )
        let y = Tensor(zeros: [width])
        let found = unsafe normalizeRow(
            y.pointer, input.pointer, scale: ones.pointer, shift: zeros.pointer, width,
            epsilon: 1e-5)
        #expect(abs(Double(found.mean) - mean) < 2e-6)
        let inverse = 1 / (variance + 1e-5).squareRoot()
        #expect(abs(Double(found.inverseDeviation) - inverse) < 1e-5 * inverse)
    }

    @Test("a shift of the input has no gradient", arguments: [15, 17, 33])
    func gradientIsCentred(width: Int) {
        let (x, dy) = (Tensor(normals(width, "x")), Tensor(normals(width, "dy")))
        let (scale, dx) = (Tensor(normals(width, "s")), Tensor(zeros: [width]))
        let y = Tensor(zeros: [width])
        let (mean, inverse) = unsafe normalizeRow(
            y.pointer, x.pointer, scale: scale.pointer, shift: dx.pointer, width, epsilon: 0)
        unsafe normalizeRowPullback(
            dx: dx.pointer, addToInput: false, dscale: nil, dshift: nil, dy: dy.pointer,
            x: x.pointer, scale: scale.pointer, width, mean: mean, inverseDeviation: inverse)
        // Layer norm ignores a shift and, without ε, a scale of its input.
        #expect(abs(dx.array.reduce(0, +)) < 1e-5)
        #expect(abs(zip(dx.array, x.array).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-4)
    }
}
