import Glibc

// The vocabulary-sized head: logits = hidden · tableᵀ, computed a few rows at a time together with what
// is wanted of them. `[tokens, vocabulary]` is never held whole.

/// Rows of logits held at once: enough to use each part of the table many times.
private let chunkRows = 128

/// Logits that are small enough are kept for the way back instead of being made again.
private let keptLogits = 1 << 20

private func forEachChunk(of rows: Int, _ body: (_ first: Int, _ rows: Int) -> Void) {
    for first in stride(from: 0, to: rows, by: chunkRows) {
        body(first, min(chunkRows, rows - first))
    }
}

private func fillLogits(
    _ logits: Floats, _ hidden: Tensor, _ table: Tensor, first: Int, rows: Int
) {
    let width = hidden.columns
    unsafe matrixProduct(
        rows: rows, columns: table.rows, inner: width,
        LeftOperand(pointer: hidden.pointer + first &* width, stride: width),
        table.form?.panels.map { unsafe .panels($0) } ?? .transposed(table.pointer, stride: width),
        logits, table.rows, precision: table.form?.precision ?? .f32,
        sharing: table.form?.sharing)
}

/// dHidden = dLogits · table for a chunk of rows.
private func fillHiddenGradient(
    _ dHidden: Tensor, _ dLogits: Floats, _ table: Tensor, first: Int, rows: Int, adds: Bool
) {
    let width = dHidden.columns
    unsafe matrixProduct(
        rows: rows, columns: width, inner: table.rows,
        LeftOperand(pointer: dLogits, stride: table.rows),
        table.form?.backwardPanels.map { unsafe .panels($0) }
            ?? .rows(table.pointer, stride: width),
        dHidden.pointer + first &* width, width, ProductFusion(adds: adds),
        precision: table.form?.precision ?? .f32)
}

/// dTable (+)= dLogitsᵀ · hidden for a chunk of rows.
private func fillTableGradient(
    _ dTable: Tensor, _ dLogits: Floats, _ hidden: Tensor, first: Int, rows: Int, adds: Bool,
    precision: Precision
) {
    let width = hidden.columns
    unsafe matrixProduct(
        rows: dTable.rows, columns: width, inner: rows,
        LeftOperand(pointer: dLogits, stride: dTable.rows, isTransposed: true),
        .rows(hidden.pointer + first &* width, stride: width), dTable.pointer, width,
        ProductFusion(adds: adds), precision: precision)
}

/// Scores of every token of the vocabulary.
///
/// - Parameters:
///   - hidden: `[rows, width]`.
///   - table: `[vocabulary, width]`, tied to the token embedding in GPT-2.
/// - Returns: `[rows, vocabulary]`, not differentiated.
public func logits(_ hidden: Tensor, table: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [hidden.rows, table.rows])
    unsafe fillLogits(result.pointer, hidden, table, first: 0, rows: hidden.rows)
    return result
}

