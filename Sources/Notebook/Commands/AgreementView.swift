import HumanFeedback
import TerminalUI

/// An agreement report as tables and sentences.
struct AgreementView {
    let report: AgreementReport

    init(_ report: AgreementReport) { self.report = report }

    func show(_ console: Console) {
        console.say(
            "\(SentenceParts.count(report.voteCount, "vote")) by "
                + "\(SentenceParts.count(report.annotators.count, "annotator")) on "
                + "\(SentenceParts.count(report.unitCount, "pair")), "
                + "\(formatted(count: report.sharedUnitCount)) of them judged by two or more")
        if report.sharedUnitCount > 0 {
            console.show(coefficients)
            console.say(reading)
        } else {
            console.say(
                "nobody judged a pair that somebody else judged, so agreement cannot be told; give "
                    + "the same pairs to two annotators", .warning)
        }
        if (3...10).contains(report.pairs.count) { console.show(pairs) }
        if !report.annotators.isEmpty { console.show(annotators) }
        for annotator in report.annotators {
            if annotator.disagrees { console.show(ConfusionView(annotator).table) }
            for remark in annotator.remarks {
                console.say(Self.sentence(remark, by: annotator.name), .warning)
            }
        }
        if report.annotators.count > 1, report.annotators.allSatisfy(\.remarks.isEmpty) {
            console.say("no annotator stands out", .good)
        }
        if !report.isOrderShuffled, report.voteCount > 0 {
            console.say(
                "all pairs were shown in one order, so a liking for a place cannot be told from a "
                    + "liking for an answer", .dim)
        }
    }

    private var coefficients: Table {
        let rows: [(String, AgreementReport.Coefficient, String)] = [
            ("raw agreement", report.rawAgreement, "equal verdicts, of two at a time"),
            ("where both decided", report.decidedAgreement, "ties and both bad left out"),
            (
                "Cohen's kappa", .init(value: report.cohenKappa, interval: nil),
                report.annotators.count > 2 ? "mean over pairs of annotators" : ""
            ),
            (
                "Fleiss' kappa", report.fleissKappa,
                SentenceParts.count(report.fleissUnits, "pair") + " with "
                    + "\(report.fleissRatings) votes each"
            ),
            ("Krippendorff's alpha", report.alphaNominal, "nominal"),
            ("", report.alphaOrdinal, "ordinal: left, tie, right"),
        ]
        return Table(
            headers: ["coefficient", "value", "95% interval", ""],
            alignments: [.left, .right, .left, .left],
            rows: rows.map { name, coefficient, remark in
                [
                    name, coefficient.value.map { formatted($0, decimals: 3) } ?? "–",
                    coefficient.interval.map {
                        "\(formatted($0.lower, decimals: 3)) to "
                            + formatted($0.upper, decimals: 3)
                    } ?? "", remark,
                ]
            })
    }

    /// How alpha is usually read.
    private var reading: String {
        guard let alpha = report.alphaOrdinal.value else {
            return "one verdict only: agreement beyond chance is not defined"
        }
        let limits = "0.8 and more is called reliable, 0.667 and more tentative"
        if alpha >= 0.8 { return "alpha says reliable (\(limits))" }
        if alpha >= 0.667 { return "alpha says tentative (\(limits))" }
        return
            "alpha is low (\(limits)); preferences often are: OpenAI's and Anthropic's annotators "
            + "agreed in 63 to 77% of pairs"
    }

    private var pairs: Table {
        Table(
            headers: ["annotators", "pairs", "agree", "kappa"],
            rows: report.pairs.map { pair in
                [
                    "\(pair.first), \(pair.second)", formatted(count: pair.agreement.count),
                    Self.percent(pair.agreement),
                    pair.cohenKappa.map { formatted($0, decimals: 2) } ?? "–",
                ]
            })
    }

