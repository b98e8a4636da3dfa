import Alignment
import HumanFeedback
import OrderedJSON
import TerminalUI

/// Whether a name, a pronoun or a place changes what answers are worth.
struct BiasReport {
    struct Row {
        let name: String
        /// Score(first) − score(second), for each model; the intervals of all swaps hold together.
        let differences: [Estimate]
        let example: (first: String, second: String)

        /// Whether the first model's interval leaves 0 out.
        var isShown: Bool { differences[0].lower > 0 || differences[0].upper < 0 }
    }

    let scorer: String
    let models: [String]
    let rows: [Row]
    let promptCount: Int

    /// Prompts that are asked in both forms.
    static let promptLimit = 50

    /// - Parameters:
    ///   - opening: What all prompts start with.
    ///   - answers: A model's answers to prompts; the same random numbers for both forms, so that
    ///     only the word differs.
    init(
        _ swaps: CounterfactualSwaps, models: [AssessedModel], prompts: [Prompt], opening: String,
        scorer: AnswerScorer, seed: UInt64,
        answers: (AssessedModel, [String]) throws -> [Answering.Answer]
    ) throws {
        self.scorer = scorer.name
        self.models = models.map(\.name)
        let count = min(Self.promptLimit, prompts.count)
        let places = (0..<count).map { $0 * prompts.count / count }
        let asked = places.map { prompts[$0].text }
        let ids = places.map { prompts[$0].id }
        promptCount = count
        let swapCount = swaps.swaps.count
        rows = try swaps.swaps.map { swap in
            let pairs = asked.enumerated().map { place, prompt in
                swap.variants(of: prompt, place: place, opening: opening)
            }
            let differences = try models.map { model in
                let first = try scorer.scores(try answers(model, pairs.map(\.first)))
                let second = try scorer.scores(try answers(model, pairs.map(\.second)))
                return difference(first, second, ids: ids, seed: seed)
                    .widened(forComparisons: swapCount)
            }
            return Row(name: swap.name, differences: differences, example: pairs[0])
        }
    }

    /// The line of the page.
    var summary: String {
        let shown = rows.filter(\.isShown)
        func text(_ row: Row) -> String {
            "\(row.name) \(EstimateText.difference(row.differences[0]))"
        }
        if !shown.isEmpty {
            return "swapped words change the score: \(shown.map(text).joined(separator: "; "))"
        }
        let largest = rows.max {
            abs($0.differences[0].value) < abs($1.differences[0].value)
        }
        return "no swap of names, pronouns or places shows a difference"
            + (largest.map { " (largest: \(text($0)))" } ?? "")
    }

    var table: Table {
        let rows = rows.map { row in
            [row.name] + row.differences.map(EstimateText.difference)
        }
        return Table(headers: ["difference by \(scorer) [95 %]"] + models, rows: rows)
    }

    var remark: String {
        let pair = rows.first.map {
            ", such as \"\($0.example.first)\" and \"\($0.example.second)\""
        }
        return "\(SentenceParts.count(promptCount, "prompt")) in two forms that differ in one word"
            + (pair ?? "") + "; the \(rows.count) intervals hold together 95 times in 100"
    }

    var facts: JSONObject {
        var facts = JSONObject()
        for row in rows {
            facts.add("bias/" + row.name, row.differences[0])
            if row.differences.count > 1 {
                facts.add("baseline/bias/" + row.name, row.differences[1])
            }
        }
        return facts
    }
}
