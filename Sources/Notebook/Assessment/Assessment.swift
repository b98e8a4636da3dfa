import Alignment
import HumanFeedback
import OrderedJSON
import TerminalUI

/// One model against another: everything `evaluate` measures, as one page and its sections.
struct Assessment {
    let candidate: AssessedModel
    let baseline: AssessedModel
    let scorers: [AnswerScorer]
    let standing: Standing
    let prompts: [Prompt]
    let seed: UInt64
    /// What is left out, and why.
    let remark: String?
    /// KL of the candidate's answers from the baseline; nil where tokens differ.
    let kl: Estimate?
    /// Perplexity of both on held-out demonstrations, candidate first.
    let perplexity: (Double, Double)?
    /// Answers that stand word for word among the demonstrations, candidate first.
    let copied: (Double, Double)?
    let checks: CheckReport
    let bias: BiasReport?
    let frontier: Frontier
    let judge: JudgeReport?

    // MARK: - The page

    /// What everybody wants to know first; a tutorial's readers look for this line.
    var headline: String {
        "\(candidate.name) against \(baseline.name): win rate "
            + "\(EstimateText.share(standing.win.rate)), n = \(standing.win.rate.count), "
            + "\(standing.win.ties) ties as half"
    }

    var subline: String {
        "at equal length \(EstimateText.share(standing.lengthControlled.rate)); judged by "
            + "\(scorers[0].name) on "
            + SentenceParts.count(Set(promptIDs).count, "prompt")
    }

    var table: Table {
        var rows: [[String]] = []
        func add(_ name: String, _ value: Double, _ other: Double?, _ difference: Estimate? = nil) {
            rows.append([
                name, formatted(value, significantDigits: 3),
                other.map { formatted($0, significantDigits: 3) } ?? "",
                difference.map(EstimateText.difference) ?? "",
            ])
        }
        for (place, scorer) in scorers.enumerated() {
            add(
                "score by \(scorer.name)", candidate.mean(place), baseline.mean(place),
                standing.scoreDifferences[place])
        }
        add("length, tokens", Self.mean(candidate.lengths), Self.mean(baseline.lengths), length)
        add("answers that end", candidate.endRate, baseline.endRate)
        add("distinct answers", Double(candidate.distinct), Double(baseline.distinct))
        add("distinct pairs of tokens", candidate.distinctPairs, baseline.distinctPairs)
        add("repeated runs of 4 tokens", candidate.repetition, baseline.repetition)
        if let copied { add("copied from training", copied.0, copied.1) }
        add("checks passed", checks.all[0].value, checks.all[1].value)
        add("entropy, nats a token", candidate.entropy, baseline.entropy)
        if let perplexity { add("perplexity, held-out rows", perplexity.0, perplexity.1) }
        if let kl { add("KL, nats an answer", kl.value, nil) }
        return Table(
            headers: ["", candidate.name, baseline.name, "difference [95 %]"], rows: rows)
    }

    private var promptIDs: [String] { prompts.map(\.id) }

    private var length: Estimate {
        difference(
            candidate.lengths.map(Float.init), baseline.lengths.map(Float.init), ids: promptIDs,
            seed: seed)
    }

    private static func mean(_ values: [Int]) -> Double {
        Double(values.reduce(0, +)) / Double(max(1, values.count))
    }

    // MARK: - The sections

    private var scorerTable: Table {
        let rows = scorers.indices.map { place -> [String] in
            let win = WinRate(
                scores: candidate.scores[place], baselineScores: baseline.scores[place],
                promptIDs: promptIDs, seed: seed)
            return [
                scorers[place].name, EstimateText.share(win.rate),
                formatted(candidate.mean(place), decimals: 2),
                formatted(baseline.mean(place), decimals: 2),
                EstimateText.difference(standing.scoreDifferences[place]),
            ]
        }
        return Table(
            headers: [
                "scorer", "win rate [95 %]", candidate.name, baseline.name, "difference [95 %]",
            ], rows: rows)
    }

