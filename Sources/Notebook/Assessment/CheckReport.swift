import Alignment
import HumanFeedback
import OrderedJSON
import TerminalUI

/// How often answers pass the instruction checks.
struct CheckReport {
    /// One check, for one or more models.
    struct Row {
        let name: String
        /// Passed / (passed + failed), for each model; undecided answers are left out.
        let shares: [Estimate]
        let undecided: [Int]
    }

    let models: [String]
    let rows: [Row]
    /// Answers that fail none, for each model.
    let all: [Estimate]

    init(_ checks: AnswerChecks, _ models: [AssessedModel]) {
        self.models = models.map(\.name)
        let results = models.map { model in
            model.answers.map { checks.results(prompt: $0.prompt, completion: $0.completion) }
        }
        rows = checks.names.enumerated().map { place, name in
            let own = results.map { $0.map { $0[place] } }
            return Row(
                name: name,
                shares: own.map { results in
                    let decided = results.filter { $0 != .undecided }
                    return .wilson(
                        successes: Double(decided.count { $0 == .passed }), trials: decided.count)
                }, undecided: own.map { $0.count { $0 == .undecided } })
        }
        all = results.map { answers in
            .wilson(
                successes: Double(answers.count { !$0.contains(.failed) }), trials: answers.count)
        }
    }

    var table: Table {
        let rows = (rows + [Row(name: "all of them", shares: all, undecided: all.map { _ in 0 })])
            .map { row in
                [row.name]
                    + zip(row.shares, row.undecided).map { share, undecided in
                        (share.count == 0 ? "–" : EstimateText.share(share))
                            + (undecided > 0 ? ", \(undecided) undecided" : "")
                    }
            }
        return Table(headers: ["check, share passed [95 %]"] + models, rows: rows)
    }

    var facts: JSONObject {
        var facts = JSONObject([("checks/passed", .number(all[0].value))])
        for (prefix, model) in zip(["", "baseline/"], models.indices) {
            facts[prefix + "checks/passed"] = .number(all[model].value)
            for row in rows where row.shares[model].count > 0 {
                facts[prefix + "checks/" + row.name] = .number(row.shares[model].value)
            }
        }
        return facts
    }
}
