/// Logits that are small enough are kept for the way back instead of being made again.
private let keptLogits = 1 << 20

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
    let vocabulary = table.rows
    precondition(
        targets.count == rows && table.columns == hidden.columns,
        "tokenLogProbabilities: \(targets.count) targets for \(hidden.shape) and \(table.shape)")
    let factor = 1 / temperature
    let tape = hidden.tape ?? table.tape
    let keepsLogits = tape != nil && rows &* vocabulary <= keptLogits
    let logits = Tensor(
        uninitialized: Shape(keepsLogits ? rows : min(rows, logitRows), vocabulary))
    // One row each of log-probability and entropy: a single tape record serves both.
    let both = Tensor(uninitialized: Shape(2, rows))
    let normalizers = Tensor(uninitialized: Shape(rows))
    forEachLogitChunk(of: rows) { first, count in
        let chunk = unsafe logits.pointer + (keepsLogits ? first &* vocabulary : 0)
        unsafe fillLogits(chunk, hidden, table, first: first, rows: count)
        for row in 0..<count {
            let line = unsafe chunk + row &* vocabulary
            let (normalizer, entropy) = unsafe logitStatistics(line, vocabulary, factor: factor)
            unsafe normalizers.pointer[first + row] = normalizer
            unsafe both.pointer[first + row] = factor * line[targets[first + row]] - normalizer
            unsafe both.pointer[rows + first + row] = entropy
        }
    }
    var recorded = both
    if let tape {
        let pullback = TokenLogProbabilitiesPullback(
            hidden: hidden, table: table, targets: targets, factor: factor, both: both,
            normalizers: normalizers, logits: keepsLogits ? logits : nil)
        recorded = tape.record(both, .tokenLogProbabilities(pullback))
    }
    return (part(0, of: recorded), part(1, of: recorded))
}

struct TokenLogProbabilitiesPullback {
    let hidden, table: Tensor
    let targets: [Int]
    let factor: Float
    let both, normalizers: Tensor
    /// Where they were not kept, their memory serves the next sequences while the tape goes on.
    let logits: Tensor?

    func send(_ gradient: Tensor) {
        if hidden.node != nil && table.node != nil {
            hidden.contribute { dHidden, isFresh in
                table.contribute { dTable, isTableFresh in
                    pull(
                        gradient, dHidden: dHidden, adds: !isFresh, dTable: dTable,
                        addsToTable: !isTableFresh)
                }
            }
        } else {
            hidden.contribute { dHidden, isFresh in
                pull(gradient, dHidden: dHidden, adds: !isFresh, dTable: nil, addsToTable: false)
            }
            table.contribute { dTable, isFresh in
                pull(gradient, dHidden: nil, adds: false, dTable: dTable, addsToTable: !isFresh)
            }
        }
    }

    private func pull(
        _ gradient: Tensor, dHidden: Tensor?, adds: Bool, dTable: Tensor?, addsToTable: Bool
    ) {
        let rows = hidden.rows
        let vocabulary = table.rows
        let logits = logits ?? Tensor(uninitialized: Shape(min(rows, logitRows), vocabulary))
        let isKept = self.logits != nil
        forEachLogitChunk(of: rows) { first, count in
            let chunk = unsafe logits.pointer + (isKept ? first &* vocabulary : 0)
            if !isKept { unsafe fillLogits(chunk, hidden, table, first: first, rows: count) }
            for row in 0..<count {
                unsafe logProbabilityPullback(
                    chunk + row &* vocabulary, vocabulary, factor: factor,
                    target: targets[first + row], normalizer: normalizers.pointer[first + row],
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
                    adds: addsToTable || first > 0, precision: table.form?.precision ?? .f32)
            }
        }
        if rows == 0 && !addsToTable, let dTable {
            unsafe dTable.pointer.update(repeating: 0, count: dTable.count)
        }
    }
}

/// A row of `[2, rows]` as a vector.
private func part(_ index: Int, of both: Tensor) -> Tensor {
    let count = both.columns
    let row = Tensor(uninitialized: Shape(count))
    unsafe copy(row.pointer, both.pointer + index &* count, count)
    guard let tape = both.tape else { return row }
    return tape.record(row, .part(PartPullback(both: both, index: index)))
}

struct PartPullback {
    let both: Tensor
    let index: Int

    func send(_ gradient: Tensor) {
        let count = both.columns
        both.contribute { target, isFresh in
            if isFresh { unsafe target.pointer.update(repeating: 0, count: target.count) }
            unsafe addProduct(target.pointer + index &* count, 1, gradient.pointer, count)
        }
    }
}
