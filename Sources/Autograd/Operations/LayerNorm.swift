/// Layer normalization over each row (Ba et al. 2016, arXiv:1607.06450).
///
///     y = (x − μ) / √(σ² + ε) · scale + shift
///
/// - Parameters:
///   - x: `[rows, width]`.
///   - scale: `[width]`.
///   - shift: `[width]`.
/// - Returns: `[rows, width]`.
public func layerNorm(_ x: Tensor, scale: Tensor, shift: Tensor, epsilon: Float = 1e-5) -> Tensor {
    let rows = x.rows
    let width = x.columns
    precondition(
        scale.count == width && shift.count == width,
        "layerNorm: scale \(scale.shape) and shift \(shift.shape) do not fit \(x.shape)")
    let result = Tensor(uninitialized: x.shape)
    let statistics = Tensor(uninitialized: [rows, 2])
    for row in 0..<rows {
        let (mean, inverse) = unsafe normalizeRow(
            result.pointer + row &* width, x.pointer + row &* width, scale: scale.pointer,
            shift: shift.pointer, width, epsilon: epsilon)
        unsafe statistics.pointer[2 &* row] = mean
        unsafe statistics.pointer[2 &* row + 1] = inverse
    }
    guard let tape = Tensor.tape(of: x, scale, shift) else { return result }
    return tape.record(result) { gradient in
        func pull(dx: Tensor?, add: Bool, dscale: Tensor?, dshift: Tensor?) {
            for row in 0..<rows {
                unsafe normalizeRowPullback(
                    dx: dx.map { unsafe $0.pointer + row &* width }, addToInput: add,
                    dscale: dscale?.pointer, dshift: dshift?.pointer,
                    dy: gradient.pointer + row &* width, x: x.pointer + row &* width,
                    scale: scale.pointer, width, mean: statistics.pointer[2 &* row],
                    inverseDeviation: statistics.pointer[2 &* row + 1])
            }
        }
        func zeroed(_ target: Tensor, _ isFresh: Bool) -> Tensor {
            if isFresh { unsafe target.pointer.update(repeating: 0, count: width) }
            return target
        }
        if scale.node != nil && shift.node != nil {
            scale.contribute { dscale, isFresh in
                let dscale = zeroed(dscale, isFresh)
                shift.contribute { dshift, isFresh in
                    pull(dx: nil, add: false, dscale: dscale, dshift: zeroed(dshift, isFresh))
                }
            }
        } else {
            scale.contribute { dscale, isFresh in
                pull(dx: nil, add: false, dscale: zeroed(dscale, isFresh), dshift: nil)
            }
            shift.contribute { dshift, isFresh in
                pull(dx: nil, add: false, dscale: nil, dshift: zeroed(dshift, isFresh))
            }
        }
        x.contribute { dx, isFresh in pull(dx: dx, add: !isFresh, dscale: nil, dshift: nil) }
    }
}
