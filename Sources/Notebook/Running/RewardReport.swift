import Alignment
import HumanFeedback
import OrderedJSON
import TerminalUI

/// What a reward model knows: its accuracy on held-out pairs, beside what length alone would give.
struct RewardReport {
    let votes: Estimate
    let gold: Estimate?
    let length: Estimate
    let trainingCount: Int
    /// What was trained on: "pairs".
    let unit: String
    let meanChosen: Double
    let meanRejected: Double
    /// The mean deviation of an ensemble's scores; nil without one.
    let spread: Double?

    init(
        model: LoadedModel, rows: [PreferencePair], tokenized: [TokenizedPair], trainingCount: Int,
        unit: String = "pairs", gold scorer: RuleScorer?, context: CommandContext
    ) {
        let scores = pairScores(of: model.model, on: tokenized, plan: context.settings.plan)
        let chosen = scores.map(\.chosen)
        let rejected = scores.map(\.rejected)
        ScoreSample.keep(
            [
                ScoreSample(
                    name: "chosen", scores: chosen.map(Double.init),
                    tokens: tokenized.map { $0.chosen.count - $0.promptCount }),
                ScoreSample(
                    name: "rejected", scores: rejected.map(Double.init),
                    tokens: tokenized.map { $0.rejected.count - $0.promptCount }),
            ], in: context.cell)
        votes = pairAccuracy(chosenScores: chosen, rejectedScores: rejected)
        length = lengthBaseline(
            chosenLengths: rows.map(\.chosen.utf8.count),
            rejectedLengths: rows.map(\.rejected.utf8.count))
        meanChosen = Summary(chosen).mean
        meanRejected = Summary(rejected).mean
        self.trainingCount = trainingCount
        self.unit = unit
        let deviations = scoreDisagreements(
            of: model.model, on: tokenized.map(\.chosen) + tokenized.map(\.rejected),
            plan: context.settings.plan)
        spread = deviations.isEmpty ? nil : Summary(deviations).mean
        gold = scorer.map { Self.goldAccuracy(rows, scores, $0) }
    }

    /// Accuracy against the gold scorer's verdict; pairs it holds equal are left out. Two answers count
    /// once however many rows compare them: rows of several annotators are no further evidence.
    private static func goldAccuracy(
        _ rows: [PreferencePair], _ scores: [PairScore], _ scorer: RuleScorer
    ) -> Estimate {
        var better: [Float] = []
        var worse: [Float] = []
        var seen: Set<[[UInt8]]> = []
        for (row, score) in zip(rows, scores) {
            let answers = [row.chosen, row.rejected].map { Array($0.utf8) }
                .sorted { $0.lexicographicallyPrecedes($1) }
            guard seen.insert([Array(row.prompt.utf8)] + answers).inserted else { continue }
            let chosen = scorer.score(prompt: row.prompt, completion: row.chosen)
            let rejected = scorer.score(prompt: row.prompt, completion: row.rejected)
            if chosen == rejected { continue }
            better.append(chosen > rejected ? score.chosen : score.rejected)
            worse.append(chosen > rejected ? score.rejected : score.chosen)
        }
        return pairAccuracy(chosenScores: better, rejectedScores: worse)
    }

    func show(in context: CommandContext) {
        let console = context.console
        context.report(facts)
        guard votes.count > 0 else {
            console.say(
                "trained on \(formatted(count: trainingCount)) \(unit); none were held out",
                .warning)
            return
        }
        var rows = [["held-out votes", Self.text(votes), "\(votes.count)"]]
        if let gold { rows.append(["held-out gold verdicts", Self.text(gold), "\(gold.count)"]) }
        rows.append(["the longer answer wins", Self.text(length), "\(length.count)"])
        console.show(Table(headers: ["accuracy against", "share [95 %]", "pairs"], rows: rows))
        console.say(
            "mean score of chosen answers \(formatted(meanChosen, decimals: 2)), of rejected ones "
                + "\(formatted(meanRejected, decimals: 2)); trained on "
                + "\(formatted(count: trainingCount)) \(unit)")
        if let spread {
            console.say(
                "the heads of the ensemble are \(formatted(spread, decimals: 2)) apart about an "
                    + "answer (mean deviation)")
        }
        if let weakness = worth.weakness {
            console.say(
                "this reward model is too weak to optimise against: its interval reaches "
                    + (weakness == .chance ? "chance" : "the length baseline")
                    + "; add pairs or train the baseline longer", .warning)
        }
    }

    /// What is kept beside the model.
    var worth: RewardWorth { RewardWorth(accuracy: votes, lengthBaseline: length) }

    private static func text(_ estimate: Estimate) -> String {
        "\(formatted(estimate.value, decimals: 3)) [\(formatted(estimate.lower, decimals: 3)), "
            + "\(formatted(estimate.upper, decimals: 3))]"
    }

    /// The estimates with the ends of their intervals, by metric name.
    private var facts: JSONObject {
        var facts = JSONObject()
        func add(_ key: String, _ estimate: Estimate) {
            facts[key] = .number(estimate.value)
            facts[key + "_lower"] = .number(estimate.lower)
            facts[key + "_upper"] = .number(estimate.upper)
            facts[key + "_count"] = .integer(estimate.count)
        }
        if let spread { facts["eval/disagreement"] = .number(spread) }
        add("eval/accuracy", votes)
        add("eval/length_baseline", length)
        if let gold { add("eval/gold_accuracy", gold) }
        return facts
    }
}
