import Glibc

/// The mean cross-entropy's numerator: Σ weightᵢ · (−log p(targetᵢ)).
///
/// The gradient is computed together with the loss, so each row of logits is made once.
///
/// - Parameters:
///   - hidden: `[rows, width]`.
///   - table: `[vocabulary, width]`.
///   - targets: The token that follows each row.
///   - weights: What each row counts.
/// - Returns: The loss, a scalar, and how many targets were the likeliest token of their row.
public func crossEntropy(
    _ hidden: Tensor, table: Tensor, targets: [Int], weights: [Float]
) -> (loss: Tensor, correctCount: Int) {
    precondition(
        weights.count == hidden.rows,
        "crossEntropy: \(weights.count) weights for \(hidden.shape)")
    return crossEntropy(hidden, table, targets) { weights[$0] }
}

/// The mean cross-entropy's numerator where every row counts the same.
///
/// - Parameters:
///   - hidden: `[rows, width]`.
///   - table: `[vocabulary, width]`.
///   - targets: The token that follows each row.
///   - weights: What each of them counts, for example 1 / (counted tokens of the whole batch).
/// - Returns: The loss, a scalar, and how many targets were the likeliest token of their row.
public func crossEntropy(
    _ hidden: Tensor, table: Tensor, targets: [Int], weights: Float
) -> (loss: Tensor, correctCount: Int) {
    crossEntropy(hidden, table, targets) { _ in weights }
}

private func crossEntropy(
    _ hidden: Tensor, _ table: Tensor, _ targets: [Int], weight: (_ row: Int) -> Float
) -> (loss: Tensor, correctCount: Int) {
    let rows = hidden.rows
    let vocabulary = table.rows
    precondition(
        targets.count == rows && table.columns == hidden.columns,
        "crossEntropy: \(targets.count) targets for \(hidden.shape) and \(table.shape)")
    let tape = hidden.tape ?? table.tape
    let logits = Tensor(uninitialized: Shape(min(rows, logitRows), vocabulary))
    let dHidden = hidden.node == nil ? nil : Tensor(uninitialized: hidden.shape)
    let dTable = table.node == nil ? nil : Tensor(uninitialized: table.shape)
    if rows == 0, let dTable { unsafe dTable.pointer.update(repeating: 0, count: dTable.count) }
    var loss = 0.0
    var correctCount = 0
    forEachLogitChunk(of: rows) { first, count in
        unsafe fillLogits(logits.pointer, hidden, table, first: first, rows: count)
        for row in 0..<count {
            let line = unsafe logits.pointer + row &* vocabulary
            let target = targets[first + row]
            let weight = weight(first + row)
            let highest = unsafe largest(line, vocabulary)
            let score = unsafe line[target]
            if score == highest { correctCount += 1 }
            let sum = unsafe exponentiate(line, vocabulary, shift: highest)
            loss += Double(weight) * (log(Double(sum)) + Double(highest) - Double(score))
            // d loss / d logits = weight · (p − one-hot)
            if tape != nil {
                unsafe scale(line, weight / sum, vocabulary)
                unsafe line[target] -= weight
            }
        }
        if let dHidden {
            unsafe fillHiddenGradient(
                dHidden, logits.pointer, table, first: first, rows: count, adds: false)
        }
        if let dTable {
            unsafe fillTableGradient(
                dTable, logits.pointer, hidden, first: first, rows: count, adds: first > 0,
                precision: table.form?.precision ?? .f32)
        }
    }
    let result = Tensor(Float(loss))
    guard let tape else { return (result, correctCount) }
    let pullback = CrossEntropyPullback(
        hiddenNode: hidden.node, tableNode: table.node, dHidden: dHidden, dTable: dTable)
    return (tape.record(result, .crossEntropy(pullback)), correctCount)
}

struct CrossEntropyPullback {
    let hiddenNode, tableNode: Tensor.Node?
    /// Gradients of the loss, made together with it.
    let dHidden, dTable: Tensor?

    func send(_ gradient: Tensor) {
        give(dTable, to: tableNode, gradient.scalar)
        give(dHidden, to: hiddenNode, gradient.scalar)
    }

    private func give(_ part: Tensor?, to node: Tensor.Node?, _ factor: Float) {
        guard let part, let node else { return }
        if factor != 1 { unsafe scale(part.pointer, factor, part.count) }
        node.handOver(part)
    }
}
