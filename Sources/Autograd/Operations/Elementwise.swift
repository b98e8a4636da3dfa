import Glibc

// Arithmetic on short vectors (one number a token or a pair): the language in which losses are written.
// Shapes must agree; there is no broadcasting.

private func unary(
    _ x: Tensor, _ function: (Float) -> Float, slope: @escaping (_ x: Float, _ y: Float) -> Float
) -> Tensor {
    let result = Tensor(uninitialized: x.shape)
    for i in 0..<x.count { unsafe result.pointer[i] = function(x.pointer[i]) }
    guard let tape = Tensor.tape(of: x) else { return result }
    return tape.record(result) { gradient in
        x.contribute { target, isFresh in
            for i in 0..<x.count {
                let d = unsafe gradient.pointer[i] * slope(x.pointer[i], result.pointer[i])
                unsafe target.pointer[i] = isFresh ? d : target.pointer[i] + d
            }
        }
    }
}

private func binary(
    _ a: Tensor, _ b: Tensor, _ function: (Float, Float) -> Float,
    slopes: @escaping (Float, Float) -> (Float, Float)
) -> Tensor {
    precondition(a.shape == b.shape, "elementwise: the shapes \(a.shape) and \(b.shape) differ")
    let result = Tensor(uninitialized: a.shape)
    for i in 0..<a.count { unsafe result.pointer[i] = function(a.pointer[i], b.pointer[i]) }
    guard let tape = Tensor.tape(of: a, b) else { return result }
    return tape.record(result) { gradient in
        func give(_ operand: Tensor, _ pick: ((Float, Float)) -> Float) {
            operand.contribute { target, isFresh in
                for i in 0..<a.count {
                    let d = unsafe gradient.pointer[i] * pick(slopes(a.pointer[i], b.pointer[i]))
                    unsafe target.pointer[i] = isFresh ? d : target.pointer[i] + d
                }
            }
        }
        give(a) { $0.0 }
        give(b) { $0.1 }
    }
}

extension Tensor {
    public static func + (a: Tensor, b: Tensor) -> Tensor {
        binary(a, b, +) { _, _ in (1, 1) }
    }

    public static func - (a: Tensor, b: Tensor) -> Tensor {
        binary(a, b, -) { _, _ in (1, -1) }
    }

    public static func * (a: Tensor, b: Tensor) -> Tensor {
        binary(a, b, *) { a, b in (b, a) }
    }

    public static func * (a: Float, x: Tensor) -> Tensor {
        unary(x) {
            a * $0
        } slope: { _, _ in
            a
        }
    }

    public static prefix func - (x: Tensor) -> Tensor { -1 * x }

    /// The sum with a number, element by element.
    public static func + (x: Tensor, a: Float) -> Tensor {
        unary(x) {
            $0 + a
        } slope: { _, _ in
            1
        }
    }

    /// eˣ.
    public var exponential: Tensor { unary(self, { exp($0) }) { _, y in y } }

    /// x².
    public var squared: Tensor {
        unary(self) {
            $0 * $0
        } slope: { x, _ in
            2 * x
        }
    }

    /// log σ(x) = −log(1 + e⁻ˣ), without overflow.
    public var logSigmoid: Tensor {
        unary(self) {
            min($0, 0) - log1p(exp(-abs($0)))
        } slope: { x, _ in
            1 / (1 + exp(x))
        }
    }

    /// log(p / (1 − p)) of probabilities given as their logarithms x = log p < 0.
    public var logOdds: Tensor {
        unary(self) {
            $0 - log(-expm1($0))
        } slope: { x, _ in
            -1 / expm1(x)
        }
    }

    /// x limited to `range`; the gradient is 0 outside it.
    public func clipped(to range: ClosedRange<Float>) -> Tensor {
        unary(self) {
            min(max($0, range.lowerBound), range.upperBound)
        } slope: { x, _ in
            range.contains(x) ? 1 : 0
        }
    }

    /// x limited to `center ± distance`, element by element; no gradient reaches `center`.
    public func clipped(around center: Tensor, by distance: Float) -> Tensor {
        let center = center.detached
        return (self - center).clipped(to: -distance...distance) + center
    }

    /// The larger of the two; where they are equal each gets half of the gradient, as in PyTorch.
    public func maximum(_ other: Tensor) -> Tensor {
        binary(self, other, { max($0, $1) }) { a, b in
            a > b ? (1, 0) : (a < b ? (0, 1) : (0.5, 0.5))
        }
    }

    /// The smaller of the two; where they are equal each gets half of the gradient, as in PyTorch.
    public func minimum(_ other: Tensor) -> Tensor { -(-self).maximum(-other) }

    /// Σ weightᵢ xᵢ, a scalar; masked means have weights of 0 or 1 / count.
    public func sum(weights: [Float]) -> Tensor {
        precondition(
            weights.count == count, "sum: \(weights.count) weights for the shape \(shape)")
        var total = 0.0
        for i in 0..<count { unsafe total += Double(weights[i]) * Double(pointer[i]) }
        let result = Tensor([Float(total)], shape: [])
        guard let tape = Tensor.tape(of: self) else { return result }
        return tape.record(result) { gradient in
            contribute { target, isFresh in
                for i in 0..<count {
                    let d = gradient.scalar * weights[i]
                    unsafe target.pointer[i] = isFresh ? d : target.pointer[i] + d
                }
            }
        }
    }

    /// Σ xᵢ, a scalar.
    public var sum: Tensor { sum(weights: [Float](repeating: 1, count: count)) }

    /// The elements at `indices` of a vector.
    public func elements(at indices: [Int]) -> Tensor {
        Autograd.rows(of: reshaped([count, 1]), at: indices).reshaped([indices.count])
    }
}
