/// How often the chosen answer of a pair scores above the rejected one, ties as half.
///
/// A pair with a score that is not a number counts as wrong: a scorer that fails is no better than
/// one that errs.
///
/// - Parameters:
///   - chosenScores: One a pair.
///   - rejectedScores: One a pair, in the same order.
/// - Returns: The share, with Wilson's 95 % interval.
public func pairAccuracy(chosenScores: [Float], rejectedScores: [Float]) -> Estimate {
    precondition(
        chosenScores.count == rejectedScores.count,
        "accuracy: \(chosenScores.count) chosen against \(rejectedScores.count) rejected scores")
    var points = 0.0
    for (chosen, rejected) in zip(chosenScores, rejectedScores) {
        if chosen > rejected { points += 1 } else if chosen == rejected { points += 0.5 }
    }
    return .wilson(successes: points, trials: chosenScores.count)
}

/// The accuracy of "the longer answer wins": what a reward model must beat to know anything else.
///
/// Singhal et al. 2023 (arXiv:2310.03716) found length alone to give most of RLHF's gain.
///
/// - Parameters:
///   - chosenLengths: Lengths of the chosen answers, in tokens or characters.
///   - rejectedLengths: Lengths of the rejected answers, in the same order.
/// - Returns: The share of pairs whose chosen answer is longer, equal lengths as half, with
///   Wilson's 95 % interval.
public func lengthBaseline(chosenLengths: [Int], rejectedLengths: [Int]) -> Estimate {
    pairAccuracy(
        chosenScores: chosenLengths.map(Float.init),
        rejectedScores: rejectedLengths.map(Float.init))
}
