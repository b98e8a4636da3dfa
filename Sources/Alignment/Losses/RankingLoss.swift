public import Autograd

/// The Plackett-Luce loss of a ranking (Plackett 1975; Luce 1959): the best is chosen from all, the next
/// from what is left, and so on.
///
///     loss = Σ over i · [log Σ over {i} and all that is worse than i of eʳ − rᵢ]
///
/// Of two completions this is the Bradley-Terry loss. Equally good ones are never compared with each
/// other; the worst tier has nothing to be chosen from.
///
/// - Parameters:
///   - scores: Scores of all completions, `[completions]`.
///   - rankings: For each ranking the places of its completions in `scores`, best tier first.
///   - weights: What each ranking counts.
/// - Returns: A scalar.
public func plackettLuceLoss(
    scores: Tensor, rankings: [[[Int]]], weights: [Float]
) -> Tensor {
    precondition(
        rankings.count == weights.count,
        "Plackett-Luce: \(rankings.count) rankings, \(weights.count) weights")
    var winners: [Int] = []
    var choices: [Int] = []
    var counts: [Int] = []
    var choiceWeights: [Float] = []
    for (ranking, weight) in zip(rankings, weights) {
        for (tier, better) in ranking.enumerated() {
            let worse = ranking[(tier + 1)...].joined()
            if worse.isEmpty { continue }
            for place in better {
                winners.append(place)
                choices += [place] + worse
                counts.append(1 + worse.count)
                choiceWeights.append(weight)
            }
        }
    }
    if winners.isEmpty { return 0 * scores.sum }
    let sums = scores.elements(at: choices).logSums(ofSegments: counts)
    return (sums - scores.elements(at: winners)).sum(weights: choiceWeights)
}

/// The cross-entropy of a classifier of good and bad answers, the score being the logit of "good" less
/// that of "bad".
///
///     loss = −Σ weight · [y log σ(r) + (1 − y) log σ(−r)]
///
/// - Parameters:
///   - scores: `[completions]`.
///   - targets: y, 1 for good and 0 for bad ones.
///   - weights: What each completion counts.
/// - Returns: A scalar.
public func classificationLoss(scores: Tensor, targets: [Float], weights: [Float]) -> Tensor {
    let good = (-scores.logSigmoid).sum(weights: zip(targets, weights).map { $0 * $1 })
    let bad = (-((-scores).logSigmoid)).sum(weights: zip(targets, weights).map { (1 - $0) * $1 })
    return good + bad
}

/// The squared error of scores against ratings.
///
///     loss = Σ weight · (r − rating)²
///
/// - Parameters:
///   - scores: `[completions]`.
///   - targets: The ratings.
///   - weights: What each completion counts.
/// - Returns: A scalar.
public func regressionLoss(scores: Tensor, targets: [Float], weights: [Float]) -> Tensor {
    (scores - Tensor(targets)).squared.sum(weights: weights)
}
