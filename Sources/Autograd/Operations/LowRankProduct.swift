/// A trainable update of low rank beside a frozen matrix (Hu et al. 2021, "LoRA", arXiv:2106.09685).
///
///     W + s · A · B,   s = α / r
public struct LowRankUpdate: Sendable, Equatable {
    /// W, `[inputs, outputs]`, of the base.
    public let weight: Parameter
    /// A, `[inputs, r]`.
    public let down: Parameter
    /// B, `[r, outputs]`.
    public let up: Parameter
    /// s.
    public let scale: Float
    /// The share of inputs that A does not see in training.
    public let dropout: Float

    public init(
        weight: Parameter, down: Parameter, up: Parameter, scale: Float, dropout: Float = 0
    ) {
        let rank = down.shape[1]
        precondition(
            down.shape == [weight.shape[0], rank] && up.shape == [rank, weight.shape[1]],
            "LowRankUpdate: \(down.shape) × \(up.shape) does not fit \(weight.shape)")
        self.weight = weight
        self.down = down
        self.up = up
        self.scale = scale
        self.dropout = dropout
    }
}

/// What an update of low rank adds to a linear map. Always in f32: it costs a hundredth of the map.
///
///     y = residual + s · (x · A) · B
///
/// - Parameters:
///   - x: `[rows, inputs]`.
///   - down: A, `[inputs, r]`.
///   - up: B, `[r, outputs]`.
///   - scale: s.
///   - residual: `[rows, outputs]`; nothing counts as zeros.
/// - Returns: `[rows, outputs]`.
public func lowRankProduct(
    _ x: Tensor, down: Tensor, up: Tensor, scale: Float, residual: Tensor? = nil
) -> Tensor {
    let rows = x.rows
    let inputs = x.columns
    let rank = down.columns
    let outputs = up.columns
    precondition(
        down.rows == inputs && up.rows == rank,
        "lowRankProduct: inner dimensions differ, \(x.shape) × \(down.shape) × \(up.shape)")
    // s · x · A, `[rows, r]`.
    let low = Tensor(uninitialized: Shape(rows, rank))
    unsafe matrixProduct(
        rows: rows, columns: rank, inner: inputs, LeftOperand(pointer: x.pointer, stride: inputs),
        .rows(down.pointer, stride: rank), low.pointer, rank)
    unsafe Autograd.scale(low.pointer, scale, low.count)
    let result = Tensor(uninitialized: Shape(rows, outputs))
    unsafe matrixProduct(
        rows: rows, columns: outputs, inner: rank, LeftOperand(pointer: low.pointer, stride: rank),
        .rows(up.pointer, stride: outputs), result.pointer, outputs,
        ProductFusion(residual: residual?.pointer))
    guard let tape = x.tape ?? down.tape ?? up.tape ?? residual?.tape else { return result }
    return tape.record(
        result,
        .lowRankProduct(
            LowRankProductPullback(
                x: x, down: down, up: up, low: low, scale: scale, residualNode: residual?.node)))
}

struct LowRankProductPullback {
    let x, down, up, low: Tensor
    let scale: Float
    let residualNode: Tensor.Node?

    func send(_ gradient: Tensor) {
        let rows = x.rows
        let inputs = x.columns
        let rank = down.columns
        let outputs = up.columns
        up.contribute { target, isFresh in
            unsafe matrixProduct(
                rows: rank, columns: outputs, inner: rows,
                LeftOperand(pointer: low.pointer, stride: rank, isTransposed: true),
                .rows(gradient.pointer, stride: outputs), target.pointer, outputs,
                ProductFusion(adds: !isFresh))
        }
        // The gradient of x · A takes the place of s · x · A, which nobody needs any more.
        unsafe matrixProduct(
            rows: rows, columns: rank, inner: outputs,
            LeftOperand(pointer: gradient.pointer, stride: outputs),
            .transposed(up.pointer, stride: outputs), low.pointer, rank)
        unsafe Autograd.scale(low.pointer, scale, low.count)
        down.contribute { target, isFresh in
            unsafe matrixProduct(
                rows: inputs, columns: rank, inner: rows,
                LeftOperand(pointer: x.pointer, stride: inputs, isTransposed: true),
                .rows(low.pointer, stride: rank), target.pointer, rank,
                ProductFusion(adds: !isFresh))
        }
        x.contribute { target, isFresh in
            unsafe matrixProduct(
                rows: rows, columns: inputs, inner: rank,
                LeftOperand(pointer: low.pointer, stride: rank),
                .transposed(down.pointer, stride: rank), target.pointer, inputs,
                ProductFusion(adds: !isFresh))
        }
        // Last, because whoever receives the memory may add to it.
        residualNode?.handOver(gradient)
    }
}

extension ParameterSet {
    /// A matrix with its update: W + s · A · B; W itself where it has none.
    ///
    /// - Returns: `[inputs, outputs]`, not differentiated.
    public func merged(_ weight: Parameter) -> Tensor {
        guard let place = updatePlace(of: weight) else { return self[weight] }
        let update = updates[place]
        let values = self[weight]
        let down = self[update.down]
        let scaled = Tensor(uninitialized: down.shape)
        unsafe copy(scaled.pointer, down.pointer, down.count)
        unsafe scale(scaled.pointer, update.scale, scaled.count)
        let result = Tensor(uninitialized: Shape(weight.shape))
        unsafe matrixProduct(
            rows: down.rows, columns: values.columns, inner: down.columns,
            LeftOperand(pointer: scaled.pointer, stride: down.columns),
            .rows(self[update.up].pointer, stride: values.columns), result.pointer,
            values.columns, ProductFusion(residual: values.pointer))
        return result
    }
}
