public import Autograd
public import LanguageModels

/// The scores of a pair's two completions.
public struct PairScore: Sendable, Equatable {
    public let chosen: Float
    public let rejected: Float

    public init(chosen: Float, rejected: Float) {
        self.chosen = chosen
        self.rejected = rejected
    }
}

/// What the scores of many pairs say together.
public struct PairScores: Sendable, Equatable {
    /// The share of pairs whose chosen score is higher; ties count half.
    public let accuracy: Double
    public let meanChosen: Double
    public let meanRejected: Double
    public var meanMargin: Double { meanChosen - meanRejected }

    public init(_ scores: [PairScore]) {
        let count = Double(max(1, scores.count))
        accuracy =
            scores.reduce(0) {
                $0 + ($1.chosen > $1.rejected ? 1 : ($1.chosen == $1.rejected ? 0.5 : 0))
            } / count
        meanChosen = scores.reduce(0) { $0 + Double($1.chosen) } / count
        meanRejected = scores.reduce(0) { $0 + Double($1.rejected) } / count
    }
}

/// The scores a reward model gives to pairs.
public func pairScores(
    of model: LanguageModel, on pairs: [TokenizedPair], plan: ParallelPlan
) -> [PairScore] {
    let scores = sequenceScores(
        of: model, on: pairs.map(\.chosen) + pairs.map(\.rejected), plan: plan)
    return pairs.indices.map {
        PairScore(chosen: scores[$0], rejected: scores[pairs.count + $0])
    }
}

/// The scores a reward model gives to whole sequences, read at each one's last token.
public func sequenceScores(
    of model: LanguageModel, on sequences: [[Int]], plan: ParallelPlan
) -> [Float] {
    plan.mapRows(of: sequences) { part in
        model.scores(of: PackedSequences(part.map { sequences[$0] })).array
    }
}

/// How far the heads of an ensemble are apart about each sequence: the sample's standard deviation of
/// their scores; empty without an ensemble.
public func scoreDisagreements(
    of model: LanguageModel, on sequences: [[Int]], plan: ParallelPlan
) -> [Float] {
    guard model.scoreHeadCount > 1 else { return [] }
    return plan.mapRows(of: sequences) { part in
        let heads = model.headScores(of: PackedSequences(part.map { sequences[$0] })).map(\.array)
        return part.indices.map { row in Float(Summary(heads.map { $0[row] }).deviation) }
    }
}

/// Moves a reward model's scores to mean 0 and deviation 1 over these sequences (Ziegler et al. 2019,
/// arXiv:1909.08593, section 2.1), by scaling the head and shifting the last layer norm.
///
/// - Returns: Mean and deviation before.
@discardableResult
public func normalizeScores(
    of model: LanguageModel, on sequences: [[Int]], plan: ParallelPlan
) -> (mean: Double, deviation: Double) {
    let scores = sequenceScores(of: model, on: sequences, plan: plan).map(Double.init)
    let mean = scores.reduce(0, +) / Double(max(1, scores.count))
    let variance =
        scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, scores.count))
    let deviation = variance.squareRoot()
    if deviation > 0 { model.scaleScores(by: Float(1 / deviation)) }
    model.shiftScores(by: Float(deviation > 0 ? -mean / deviation : -mean))
    return (mean, deviation)
}
