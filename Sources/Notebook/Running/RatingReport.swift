import Alignment
import Autograd
import LanguageModels
import OrderedJSON
import TerminalUI

/// What a classifier or a regression says of held-out completions.
struct RatingReport {
    /// A classifier's share of right verdicts; nil for a regression.
    private let accuracy: Estimate?
    /// The share of the more frequent label.
    private let majority: Double
    /// Pearson's correlation of scores and ratings.
    private let correlation: Double
    private let count: Int

    /// Nil where nothing with a rating is held out.
    init?(
        _ ratings: [TokenizedRating], loss: RewardInputs.Loss, model: LanguageModel,
        plan: ParallelPlan
    ) {
        guard !ratings.isEmpty else { return nil }
        let scores = sequenceScores(of: model, on: ratings.map(\.sequence), plan: plan)
        let values = ratings.map(\.rating)
        count = ratings.count
        let good = values.count { $0 > 0.5 }
        majority = Double(max(good, values.count - good)) / Double(values.count)
        let right = zip(scores, values).count { ($0.0 > 0) == ($0.1 > 0.5) }
        accuracy =
            loss == .classifier
            ? .wilson(successes: Double(right), trials: values.count) : nil
        correlation = Self.correlation(scores, values)
    }

    private static func correlation(_ a: [Float], _ b: [Float]) -> Double {
        let (first, second) = (Summary(a), Summary(b))
        let products = zip(a, b).reduce(0.0) {
            $0 + (Double($1.0) - first.mean) * (Double($1.1) - second.mean)
        }
        return products / (Double(a.count - 1) * first.deviation * second.deviation)
    }

    func show(in context: CommandContext) {
        var facts = JSONObject()
        var rows: [(String, String)] = []
        if let accuracy {
            facts["eval/label_accuracy"] = .number(accuracy.value)
            rows.append(
                (
                    "right verdicts, held out",
                    "\(formatted(accuracy.value, decimals: 3)) "
                        + "[\(formatted(accuracy.lower, decimals: 3)), "
                        + "\(formatted(accuracy.upper, decimals: 3))], n = \(count)"
                ))
            rows.append(("always the same verdict", formatted(majority, decimals: 3)))
        }
        facts["eval/correlation"] = correlation.isFinite ? .number(correlation) : .null
        rows.append(
            ("correlation with the ratings", formatted(correlation, decimals: 3) + ", n = \(count)")
        )
        context.report(facts)
        context.console.show(KeyValueList(rows))
    }
}