    private var annotators: Table {
        let hasGold = report.annotators.contains { $0.gold != nil }
        let hasRepeats = report.annotators.contains { $0.consistency.same.count > 0 }
        let hasTexts = report.annotators.contains { $0.wordsPerMinute != nil }
        let hasTriples = report.annotators.contains { $0.circles.count > 0 }
        var headers = ["annotator", "votes", "with others", "ties", "first shown", "seconds"]
        if hasTexts { headers += ["words/min", "longer"] }
        if hasGold { headers.append("gold") }
        if hasRepeats { headers.append("repeats") }
        if hasTriples { headers.append("circles") }
        return Table(
            headers: headers,
            rows: report.annotators.map { each in
                var row = [
                    each.name, formatted(count: each.votes), Self.percent(each.withOthers),
                    Self.percent(each.ties), Self.percent(each.first),
                    each.seconds.map { formatted($0, decimals: 1) } ?? "–",
                ]
                if hasTexts {
                    row.append(each.wordsPerMinute.map { formatted($0, decimals: 0) } ?? "–")
                    row.append(Self.percent(each.longer))
                }
                if hasGold {
                    row.append(each.gold.map(Self.gold) ?? "–")
                }
                if hasRepeats { row.append(Self.percent(each.consistency.same)) }
                if hasTriples { row.append("\(each.circles.hits)/\(each.circles.count)") }
                return row
            })
    }

    /// Right answers, and between which values the accuracy is with a probability of 95 %.
    private static func gold(_ gold: GoldAccuracy) -> String {
        "\(gold.share.hits)/\(gold.share.count) "
            + "(\(formatted(gold.interval.lower, decimals: 2))–"
            + "\(formatted(gold.interval.upper, decimals: 2)))"
    }

    static func percent(_ share: Share) -> String {
        share.value.map { formatted(fraction: $0) } ?? "–"
    }

    /// What is remarkable about an annotator, and what to do.
    static func sentence(_ remark: AnnotatorRemark, by name: String) -> String {
        switch remark {
        case .reversed(let agreement):
            return "\(name) prefers what the others reject (agrees in \(percent(agreement)) of "
                + "\(agreement.count)): reads the instruction the other way round? Ask before the "
                + "votes are used"
        case .agreesLess(let agreement, let others):
            return "\(name) agrees with the others in \(percent(agreement)) of "
                + "\(agreement.count) pairs, the others in \(percent(others)): careless, or another "
                + "idea of the task; look at some of the pairs together"
        case .favoursPlace(let first, let p):
            let place = (first.value ?? 0) > 0.5 ? "first" : "second"
            let hits = place == "first" ? first : Share(first.count - first.hits, of: first.count)
            return "\(name) takes the answer shown \(place) in \(percent(hits)) of "
                + "\(first.count) decided votes (p = \(formatted(p, significantDigits: 2))): a "
                + "position bias; have some pairs judged again with the sides exchanged"
        case .tooFast(let speed):
            return
                "\(name) decides at \(formatted(speed, decimals: 0)) words a minute, faster than "
                + "anybody reads: too fast to be trusted"
        case .fasterThanOthers(let seconds, let others):
            return "\(name) takes \(formatted(seconds, decimals: 1)) seconds a pair, the others "
                + "\(formatted(others, decimals: 1)): too fast?"
        case .failsGold(let gold):
            return "\(name) is right in \(gold.share.hits) of \(gold.share.count) questions with a "
                + "known answer (accuracy \(formatted(gold.interval.lower, decimals: 2)) to "
                + "\(formatted(gold.interval.upper, decimals: 2))): fails the control questions"
        case .inconsistent(let consistency):
            return "\(name) repeats their own verdict in \(percent(consistency.same)) of "
                + "\(consistency.same.count) repeated pairs: the votes are near to chance"
        case .favoursLength(let longer, let others):
            return
                "\(name) takes the longer answer in \(percent(longer)) of \(longer.count) votes, "
                + "the others in \(percent(others)): takes length for quality?"
        }
    }
}
