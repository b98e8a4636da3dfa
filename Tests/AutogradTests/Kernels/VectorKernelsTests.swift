import Foundation
import Testing

@testable import Autograd

@Suite("Vector kernels")
struct VectorKernelsTests {
    static let sizes = [1, 15, 16, 17, 33, 4097]

    @Test("the exponential is within 3e-7 of the true one over its whole range")
    func exponentialError() {
        let count = 1 << 16
        let x = (0..<count).map { -87.3 + 175.6 * Float($0) / Float(count) }
        let e = Tensor(x)
        _ = unsafe exponentiate(e.pointer, count, shift: 0)
        var worst = 0.0
        for (value, found) in zip(x, e.array) {
            let expected = exp(Double(value))
            worst = max(worst, abs(Double(found) - expected) / expected)
        }
        #expect(worst <= 3e-7, "\(worst)")
    }

    @Test("arguments outside the range of the exponential are limited to it")
    func exponentialLimits() {
        let e = Tensor([-.infinity, -1000, -88, 0, 88, 89, 1000, .infinity])
        _ = unsafe exponentiate(e.pointer, 8, shift: 0)
        let y = e.array
        #expect(y[0] == y[1] && y[1] == y[2] && y[2] > 0 && y[2] < 1.3e-38)
        #expect(y[3] == 1)
        #expect(y[5] == y[6] && y[6] == y[7] && y[7].isFinite && y[7] > 2e38)
    }

    @Test("an element's place in the vector does not change its bits", arguments: sizes)
    func placeDoesNotMatter(count: Int) {
        let x = normals(count, "x", deviation: 3)
        let whole = Tensor(x)
        _ = unsafe exponentiate(whole.pointer, count, shift: 0.5)
        for i in [0, count / 2, count - 1] {
            let single = Tensor([x[i]])
            let sum = unsafe exponentiate(single.pointer, 1, shift: 0.5)
            #expect(single.array[0] == whole.array[i])
            #expect(sum == whole.array[i])
        }
    }

    @Test("sums and products agree with double precision", arguments: sizes)
    func reductions(count: Int) {
        let (a, b) = (normals(count, "a"), normals(count, "b"))
        let scale = Double(count).squareRoot()
        let product = zip(a, b).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        let squares = a.reduce(0.0) { $0 + Double($1) * Double($1) }
        let (x, y) = (Tensor(a), Tensor(b))
        let dot = unsafe Double(dotProduct(x.pointer, y.pointer, count))
        let norm = unsafe sumOfSquares(x.pointer, count)
        #expect(abs(dot - product) < 1e-6 * scale)
        #expect(abs(norm - squares) < 1e-6 * squares)
        #expect(unsafe largest(x.pointer, count) == a.max())
    }

    @Test("the largest of negative numbers is found in the tail too", arguments: [1, 15, 17, 33])
    func largestOfNegative(count: Int) {
        for place in 0..<count {
            var x = [Float](repeating: -5, count: count)
            x[place] = -2
            let tensor = Tensor(x)
            #expect(unsafe largest(tensor.pointer, count) == -2)
        }
        let nothing = Tensor([Float](repeating: -.infinity, count: count))
        #expect(unsafe largest(nothing.pointer, count) == -.infinity)
    }

    @Test("probabilities sum to 1 and agree with double precision", arguments: sizes)
    func softmaxValues(count: Int) {
        let x = normals(count, "x", deviation: 4)
        let highest = Double(x.max() ?? 0)
        let sum = x.reduce(0.0) { $0 + exp(Double($1) - highest) }
        let p = Tensor(x)
        unsafe softmax(p.pointer, count)
        var worst = 0.0
        for (found, value) in zip(p.array, x) {
            let expected = exp(Double(value) - highest) / sum
            worst = max(worst, abs(Double(found) - expected) / expected)
        }
        // The difference from the largest is rounded before it is exponentiated.
        #expect(worst <= 3e-6, "\(worst)")
        #expect(abs(p.array.reduce(0.0) { $0 + Double($1) } - 1) < 1e-6)
    }

    @Test("a product is added and nothing beyond the count is touched", arguments: sizes)
    func addProductValues(count: Int) {
        let y = Tensor([Float](repeating: 1, count: count + 1))
        let x = Tensor((0...count).map { Float($0) })
        unsafe addProduct(y.pointer, 2, x.pointer, count)
        let odd: [Float] = (0..<count).map { Float(2 * $0 + 1) }
        #expect(y.array == odd + [1])
        unsafe scale(y.pointer, 0.5, count)
        #expect(y.array == odd.map { $0 / 2 } + [1])
    }

    @Test("column sums are added to what is there", arguments: [1, 15, 17, 33])
    func columnSums(columns: Int) {
        let sums = Tensor([Float](repeating: 100, count: columns))
        let x = Tensor((0..<(3 * columns)).map { Float($0) })
        unsafe addColumnSums(sums.pointer, x.pointer, rows: 3, columns: columns)
        #expect(sums.array == (0..<columns).map { Float(100 + 3 * $0 + 3 * columns) })
    }
}
