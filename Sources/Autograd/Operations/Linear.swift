/// What follows a linear map in the same pass over memory.
public enum Activation: Sendable {
    case identity
    /// GELU in its tanh form.
    case gelu
}

/// A linear map with everything that touches the same memory fused into it.
///
///     y = activation(x · W + b + residual)
///
/// Weights are stored `[inputs, outputs]`, as GPT-2's checkpoints have them.
///
/// - Parameters:
///   - x: `[rows, inputs]`.
///   - weight: `[inputs, outputs]`.
///   - bias: `[outputs]`.
///   - residual: `[rows, outputs]`, added to the map before the activation.
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
    let form = weight.form
    let precision = form?.precision ?? .f32
    let map = Tensor(uninitialized: [rows, outputs])
    let tape = Tensor.tape(of: x, weight, residual)
    var result = map
    // The map's own values are needed again for the slope; without a tape they are not.
    if activation == .gelu && tape != nil { result = Tensor(uninitialized: map.shape) }
    unsafe matrixProduct(
        rows: rows, columns: outputs, inner: inputs,
        LeftOperand(pointer: x.pointer, stride: inputs),
        form?.panels.map { unsafe .panels($0) } ?? .rows(weight.pointer, stride: outputs),
        map.pointer, outputs,
        ProductFusion(
            bias: bias.pointer, residual: residual?.pointer,
            activated: activation == .gelu ? result.pointer : nil),
        precision: precision, sharing: form?.sharing)
    guard let tape else { return result }
    // The way back holds no more than it needs: the input for the gradient of a weight that is
    // trained, of a residual only where its gradient goes.
    let input = x.node
    let kept = weight.node == nil ? nil : x
    let residualNode = residual?.node
    return tape.record(result) { gradient in
        if activation == .gelu {
            unsafe multiplyByGELUSlope(gradient.pointer, map.pointer, map.count)
        }
        if let kept {
            weight.contribute { target, isFresh in
                unsafe matrixProduct(
                    rows: inputs, columns: outputs, inner: rows,
                    LeftOperand(pointer: kept.pointer, stride: inputs, isTransposed: true),
                    .rows(gradient.pointer, stride: outputs), target.pointer, outputs,
                    ProductFusion(adds: !isFresh), precision: precision)
            }
        }
        bias.contribute { target, isFresh in
            if isFresh { unsafe target.pointer.update(repeating: 0, count: outputs) }
            unsafe addColumnSums(target.pointer, gradient.pointer, rows: rows, columns: outputs)
        }
        if let input {
            tape.contribute(to: input, shape: [rows, inputs]) { target, isFresh in
                unsafe matrixProduct(
                    rows: rows, columns: inputs, inner: outputs,
                    LeftOperand(pointer: gradient.pointer, stride: outputs),
                    form?.backwardPanels.map { unsafe .panels($0) }
                        ?? .transposed(weight.pointer, stride: outputs), target.pointer, inputs,
                    ProductFusion(adds: !isFresh), precision: precision)
            }
        }
        // Last, because whoever receives the memory may add to it.
        if let residualNode { tape.handOver(gradient, to: residualNode) }
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