/// The mean cross-entropy's numerator: Σ weightᵢ · (−log p(targetᵢ)).
///
/// The gradient is computed together with the loss, so each row of logits is made once.
///
/// - Parameters:
///   - hidden: `[rows, width]`.
///   - table: `[vocabulary, width]`.
///   - targets: The token that follows each row.
///   - weights: What each row counts, for example 1 / (counted tokens of the whole batch).
/// - Returns: The loss, a scalar, and how many targets were the likeliest token of their row.
public func crossEntropy(
    _ hidden: Tensor, table: Tensor, targets: [Int], weights: [Float]
) -> (loss: Tensor, correctCount: Int) {
    let rows = hidden.rows
    let width = hidden.columns
    let vocabulary = table.rows
    precondition(
        targets.count == rows && weights.count == rows && table.columns == width,
        "crossEntropy: \(targets.count) targets and \(weights.count) weights for \(hidden.shape)")
    let tape = Tensor.tape(of: hidden, table)
    let logits = Tensor(uninitialized: [min(rows, chunkRows), vocabulary])
    let dHidden = hidden.node == nil ? nil : Tensor(uninitialized: hidden.shape)
    let dTable = table.node == nil ? nil : Tensor(uninitialized: table.shape)
    if rows == 0, let dTable { unsafe dTable.pointer.update(repeating: 0, count: dTable.count) }
    var loss = 0.0
    var correctCount = 0
    forEachChunk(of: rows) { first, count in
        unsafe fillLogits(logits.pointer, hidden, table, first: first, rows: count)
        for row in 0..<count {
            let line = unsafe logits.pointer + row &* vocabulary
            let target = targets[first + row]
            let weight = weights[first + row]
            let highest = unsafe largest(line, vocabulary)
            let score = unsafe line[target]
            if score == highest { correctCount += 1 }
            let sum = unsafe exponentiate(line, vocabulary, shift: highest)
            loss += Double(weight) * (log(Double(sum)) + Double(highest) - Double(score))
            // d loss / d logits = weight · (p − one-hot)
            if tape != nil {
                unsafe Autograd.scale(line, weight / sum, vocabulary)
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
    let result = Tensor([Float(loss)], shape: [])
    guard let tape else { return (result, correctCount) }
    let recorded = tape.record(result) { gradient in
        let factor = gradient.scalar
        func give(_ part: Tensor?, to operand: Tensor) {
            guard let part, let node = operand.node else { return }
            if factor != 1 { unsafe scale(part.pointer, factor, part.count) }
            tape.handOver(part, to: node)
        }
        give(dTable, to: table)
        give(dHidden, to: hidden)
    }
    return (recorded, correctCount)
}

/// Log-probabilities of the tokens that follow, and the entropy of the distributions they came from.
///
///     log π(target) = z[target] − log Σ exp z,   H = −Σ p log p,   z = hidden · tableᵀ / temperature
///
/// - Parameters:
///   - hidden: `[rows, width]`.
///   - table: `[vocabulary, width]`.
///   - targets: The token that follows each row.
///   - temperature: Divides the logits.
/// - Returns: `logProbabilities` and `entropies` in nats, both `[rows]`, both differentiated.
public func tokenLogProbabilities(
    _ hidden: Tensor, table: Tensor, targets: [Int], temperature: Float = 1
) -> (logProbabilities: Tensor, entropies: Tensor) {
    let rows = hidden.rows
    let width = hidden.columns
    let vocabulary = table.rows
    precondition(
        targets.count == rows && table.columns == width,
        "tokenLogProbabilities: \(targets.count) targets for \(hidden.shape) and \(table.shape)")
    let factor = 1 / temperature
    let tape = Tensor.tape(of: hidden, table)
    let keepsLogits = tape != nil && rows &* vocabulary <= keptLogits
    let logits = Tensor(
        uninitialized: [keepsLogits ? rows : min(rows, chunkRows), vocabulary])
    // One row each of log-probability and entropy: a single tape record serves both.
    let both = Tensor(uninitialized: [2, rows])
    let normalizers = Tensor(uninitialized: [rows])
    func chunk(of logits: Tensor, _ first: Int) -> Floats {
        unsafe logits.pointer + (keepsLogits ? first &* vocabulary : 0)
    }
    forEachChunk(of: rows) { first, count in
        let chunk = unsafe chunk(of: logits, first)
        unsafe fillLogits(chunk, hidden, table, first: first, rows: count)
        for row in 0..<count {
            let line = unsafe chunk + row &* vocabulary
            let (normalizer, entropy) = unsafe logitStatistics(line, vocabulary, factor: factor)
            unsafe normalizers.pointer[first + row] = normalizer
            unsafe both.pointer[first + row] = factor * line[targets[first + row]] - normalizer
            unsafe both.pointer[rows + first + row] = entropy
        }
    }
    guard let tape else { return split(both) }
    // Otherwise the memory serves the next sequences while this tape goes on.
    let kept = keepsLogits ? logits : nil
    let recorded = tape.record(both) { gradient in
        let logits = kept ?? Tensor(uninitialized: [min(rows, chunkRows), vocabulary])
        func pull(dHidden: Tensor?, adds: Bool, dTable: Tensor?, addsToTable: Bool) {
            forEachChunk(of: rows) { first, count in
                let chunk = unsafe chunk(of: logits, first)
                if kept == nil {
                    unsafe fillLogits(chunk, hidden, table, first: first, rows: count)
                }
                for row in 0..<count {
                    unsafe logProbabilityPullback(
                        chunk + row &* vocabulary, vocabulary, factor: factor,
                        target: targets[first + row],
                        normalizer: normalizers.pointer[first + row],
                        entropy: both.pointer[rows + first + row],
                        dLogProbability: gradient.pointer[first + row],
                        dEntropy: gradient.pointer[rows + first + row])
                }
                if let dHidden {
                    unsafe fillHiddenGradient(
                        dHidden, chunk, table, first: first, rows: count, adds: adds)
                }
                if let dTable {
                    unsafe fillTableGradient(
                        dTable, chunk, hidden, first: first, rows: count,
                        adds: addsToTable || first > 0,
                        precision: table.form?.precision ?? .f32)
                }
            }
            if rows == 0 && !addsToTable, let dTable {
                unsafe dTable.pointer.update(repeating: 0, count: dTable.count)
            }
        }
        if hidden.node != nil && table.node != nil {
            hidden.contribute { dHidden, isFresh in
                table.contribute { dTable, isTableFresh in
                    pull(
                        dHidden: dHidden, adds: !isFresh, dTable: dTable,
                        addsToTable: !isTableFresh)
                }
            }
        } else {
            hidden.contribute { dHidden, isFresh in
                pull(dHidden: dHidden, adds: !isFresh, dTable: nil, addsToTable: false)
            }
            table.contribute { dTable, isFresh in
                pull(dHidden: nil, adds: false, dTable: dTable, addsToTable: !isFresh)
            }
        }
    }
    return split(recorded)
}

/// Takes `[2, rows]` apart into its rows.
private func split(_ both: Tensor) -> (logProbabilities: Tensor, entropies: Tensor) {
    let parts = [0, 1].map { index -> Tensor in
        let count = both.columns
        let row = Tensor(uninitialized: [count])
        unsafe copy(row.pointer, both.pointer + index &* count, count)
        guard let tape = Tensor.tape(of: both) else { return row }
        return tape.record(row) { gradient in
            both.contribute { target, isFresh in
                if isFresh { unsafe target.pointer.update(repeating: 0, count: target.count) }
                unsafe addProduct(target.pointer + index &* count, 1, gradient.pointer, count)
            }
        }
    }
    return (parts[0], parts[1])
}
