import Foundation
import Testing

@testable import Autograd

@Suite("GELU kernels")
struct GELUKernelsTests {
    private let factor = (2 / Double.pi).squareRoot()

    /// The tanh form as the paper writes it, in double precision.
    private func gelu(_ x: Double) -> Double {
        0.5 * x * (1 + tanh(factor * (x + 0.044715 * x * x * x)))
    }

    private let inputs =
        (0...2000).map { Float($0 - 1000) / 80 } + [0, -0.0, 1e-20, -1e-20, 50, -50, 1e4, -1e4]

    @Test("values are within 4e-7 of the tanh form")
    func values() {
        let x = Tensor(inputs)
        let y = Tensor(zeros: [inputs.count])
        unsafe applyGELU(y.pointer, x.pointer, inputs.count)
        for (input, found) in zip(inputs, y.array) {
            let expected = gelu(Double(input))
            #expect(abs(Double(found) - expected) <= 4e-7 * max(1, abs(expected)), "at \(input)")
        }
    }

    @Test("the slope is within 2e-6 of the derivative")
    func slope() {
        let x = Tensor(inputs)
        let slope = Tensor([Float](repeating: 1, count: inputs.count))
        unsafe multiplyByGELUSlope(slope.pointer, x.pointer, inputs.count)
        for (input, found) in zip(inputs, slope.array) where abs(input) < 100 {
            let h = 1e-4
            let expected = (gelu(Double(input) + h) - gelu(Double(input) - h)) / (2 * h)
            #expect(abs(Double(found) - expected) <= 2e-6, "at \(input)")
        }
    }

    @Test("far from 0 it is the identity, or 0")
    func asymptotes() {
        let x = Tensor([40, 1e6, -40, -1e6])
        unsafe applyGELU(x.pointer, x.pointer, 4)
        #expect(x.array[..<2] == [40, 1e6])
        #expect(x.array[2...].allSatisfy { abs($0) < 1e-30 })
        let slope = Tensor([1, 1, 1, 1])
        unsafe multiplyByGELUSlope(slope.pointer, Tensor([40, 1e6, -40, -1e6]).pointer, 4)
        #expect(slope.array.map { abs($0) < 1e-20 ? 0 : $0 } == [1, 1, 0, 0])
    }
}
