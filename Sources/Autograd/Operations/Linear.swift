/// What follows a linear map in the same pass over memory.
public enum Activation: Sendable {
    case identity
    /// GELU in its tanh form.
    case gelu
}

/// A linear map with everything that touches the same memory fused into it.
///
///     y = activation(x · W + b) + residual
///
/// Weights are stored `[inputs, outputs]`, as GPT-2's checkpoints have them.
///
/// - Parameters:
///   - x: `[rows, inputs]`.
///   - weight: `[inputs, outputs]`.
///   - bias: `[outputs]`.
///   - residual: `[rows, outputs]`, added after the map; only with the identity activation.
/// - Returns: `[rows, outputs]`.
public func linear(
    _ x: Tensor, weight: Tensor, bias: Tensor, activation: Activation = .identity,
    residual: Tensor? = nil
) -> Tensor {
    let rows = x.rows
    let inputs = x.columns
    let outputs = weight.columns
    precondition(
        weight.rows == inputs && bias.count == outputs,
        "linear: inner dimensions differ, \(x.shape) × \(weight.shape) + \(bias.shape)")
    precondition(
        residual == nil || activation == .identity, "linear: a residual is added to a plain map")
    let map = Tensor(uninitialized: [rows, outputs])
    for row in 0..<rows {
        let line = unsafe map.pointer + row &* outputs
        unsafe copy(line, bias.pointer, outputs)
        if let residual { unsafe addProduct(line, 1, residual.pointer + row &* outputs, outputs) }
    }
    unsafe matrixProduct(
        rows: rows, columns: outputs, inner: inputs, x.pointer, inputs, weight.pointer, outputs,
        beta: 1, map.pointer, outputs)
    let tape = Tensor.tape(of: x, weight, residual)
    var result = map
    if activation == .gelu {
        // The map's own values are needed again for the slope; without a tape they are not.
        if tape != nil { result = Tensor(uninitialized: map.shape) }
        unsafe applyGELU(result.pointer, map.pointer, map.count)
    }
    guard let tape else { return result }
    return tape.record(result) { gradient in
        if activation == .gelu {
            unsafe multiplyByGELUSlope(gradient.pointer, map.pointer, map.count)
        }
        weight.contribute { target, isFresh in
            unsafe matrixProduct(
                rows: inputs, columns: outputs, inner: rows, x.pointer, inputs, transposeA: true,
                gradient.pointer, outputs, beta: isFresh ? 0 : 1, target.pointer, outputs)
        }
        bias.contribute { target, isFresh in
            if isFresh { unsafe target.pointer.update(repeating: 0, count: outputs) }
            unsafe addColumnSums(target.pointer, gradient.pointer, rows: rows, columns: outputs)
        }
        x.contribute { target, isFresh in
            unsafe matrixProduct(
                rows: rows, columns: inputs, inner: outputs, gradient.pointer, outputs,
                weight.pointer, outputs, transposeB: true, beta: isFresh ? 0 : 1, target.pointer,
                inputs)
        }
        // Last, because whoever receives the memory may add to it.
        if let node = residual?.node { tape.handOver(gradient, to: node) }
    }
}

/// One number per row: x · w + b, for reward and value heads.
///
/// - Parameters:
///   - x: `[rows, width]`.
///   - weight: `[1, width]`, as checkpoints store a head with one label.
///   - bias: `[1]`, or none.
/// - Returns: `[rows]`.
public func scalarHead(_ x: Tensor, weight: Tensor, bias: Tensor? = nil) -> Tensor {
    let rows = x.rows
    let width = x.columns
    precondition(
        weight.count == width, "scalarHead: the weight \(weight.shape) does not fit \(x.shape)")
    let result = Tensor(uninitialized: [rows])
    let offset = bias?.scalar ?? 0
    for row in 0..<rows {
        unsafe result.pointer[row] =
            dotProduct(x.pointer + row &* width, weight.pointer, width) + offset
    }
    guard let tape = Tensor.tape(of: x, weight, bias) else { return result }
    return tape.record(result) { gradient in
        weight.contribute { target, isFresh in
            if isFresh { unsafe target.pointer.update(repeating: 0, count: width) }
            for row in 0..<rows {
                unsafe addProduct(
                    target.pointer, gradient.pointer[row], x.pointer + row &* width, width)
            }
        }
        bias?.contribute { target, isFresh in
            if isFresh { unsafe target.pointer[0] = 0 }
            for row in 0..<rows { unsafe target.pointer[0] += gradient.pointer[row] }
        }
        x.contribute { target, isFresh in
            if isFresh { unsafe target.pointer.update(repeating: 0, count: rows * width) }
            for row in 0..<rows {
                unsafe addProduct(
                    target.pointer + row &* width, gradient.pointer[row], weight.pointer, width)
            }
        }
    }
}
