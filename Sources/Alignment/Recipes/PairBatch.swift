import Autograd
import LanguageModels

/// The pairs of a step as prompts and completions.
struct PairBatch {
    let pairs: [TokenizedPair]
    /// All chosen answers, then all rejected ones.
    let examples: [TokenizedExample]
    /// A number for each example by which it is known in the whole run.
    let keys: [Int]
    /// What each pair counts: its share of the batch's weights.
    private let weights: [Float]
    /// What each token of a chosen answer counts, for a mean over them.
    private let tokenWeight: Float

    /// - Parameter firstKey: Added to the keys, for pairs beside those of the run.
    init(_ all: [TokenizedPair], rows: [Int], firstKey: Int = 0) {
        pairs = rows.map { all[$0] }
        let sides = pairs.map(\.examples)
        examples = sides.map { $0[0] } + sides.map { $0[1] }
        keys = rows.map { firstKey + 2 * $0 } + rows.map { firstKey + 2 * $0 + 1 }
        let total = pairs.reduce(0) { $0 + $1.weight }
        weights = pairs.map { total > 0 ? $0.weight / total : 0 }
        let chosenTokens = sides.reduce(0) { $0 + $1[0].predictedCount }
        tokenWeight = 1 / Float(max(1, chosenTokens))
    }

    var tokenCount: Int { pairs.reduce(0) { $0 + $1.count } }

    /// Some pairs of the batch, for one shard.
    struct Part {
        let pairCount: Int
        let examples: [TokenizedExample]
        let keys: [Int]
        let weights: [Float]
        let tokenWeight: Float
        /// Σ log π_ref of each example.
        let reference: [Float]
    }

    /// - Parameter reference: Σ log π_ref of each of the batch's examples.
    func part(_ rows: [Int], reference: [Float]) -> Part {
        let both = rows + rows.map { pairs.count + $0 }
        return Part(
            pairCount: rows.count, examples: both.map { examples[$0] },
            keys: both.map { keys[$0] }, weights: rows.map { weights[$0] },
            tokenWeight: tokenWeight, reference: both.map { reference[$0] })
    }
}

/// What the policy and the reference say of pairs, and the losses that follow.
struct PairResult {
    /// Σ log π of both answers of a pair, under policy and reference.
    struct Pair {
        let chosen, rejected, chosenReference, rejectedReference: Float
    }

    /// The loss that was differentiated.
    var loss = 0.0
    /// Its part that compares the answers.
    var preferenceLoss = 0.0
    /// Cross-entropy of the chosen answers, a token; not weighted.
    var supervisedLoss = 0.0
    var pairs: [Pair] = []

    func with(loss: Tensor) -> PairResult {
        var result = self
        result.loss = Double(loss.scalar)
        return result
    }

    mutating func add(_ other: PairResult) {
        loss += other.loss
        preferenceLoss += other.preferenceLoss
        supervisedLoss += other.supervisedLoss
        pairs += other.pairs
    }

    /// The implicit rewards β (log π − log π_ref).
    func rewards(beta: Float) -> PairScores {
        PairScores(
            pairs.map {
                PairScore(
                    chosen: beta * ($0.chosen - $0.chosenReference),
                    rejected: beta * ($0.rejected - $0.rejectedReference))
            })
    }

    /// By the names of the metrics.
    func figures(beta: Float) -> [(key: String, value: Double)] {
        let sums = PairScores(pairs.map { PairScore(chosen: $0.chosen, rejected: $0.rejected) })
        return rewards(beta: beta).figures
            + [("logps/chosen", sums.meanChosen), ("logps/rejected", sums.meanRejected)]
    }
}

extension PairScores {
    /// By the names of the metrics.
    var figures: [(key: String, value: Double)] {
        [
            ("rewards/accuracies", accuracy), ("rewards/chosen", meanChosen),
            ("rewards/rejected", meanRejected), ("rewards/margins", meanMargin),
        ]
    }

    func append(to row: inout MetricRow) {
        for (key, value) in figures { row.append(key, value) }
    }
}
