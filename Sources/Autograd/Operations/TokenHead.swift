import Glibc

// The vocabulary-sized head: logits = hidden · tableᵀ, computed a few rows at a time together with what
// is wanted of them. `[tokens, vocabulary]` is never held whole.

/// Rows of logits held at once.
private func chunkRows(vocabulary: Int) -> Int { max(1, min(128, (1 << 18) / vocabulary)) }

private func forEachChunk(
    of rows: Int, vocabulary: Int, _ body: (_ first: Int, _ rows: Int) -> Void
) {
    let chunk = chunkRows(vocabulary: vocabulary)
    for first in stride(from: 0, to: rows, by: chunk) { body(first, min(chunk, rows - first)) }
}

private func fillLogits(
    _ logits: Floats, _ hidden: Tensor, _ table: Tensor, first: Int, rows: Int, scale: Float
) {
    let width = hidden.columns
    unsafe matrixProduct(
        rows: rows, columns: table.rows, inner: width, hidden.pointer + first &* width, width,
        table.pointer, width, transposeB: true, alpha: scale, beta: 0, logits, table.rows)
}

/// Scores of every token of the vocabulary.
///
/// - Parameters:
///   - hidden: `[rows, width]`.
///   - table: `[vocabulary, width]`, tied to the token embedding in GPT-2.
/// - Returns: `[rows, vocabulary]`, not differentiated.
public func logits(_ hidden: Tensor, table: Tensor) -> Tensor {
    let result = Tensor(uninitialized: [hidden.rows, table.rows])
    unsafe fillLogits(result.pointer, hidden, table, first: 0, rows: hidden.rows, scale: 1)
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
    let logits = Tensor(uninitialized: [chunkRows(vocabulary: vocabulary), vocabulary])
    let dHidden = hidden.node == nil ? nil : Tensor(uninitialized: hidden.shape)
    let dTable = table.node == nil ? nil : Tensor(zeros: table.shape)
    var loss = 0.0
    var correctCount = 0
    forEachChunk(of: rows, vocabulary: vocabulary) { first, count in
        unsafe fillLogits(logits.pointer, hidden, table, first: first, rows: count, scale: 1)
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
            unsafe matrixProduct(
                rows: count, columns: width, inner: vocabulary, logits.pointer, vocabulary,
                table.pointer, width, beta: 0, dHidden.pointer + first &* width, width)
        }
        if let dTable {
            unsafe matrixProduct(
                rows: vocabulary, columns: width, inner: count, logits.pointer, vocabulary,
                transposeA: true, hidden.pointer + first &* width, width, beta: 1, dTable.pointer,
                width)
        }
    }
    let result = Tensor([Float(loss)], shape: [])
    guard let tape else { return (result, correctCount) }
    let recorded = tape.record(result) { gradient in
        func give(_ part: Tensor?, to operand: Tensor) {
            guard let part else { return }
            operand.contribute { target, isFresh in
                if isFresh { unsafe target.pointer.update(repeating: 0, count: target.count) }
                unsafe addProduct(target.pointer, gradient.scalar, part.pointer, part.count)
            }
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
    let logits = Tensor(uninitialized: [chunkRows(vocabulary: vocabulary), vocabulary])
    // One row each of log-probability and entropy: a single tape record serves both.
    let both = Tensor(uninitialized: [2, rows])
    let normalizers = Tensor(uninitialized: [rows])
    forEachChunk(of: rows, vocabulary: vocabulary) { first, count in
        unsafe fillLogits(logits.pointer, hidden, table, first: first, rows: count, scale: factor)
        for row in 0..<count {
            let line = unsafe logits.pointer + row &* vocabulary
            let highest = unsafe largest(line, vocabulary)
            let score = unsafe line[targets[first + row]]
            let sum = unsafe exponentiate(line, vocabulary, shift: highest)
            let normalizer = log(sum) + highest
            unsafe normalizers.pointer[first + row] = normalizer
            unsafe both.pointer[first + row] = score - normalizer
            let plogp = unsafe sumOfProbabilityTimesLog(line, vocabulary, sum: sum)
            unsafe both.pointer[rows + first + row] = -plogp
        }
    }
    guard let tape = Tensor.tape(of: hidden, table) else { return split(both) }
    let recorded = tape.record(both) { gradient in
        let logits = Tensor(uninitialized: [chunkRows(vocabulary: vocabulary), vocabulary])
        func chunk(_ first: Int, _ count: Int, dHidden: Tensor?, dTable: Tensor?) {
            unsafe fillLogits(
                logits.pointer, hidden, table, first: first, rows: count, scale: factor)
            for row in 0..<count {
                unsafe logProbabilityPullback(
                    logits.pointer + row &* vocabulary, vocabulary, target: targets[first + row],
                    normalizer: normalizers.pointer[first + row],
                    entropy: both.pointer[rows + first + row],
                    dLogProbability: gradient.pointer[first + row],
                    dEntropy: gradient.pointer[rows + first + row])
            }
            if let dHidden {
                unsafe matrixProduct(
                    rows: count, columns: width, inner: vocabulary, logits.pointer, vocabulary,
                    table.pointer, width, alpha: factor, beta: 1,
                    dHidden.pointer + first &* width, width)
            }
            if let dTable {
                unsafe matrixProduct(
                    rows: vocabulary, columns: width, inner: count, logits.pointer, vocabulary,
                    transposeA: true, hidden.pointer + first &* width, width, alpha: factor,
                    beta: 1, dTable.pointer, width)
            }
        }
        func run(_ dHidden: Tensor?, _ dTable: Tensor?) {
            forEachChunk(of: rows, vocabulary: vocabulary) { first, count in
                chunk(first, count, dHidden: dHidden, dTable: dTable)
            }
        }
        func zeroed(_ tensor: Tensor, _ isFresh: Bool) -> Tensor {
            if isFresh { unsafe tensor.pointer.update(repeating: 0, count: tensor.count) }
            return tensor
        }
        if hidden.node != nil && table.node != nil {
            hidden.contribute { dHidden, isFresh in
                let dHidden = zeroed(dHidden, isFresh)
                table.contribute { dTable, isFresh in run(dHidden, zeroed(dTable, isFresh)) }
            }
        } else {
            hidden.contribute { dHidden, isFresh in run(zeroed(dHidden, isFresh), nil) }
            table.contribute { dTable, isFresh in run(nil, zeroed(dTable, isFresh)) }
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
