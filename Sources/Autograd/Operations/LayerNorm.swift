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
    let statistics = Tensor(uninitialized: Shape(rows, 2))
    for row in 0..<rows {
        let (mean, inverse) = unsafe normalizeRow(
            result.pointer + row &* width, x.pointer + row &* width, scale: scale.pointer,
            shift: shift.pointer, width, epsilon: epsilon)
        unsafe statistics.pointer[2 &* row] = mean
        unsafe statistics.pointer[2 &* row + 1] = inverse
    }
    guard let tape = x.tape ?? scale.tape ?? shift.tape else { return result }
    return tape.record(
        result,
        .layerNorm(LayerNormPullback(x: x, scale: scale, shift: shift, statistics: statistics)))
}

struct LayerNormPullback {
    let x, scale, shift: Tensor
    /// Mean and inverse deviation of each row.
    let statistics: Tensor

    func send(_ gradient: Tensor) {
        if scale.node != nil && shift.node != nil {
            scale.contribute { dscale, isFresh in
                clear(dscale, isFresh)
                shift.contribute { dshift, isFresh in
                    clear(dshift, isFresh)
                    pull(gradient, dscale: dscale, dshift: dshift)
                }
            }
        } else {
            scale.contribute { dscale, isFresh in
                clear(dscale, isFresh)
                pull(gradient, dscale: dscale)
            }
            shift.contribute { dshift, isFresh in
                clear(dshift, isFresh)
                pull(gradient, dshift: dshift)
            }
        }
        x.contribute { dx, isFresh in pull(gradient, dx: dx, adds: !isFresh) }
    }

    private func clear(_ target: Tensor, _ isFresh: Bool) {
        if isFresh { unsafe target.pointer.update(repeating: 0, count: target.count) }
    }

    private func pull(
        _ gradient: Tensor, dx: Tensor? = nil, adds: Bool = false, dscale: Tensor? = nil,
        dshift: Tensor? = nil
    ) {
        let width = x.columns
        for row in 0..<x.rows {
            unsafe normalizeRowPullback(
                dx: dx.map { unsafe $0.pointer + row &* width }, addToInput: adds,
                dscale: dscale?.pointer, dshift: dshift?.pointer,
                dy: gradient.pointer + row &* width, x: x.pointer + row &* width,
                scale: scale.pointer, width, mean: statistics.pointer[2 &* row],
                inverseDeviation: statistics.pointer[2 &* row + 1])
        }
    }
}
