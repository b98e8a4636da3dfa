public import Autograd

// An ensemble of score heads on one trunk. Heads are linear, so that the mean of their scores is the
// score of their mean: that is what `score.weight` holds, and whoever knows nothing of the ensemble
// reads the mean there.

extension LanguageModel {
    /// Heads of the ensemble; 0 where there is one head alone.
    public var scoreHeadCount: Int { scoreHeads.count }

    /// The scores that each head gives to each sequence, one `[sequences]` a head; those of the only
    /// head where there is no ensemble.
    public func headScores(
        of batch: PackedSequences, weights: Weights? = nil, from start: ResidualStream? = nil
    ) -> [Tensor] {
        guard !scoreHeads.isEmpty else { return [scores(of: batch, weights: weights, from: start)] }
        let weights = weights ?? Weights(parameters)
        let last = hidden(batch, at: batch.lastRows, weights: weights, from: start)
        return scoreHeads.map { scalarHead(last, weight: weights[$0]) }
    }

    /// Makes the score the mean of the ensemble's, after its heads have moved.
    public func averageScoreHeads() {
        guard let scoreWeight, !scoreHeads.isEmpty else { return }
        let heads = scoreHeads.map { parameters[$0].array }
        parameters.assign(
            heads[0].indices.map { place in
                heads.reduce(0) { $0 + $1[place] } / Float(heads.count)
            }, to: scoreWeight)
    }

    /// The shortest shift of the hidden states that raises the score of every head by 1; nil without
    /// an ensemble, and where its heads do not allow it.
    func directionOfAllHeads() -> [Float]? {
        let heads = scoreHeads.map { parameters[$0].array.map(Double.init) }
        guard !heads.isEmpty else { return nil }
        // Σ cⱼ wⱼ with wᵢ · Σ cⱼ wⱼ = 1: Gauss's elimination on the products of the heads.
        func product(_ a: [Double], _ b: [Double]) -> Double {
            zip(a, b).reduce(0.0) { $0 + $1.0 * $1.1 }
        }
        var rows: [[Double]] = heads.map { a in heads.map { product(a, $0) } + [1.0] }
        for column in rows.indices {
            let pivot = (column..<rows.count).max { abs(rows[$0][column]) < abs(rows[$1][column]) }
            guard let pivot, abs(rows[pivot][column]) > 1e-9 else { return nil }
            rows.swapAt(column, pivot)
            for row in rows.indices where row != column {
                let factor = rows[row][column] / rows[column][column]
                for place in column...rows.count {
                    rows[row][place] -= factor * rows[column][place]
                }
            }
        }
        let factors = rows.indices.map { rows[$0][rows.count] / rows[$0][$0] }
        return heads[0].indices.map { place in
            Float(zip(factors, heads).reduce(0) { $0 + $1.0 * $1.1[place] })
        }
    }
}
