/// Token and position vectors added: the input of a transformer.
///
/// - Parameters:
///   - tokens: Token ids, packed sequences one after the other.
///   - positions: Each token's place in its own sequence.
///   - tokenTable: `[vocabulary, width]`.
///   - positionTable: `[positions, width]`.
/// - Returns: `[tokens, width]`.
public func embedding(
    tokens: [Int], positions: [Int], tokenTable: Tensor, positionTable: Tensor
) -> Tensor {
    let width = tokenTable.columns
    precondition(
        tokens.count == positions.count && positionTable.columns == width,
        "embedding: \(tokens.count) tokens, \(positions.count) positions, tables of "
            + "\(tokenTable.shape) and \(positionTable.shape)")
    let result = Tensor(uninitialized: Shape(tokens.count, width))
    for (row, token) in tokens.enumerated() {
        let position = positions[row]
        precondition(
            token >= 0 && token < tokenTable.rows && position >= 0 && position < positionTable.rows,
            "embedding: token \(token) at position \(position) is outside the tables")
        let line = unsafe result.pointer + row &* width
        unsafe copy(line, tokenTable.pointer + token &* width, width)
        unsafe addProduct(line, 1, positionTable.pointer + position &* width, width)
    }
    guard let tape = tokenTable.tape ?? positionTable.tape else { return result }
    return tape.record(
        result,
        .embedding(
            EmbeddingPullback(
                tokens: tokens, positions: positions, tokenTable: tokenTable,
                positionTable: positionTable)))
}

struct EmbeddingPullback {
    let tokens, positions: [Int]
    let tokenTable, positionTable: Tensor

    func send(_ gradient: Tensor) {
        addRows(of: gradient, to: tokenTable, at: tokens)
        addRows(of: gradient, to: positionTable, at: positions)
    }
}

/// Adds each row of a gradient to the row of the operand that it was copied from.
private func addRows(of gradient: Tensor, to operand: Tensor, at indices: [Int]) {
    let width = operand.columns
    operand.contribute { target, isFresh in
        if isFresh { unsafe target.pointer.update(repeating: 0, count: target.count) }
        for (row, index) in indices.enumerated() {
            unsafe addProduct(
                target.pointer + index &* width, 1, gradient.pointer + row &* width, width)
        }
    }
}

/// The rows at `indices`, in that order; an index may occur several times.
///
/// - Parameter x: `[rows, width]`.
/// - Returns: `[indices.count, width]`.
public func rows(of x: Tensor, at indices: [Int]) -> Tensor {
    let width = x.columns
    let result = Tensor(uninitialized: Shape(indices.count, width))
    for (row, index) in indices.enumerated() {
        precondition(
            index >= 0 && index < x.rows, "rows(of:at:): row \(index) of a tensor of \(x.shape)")
        unsafe copy(result.pointer + row &* width, x.pointer + index &* width, width)
    }
    guard let tape = x.tape else { return result }
    return tape.record(result, .rows(RowsPullback(x: x, indices: indices)))
}

struct RowsPullback {
    let x: Tensor
    let indices: [Int]

    func send(_ gradient: Tensor) { addRows(of: gradient, to: x, at: indices) }
}
