import Glibc

// Arithmetic on short vectors (one number a token or a pair): the language in which losses are written.
// Shapes must agree; there is no broadcasting.

/// A function of one element.
enum ElementFunction {
    case scaled(by: Float)
    case shifted(by: Float)
    case exponential
    case squared
    case logSigmoid
    case logOdds
    case clipped(ClosedRange<Float>)

    func value(_ x: Float) -> Float {
        switch self {
        case .scaled(let a): a * x
        case .shifted(let a): x + a
        case .exponential: exp(x)
        case .squared: x * x
        case .logSigmoid: min(x, 0) - log1p(exp(-abs(x)))
        case .logOdds: x - log(-expm1(x))
        case .clipped(let range): min(max(x, range.lowerBound), range.upperBound)
        }
    }

    /// The derivative at x, where the value is y.
    func slope(_ x: Float, _ y: Float) -> Float {
        switch self {
        case .scaled(let a): a
        case .shifted: 1
        case .exponential: y
        case .squared: 2 * x
        case .logSigmoid: 1 / (1 + exp(x))
        case .logOdds: -1 / expm1(x)
        case .clipped(let range): range.contains(x) ? 1 : 0
        }
    }
}

/// A function of two elements.
enum ElementPairFunction {
    case sum, difference, product, maximum

    func value(_ a: Float, _ b: Float) -> Float {
        switch self {
        case .sum: a + b
        case .difference: a - b
        case .product: a * b
        case .maximum: max(a, b)
        }
    }

    /// The derivatives by a and by b.
    func slopes(_ a: Float, _ b: Float) -> (Float, Float) {
        switch self {
        case .sum: (1, 1)
        case .difference: (1, -1)
        case .product: (b, a)
        case .maximum: a > b ? (1, 0) : (a < b ? (0, 1) : (0.5, 0.5))
        }
    }
}

struct ElementPullback {
    let x, result: Tensor
    let function: ElementFunction

    func send(_ gradient: Tensor) {
        x.contribute { target, isFresh in
            for i in 0..<x.count {
                let slope = unsafe function.slope(x.pointer[i], result.pointer[i])
                let d = unsafe gradient.pointer[i] * slope
                unsafe target.pointer[i] = isFresh ? d : target.pointer[i] + d
            }
        }
    }
}

struct ElementPairPullback {
    let a, b: Tensor
    let function: ElementPairFunction

    func send(_ gradient: Tensor) {
        give(gradient, to: a) { $0.0 }
        give(gradient, to: b) { $0.1 }
    }

    private func give(
        _ gradient: Tensor, to operand: Tensor, _ pick: ((Float, Float)) -> Float
    ) {
        operand.contribute { target, isFresh in
            for i in 0..<a.count {
                let slope = unsafe pick(function.slopes(a.pointer[i], b.pointer[i]))
                let d = unsafe gradient.pointer[i] * slope
                unsafe target.pointer[i] = isFresh ? d : target.pointer[i] + d
            }
        }
    }
}

struct WeightedSumPullback {
    let x: Tensor
    /// nil: ones.
    let weights: [Float]?

    func send(_ gradient: Tensor) {
        x.contribute { target, isFresh in
            for i in 0..<x.count {
                let d = gradient.scalar * (weights?[i] ?? 1)
                unsafe target.pointer[i] = isFresh ? d : target.pointer[i] + d
            }
        }
    }
}

extension Tensor {
    private func mapped(_ function: ElementFunction) -> Tensor {
        let result = Tensor(uninitialized: shape)
        for i in 0..<count { unsafe result.pointer[i] = function.value(pointer[i]) }
        guard let tape else { return result }
        return tape.record(
            result, .element(ElementPullback(x: self, result: result, function: function)))
    }

    private func combined(_ other: Tensor, _ function: ElementPairFunction) -> Tensor {
        precondition(
            shape == other.shape, "elementwise: the shapes \(shape) and \(other.shape) differ")
        let result = Tensor(uninitialized: shape)
        for i in 0..<count {
            unsafe result.pointer[i] = function.value(pointer[i], other.pointer[i])
        }
        guard let tape = tape ?? other.tape else { return result }
        return tape.record(
            result, .elementPair(ElementPairPullback(a: self, b: other, function: function)))
    }

    public static func + (a: Tensor, b: Tensor) -> Tensor { a.combined(b, .sum) }

    public static func - (a: Tensor, b: Tensor) -> Tensor { a.combined(b, .difference) }

    public static func * (a: Tensor, b: Tensor) -> Tensor { a.combined(b, .product) }

    public static func * (a: Float, x: Tensor) -> Tensor { x.mapped(.scaled(by: a)) }

    public static prefix func - (x: Tensor) -> Tensor { -1 * x }

    /// The sum with a number, element by element.
    public static func + (x: Tensor, a: Float) -> Tensor { x.mapped(.shifted(by: a)) }

    /// eˣ.
    public var exponential: Tensor { mapped(.exponential) }

    /// x².
    public var squared: Tensor { mapped(.squared) }

    /// log σ(x) = −log(1 + e⁻ˣ), without overflow.
    public var logSigmoid: Tensor { mapped(.logSigmoid) }

    /// log(p / (1 − p)) of probabilities given as their logarithms x = log p < 0.
    public var logOdds: Tensor { mapped(.logOdds) }

    /// x limited to `range`; the gradient is 0 outside it.
    public func clipped(to range: ClosedRange<Float>) -> Tensor { mapped(.clipped(range)) }

    /// x limited to `center ± distance`, element by element; no gradient reaches `center`.
    public func clipped(around center: Tensor, by distance: Float) -> Tensor {
        let center = center.detached
        return (self - center).clipped(to: -distance...distance) + center
    }

    /// The larger of the two; where they are equal each gets half of the gradient, as in PyTorch.
    public func maximum(_ other: Tensor) -> Tensor { combined(other, .maximum) }

    /// The smaller of the two; where they are equal each gets half of the gradient, as in PyTorch.
    public func minimum(_ other: Tensor) -> Tensor { -(-self).maximum(-other) }

    /// Σ weightᵢ xᵢ, a scalar; masked means have weights of 0 or 1 / count.
    public func sum(weights: [Float]) -> Tensor {
        precondition(
            weights.count == count, "sum: \(weights.count) weights for the shape \(shape)")
        return weightedSum(weights)
    }

    /// Σ xᵢ, a scalar.
    public var sum: Tensor { weightedSum(nil) }

    private func weightedSum(_ weights: [Float]?) -> Tensor {
        var total = 0.0
        for i in 0..<count { unsafe total += Double(weights?[i] ?? 1) * Double(pointer[i]) }
        let result = Tensor(Float(total))
        guard let tape else { return result }
        return tape.record(result, .weightedSum(WeightedSumPullback(x: self, weights: weights)))
    }

    /// The elements at `indices` of a vector.
    public func elements(at indices: [Int]) -> Tensor {
        Autograd.rows(of: reshaped(Shape(count, 1)), at: indices).reshaped(Shape(indices.count))
    }
}
