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
    let map = Tensor(uninitialized: Shape(rows, outputs))
    let tape = x.tape ?? weight.tape ?? residual?.tape
    var result = map
    // The map's own values are needed again for the slope; without a tape they are not.
    let keepsMap = activation == .gelu && tape != nil
    if keepsMap { result = Tensor(uninitialized: map.shape) }
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
    return tape.record(
        result,
        .linear(
            LinearPullback(
                inputNode: x.node, inputShape: x.shape, input: weight.node == nil ? nil : x,
                weight: weight, bias: bias, residualNode: residual?.node,
                beforeGELU: keepsMap ? map : nil)))
}

struct LinearPullback {
    let inputNode: Tensor.Node?
    let inputShape: Shape
    let input: Tensor?
    let weight, bias: Tensor
    let residualNode: Tensor.Node?
    let beforeGELU: Tensor?

    func send(_ gradient: Tensor) {
        let rows = inputShape.rows
        let inputs = inputShape.columns
        let outputs = weight.columns
        let precision = weight.form?.precision ?? .f32
        if let beforeGELU {
            unsafe multiplyByGELUSlope(gradient.pointer, beforeGELU.pointer, beforeGELU.count)
        }
        if let input {
            weight.contribute { target, isFresh in
                unsafe matrixProduct(
                    rows: inputs, columns: outputs, inner: rows,
                    LeftOperand(pointer: input.pointer, stride: inputs, isTransposed: true),
                    .rows(gradient.pointer, stride: outputs), target.pointer, outputs,
                    ProductFusion(adds: !isFresh), precision: precision)
            }
        }
        bias.contribute { target, isFresh in
            if isFresh { unsafe target.pointer.update(repeating: 0, count: outputs) }
            unsafe addColumnSums(target.pointer, gradient.pointer, rows: rows, columns: outputs)
        }
        inputNode?.contribute(inputShape) { target, isFresh in
            unsafe matrixProduct(
                rows: rows, columns: inputs, inner: outputs,
                LeftOperand(pointer: gradient.pointer, stride: outputs),
                weight.form?.backwardPanels.map { unsafe .panels($0) }
                    ?? .transposed(weight.pointer, stride: outputs), target.pointer, inputs,
                ProductFusion(adds: !isFresh), precision: precision)
        }
        // Last, because whoever receives the memory may add to it.
        residualNode?.handOver(gradient)
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
    let result = Tensor(uninitialized: Shape(rows))
    let offset = bias?.scalar ?? 0
    for row in 0..<rows {
        unsafe result.pointer[row] =
            dotProduct(x.pointer + row &* width, weight.pointer, width) + offset
    }
    guard let tape = x.tape ?? weight.tape ?? bias?.tape else { return result }
    return tape.record(result, .scalarHead(ScalarHeadPullback(x: x, weight: weight, bias: bias)))
}

struct ScalarHeadPullback {
    let x, weight: Tensor
    let bias: Tensor?

    func send(_ gradient: Tensor) {
        let rows = x.rows
        let width = x.columns
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