    /// Shows the page and keeps the sections with the cell; with `all` they are shown too.
    func show(in context: CommandContext, all: Bool) {
        let console = context.console
        console.say(headline, .strong)
        console.say(subline)
        console.show(table)
        if let remark { console.say(remark, .dim) }
        if let summary = frontier.summary { console.say(summary) }
        if let bias {
            console.say(bias.summary, bias.rows.contains(where: \.isShown) ? .warning : .plain)
        }
        if let judge { console.say(judge.summary) }
        console.section("Scorers", [scorerTable], shown: all)
        if !frontier.bestOf.isEmpty {
            let note =
                "best-of-n of \(baseline.name) on \(SentenceParts.count(frontier.promptCount, "prompt")), "
                + "chosen by \(frontier.proxy), judged by \(frontier.judge)"
            console.section("Frontier", [Paragraph(note, .dim), frontier.table], shown: all)
            console.section(plot: frontier.plot, shown: all)
        }
        console.section("Checks", [checks.table], shown: all)
        if let bias {
            console.section("Bias", [Paragraph(bias.remark, .dim), bias.table], shown: all)
        }
        if let judge { console.section("Judge", [judge.table], shown: all) }
        if !all {
            let place = context.notebook == nil ? "--all" : "--all, or :show and the cell's number,"
            console.remark(
                Paragraph("\(place) shows scorers, frontier, checks and bias in full", .dim))
        }
        context.report(facts)
    }

    // MARK: - Figures by name

    var facts: JSONObject {
        var facts = JSONObject()
        facts.add("eval/win_rate", standing.win.rate)
        facts["wins"] = .integer(standing.win.wins)
        facts["ties"] = .integer(standing.win.ties)
        facts["losses"] = .integer(standing.win.losses)
        facts.add("eval/lc_win_rate", standing.lengthControlled.rate)
        facts["eval/length_effect"] = .number(standing.lengthControlled.lengthEffect)
        func add(_ key: String, _ value: Double, _ other: Double) {
            facts[key] = .number(value)
            facts["baseline/" + key] = .number(other)
        }
        add("eval/score", candidate.mean(0), baseline.mean(0))
        for (place, scorer) in scorers.enumerated() {
            add("eval/score/" + scorer.name, candidate.mean(place), baseline.mean(place))
            facts.add("eval/score_difference/" + scorer.name, standing.scoreDifferences[place])
        }
        add("completions/mean_length", Self.mean(candidate.lengths), Self.mean(baseline.lengths))
        add("completions/distinct", Double(candidate.distinct), Double(baseline.distinct))
        add("completions/distinct_2", candidate.distinctPairs, baseline.distinctPairs)
        add("completions/repetition", candidate.repetition, baseline.repetition)
        if let copied { add("completions/copied", copied.0, copied.1) }
        add("val/eos_rate", candidate.endRate, baseline.endRate)
        add("eval/token_entropy", candidate.entropy, baseline.entropy)
        if let kl { facts.add("eval/kl", kl) }
        if let perplexity { add("eval/perplexity", perplexity.0, perplexity.1) }
        facts = facts.merging(checks.facts)
        if let bias { facts = facts.merging(bias.facts) }
        facts = facts.merging(frontier.facts)
        if let judge { facts = facts.merging(judge.facts) }
        return facts
    }
}

extension Console {
    /// A part of a report with its title: kept with the cell, and shown where `shown` says so.
    func section(_ title: String, _ parts: [any Renderable], shown: Bool) {
        let section = Stack([Paragraph(title, .title)] + parts)
        if shown { show(section) } else { keep(section) }
    }

    func section(plot: PlotData, shown: Bool) {
        if shown {
            show(plot.drawing(canvas: .automatic), data: plot.output)
        } else {
            keep(plot.output)
        }
    }
}
