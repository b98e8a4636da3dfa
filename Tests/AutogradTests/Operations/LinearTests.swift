import Testing

@testable import Autograd

@Suite("Linear maps")
struct LinearTests {
    @Test("a map of no rows has gradients of exactly 0")
    func noRows() {
        let tape = Tape()
        let x = tape.watch(Tensor(zeros: [0, 5]))
        let weight = tape.watch(Tensor(normals(15, "w"), shape: [5, 3]))
        let bias = tape.watch(Tensor(normals(3, "b")))
        for activation in [Activation.identity, .gelu] {
            let y = linear(x, weight: weight, bias: bias, activation: activation)
            #expect(y.shape == [0, 3])
            tape.backward(from: y.sum)
            #expect(tape.gradient(of: weight).array == [Float](repeating: 0, count: 15))
            #expect(tape.gradient(of: bias).array == [0, 0, 0])
        }
    }

    /// The result of a chain in which `r` is read before, beside and after it is a residual.
    private func gradients(
        _ add: (_ x: Tensor, _ weight: Tensor, _ bias: Tensor, _ r: Tensor) -> Tensor
    ) -> [[Float]] {
        let tape = Tape()
        let r = tape.watch(Tensor(normals(3 * 17, "r"), shape: [3, 17]))
        let weight = tape.watch(Tensor(normals(17 * 17, "w", deviation: 0.3), shape: [17, 17]))
        let bias = tape.watch(Tensor(normals(17, "b")))
        let first = add(r * r, weight, bias, r)
        let second = add(first, weight, bias, r)
        let third = add(first * r, weight, bias, second)
        let fourth = add(second, weight, bias, second)
        let loss = (third * second + fourth * first + r).sum(weights: normals(3 * 17, "upstream"))
        tape.backward(from: loss)
        return [r, weight, bias].map { tape.gradient(of: $0).array }
    }

    @Test("a residual that is used again has the gradient of a plain sum")
    func residualUsedAgain() {
        let fused = gradients { linear($0, weight: $1, bias: $2, residual: $3) }
        let plain = gradients { linear($0, weight: $1, bias: $2) + $3 }
        for (a, b) in zip(fused, plain) { expectClose(a, b, within: 2e-6) }
    }

    @Test("handing a residual its gradient changes no gradient that was read before")
    func handOver() {
        let tape = Tape()
        let x = tape.watch(Tensor([1, 2], shape: [1, 2]))
        let r = tape.watch(Tensor([3, 4], shape: [1, 2]))
        let identity = Tensor([1, 0, 0, 1], shape: [2, 2])
        // y = x + r and loss = Σ (y + 10 r): dx = 1, dr = 11.
        let y = linear(x, weight: identity, bias: Tensor([0, 0]), residual: r)
        tape.backward(from: (y + 10 * r).sum)
        #expect(tape.gradient(of: x).array == [1, 1])
        #expect(tape.gradient(of: r).array == [11, 11])
    }

    @Test("a weight of another width is refused")
    func wrongShape() async {
        await #expect(processExitsWith: .failure) {
            _ = linear(
                Tensor(zeros: [2, 3]), weight: Tensor(zeros: [4, 5]), bias: Tensor(zeros: [5]))
        }
    }

    @Test("a scalar head is a linear map with one output")
    func scalarHeadIsLinear() {
        let x = Tensor(normals(5 * 33, "x"), shape: [5, 33])
        let weight = normals(33, "w")
        let head = scalarHead(x, weight: Tensor(weight, shape: [1, 33]), bias: Tensor([0.5]))
        let map = linear(x, weight: Tensor(weight, shape: [33, 1]), bias: Tensor([0.5]))
        #expect(head.shape == [5])
        expectClose(head.array, map.array, within: 1e-6)
    }
}
