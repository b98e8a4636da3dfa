import Glibc

/// Perplexity of texts from their summed log-probabilities.
///
///     exp(−Σ logProbabilities / Σ tokenCounts)
///
/// Every token counts the same, so long texts count more; it is not the mean of the texts'
/// perplexities. Comparable between models of the same tokenizer only.
///
/// - Parameters:
///   - logProbabilities: Σ log π over the counted tokens, one a text.
///   - tokenCounts: Counted tokens, one a text, in the same order.
/// - Returns: At least 1; NaN without tokens.
public func perplexity(logProbabilities: [Float], tokenCounts: [Int]) -> Double {
    precondition(
        logProbabilities.count == tokenCounts.count,
        "perplexity: \(logProbabilities.count) sums against \(tokenCounts.count) counts")
    let sum = logProbabilities.reduce(0) { $0 + Double($1) }
    return exp(-sum / Double(tokenCounts.reduce(0, +)))
}
