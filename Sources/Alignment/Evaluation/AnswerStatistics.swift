public import Autograd
public import LanguageModels

/// What a model says about given completions, token by token, in sums.
public struct AnswerStatistics: Equatable, Sendable {
    /// Σ log p over the completion's tokens.
    public let logProbability: Double
    /// Σ of the entropies of the distributions that the tokens were predicted from, in nats.
    public let entropy: Double
    /// Predicted tokens.
    public let tokenCount: Int
}

/// Log-probabilities and entropies of completions under a model, summed over each one's tokens.
///
/// - Returns: One an example, in their order.
public func answerStatistics(
    of model: LanguageModel, on examples: [TokenizedExample], plan: ParallelPlan
) -> [AnswerStatistics] {
    plan.mapRows(of: examples.map(\.inputTokens)) { rows in
        let batch = PackedCompletions(rows.map { examples[$0] })
        if batch.targets.isEmpty {
            return rows.map { _ in AnswerStatistics(logProbability: 0, entropy: 0, tokenCount: 0) }
        }
        let (logProbabilities, entropies) = model.logProbabilities(of: batch)
        let values = logProbabilities.array
        let spreads = entropies.array
        var start = 0
        return batch.counts.map { count in
            let range = start..<(start + count)
            start += count
            return AnswerStatistics(
                logProbability: values[range].reduce(0) { $0 + Double($1) },
                entropy: spreads[range].reduce(0) { $0 + Double($1) }, tokenCount: count)
        }
    }
}
