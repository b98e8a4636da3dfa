import Alignment
import Autograd
import LanguageModels

/// What a model says about a completion.
enum CompletionScore: Equatable {
    /// log p of each completion token that has something before it, the end token with them.
    case logProbabilities([Float])
    /// The reward model's score at the last token.
    case reward(Float)

    /// Σ log p, or the score.
    var total: Double {
        switch self {
        case .logProbabilities(let values): values.reduce(0) { $0 + Double($1) }
        case .reward(let score): Double(score)
        }
    }
}

/// Scores completions in parts that are spread over the threads; the number of threads changes no
/// bit.
struct CompletionScorer {
    /// Rows of a part: enough for full products, few enough for the cache.
    private static let partSize = 32

    let model: LanguageModel
    let plan: ParallelPlan

    func scores(of examples: [TokenizedExample]) -> [CompletionScore] {
        if model.heads.contains(.score) {
            return sequenceScores(
                of: model, on: examples.map { $0.prompt + $0.completion }, plan: plan
            ).map { .reward($0) }
        }
        let partCount = (examples.count + Self.partSize - 1) / Self.partSize
        return plan.map(partCount) { index -> [CompletionScore] in
            let start = index * Self.partSize
            let end = min(examples.count, start + Self.partSize)
            return logProbabilities(of: Array(examples[start..<end]))
        }.flatMap { $0 }
    }

    private func logProbabilities(of examples: [TokenizedExample]) -> [CompletionScore] {
        let batch = PackedCompletions(examples)
        if batch.targets.isEmpty { return examples.map { _ in .logProbabilities([]) } }
        let values = model.logProbabilities(of: batch).logProbabilities.array
        var start = 0
        return batch.counts.map { count in
            defer { start += count }
            return .logProbabilities(Array(values[start..<(start + count)]))
        }
    }
}
