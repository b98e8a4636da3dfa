import Alignment
import LanguageModels
import OrderedJSON
import TerminalUI

/// Scores as lines of JSON and as a table with what they come to together.
struct ScoreView {
    /// Rows of the table at most; JSON has all of them.
    private static let shownRows = 20

    let rows: [ScoredRow]
    /// One for each completion, row by row.
    let scores: [CompletionScore]
    let texts: [ScoringEncoder.Text]
    let isReward: Bool

    /// The scores of a row's completions, with their places in `texts`.
    private var scoresByRow: [[(score: CompletionScore, index: Int)]] {
        var index = 0
        return rows.map { row in
            row.completions.map { _ in
                defer { index += 1 }
                return (scores[index], index)
            }
        }
    }

    // MARK: - JSON

    var json: [JSON] {
        zip(rows, scoresByRow).map { row, scores in
            var object = JSONObject([("line", .integer(row.line))])
            if scores.count == 1 {
                add(scores[0].score, prefix: "", to: &object)
            } else {
                for (name, each) in zip(["chosen", "rejected"], scores) {
                    add(each.score, prefix: name + "_", to: &object)
                }
            }
            if scores.contains(where: { texts[$0.index].isCut }) { object["truncated"] = true }
            return .object(object)
        }
    }

    private func add(_ score: CompletionScore, prefix: String, to object: inout JSONObject) {
        switch score {
        case .logProbabilities(let values):
            object[prefix + "logprob"] = .number(score.total)
            object[prefix + "token_logprobs"] = .array(values.map { .number(Double($0)) })
        case .reward: object[prefix + "score"] = .number(score.total)
        }
    }

    // MARK: - Text

    func show(_ console: Console) {
        console.show(table)
        if rows.count > Self.shownRows {
            console.say(
                "and \(SentenceParts.count(rows.count - Self.shownRows, "row")) more; --json "
                    + "gives all",
                .dim)
        }
        let cutCount = texts.count(where: \.isCut)
        if cutCount > 0 {
            console.say(
                "\(SentenceParts.count(cutCount, "completion")) lost the end to --max-length and "
                    + "are scored without it", .warning)
        }
        console.show(KeyValueList(summary))
    }

    private var table: Table {
        let isPaired = rows.contains { $0.completions.count == 2 }
        let name = isReward ? "score" : "log p"
        let shown = zip(rows, scoresByRow).prefix(Self.shownRows)
        let cells = shown.map { row, scores -> [String] in
            let values = scores.map { formatted($0.score.total, decimals: isReward ? 3 : 2) }
            if isPaired {
                let margin = scores[0].score.total - scores[1].score.total
                return ["\(row.line)"] + values + [formatted(margin, decimals: isReward ? 3 : 2)]
            }
            let tokens = "\(texts[scores[0].index].example.predictedCount)"
            return ["\(row.line)"] + values + (isReward ? [] : [tokens])
        }
        let headers =
            isPaired
            ? ["line", "\(name) chosen", "\(name) rejected", "margin"]
            : isReward ? ["line", name] : ["line", name, "tokens"]
        return Table(headers: headers, rows: cells)
    }

    private var summary: [(String, String)] {
        var facts = [("rows", formatted(count: rows.count))]
        let paired = scoresByRow.filter { $0.count == 2 }
        if !paired.isEmpty {
            let accuracy = pairAccuracy(
                chosenScores: paired.map { Float($0[0].score.total) },
                rejectedScores: paired.map { Float($0[1].score.total) })
            facts.append(
                (
                    "chosen above rejected",
                    "\(formatted(accuracy.value, decimals: 3)) "
                        + "[\(formatted(accuracy.lower, decimals: 3)), "
                        + "\(formatted(accuracy.upper, decimals: 3))]"
                ))
        }
        if isReward {
            let summary = Summary(scores.map { Float($0.total) })
            facts.append(("mean score", formatted(summary.mean, decimals: 3)))
            facts.append(("deviation", formatted(summary.deviation, decimals: 3)))
        } else {
            let tokens = texts.map(\.example.predictedCount)
            let value = perplexity(
                logProbabilities: scores.map { Float($0.total) }, tokenCounts: tokens)
            facts.append(("tokens", formatted(count: tokens.reduce(0, +))))
            facts.append(("perplexity", formatted(value, significantDigits: 4)))
        }
        return facts
    }
}
