import Alignment
import OrderedJSON
import TerminalUI

/// What `report reward` shows.
struct RewardReportView {
    let assessment: RewardAssessment
    let scores: [PairScore]
    let leaks: PairLeaks
    /// The mean deviation of an ensemble's scores; nil without one.
    let spread: Double?

    func show(in context: CommandContext) {
        let console = context.console
        guard assessment.accuracy.count > 0 else {
            console.say("no pairs are held out; raise --eval-fraction", .warning)
            return
        }
        context.report(facts)
        var rows = [
            Self.row("all held-out pairs", assessment.accuracy),
            Self.row("\"the longer answer wins\"", assessment.lengthBaseline),
        ]
        for part in assessment.byMargin + assessment.byLength + assessment.byAgreement {
            rows.append(Self.row("  " + part.name, part.accuracy))
        }
        console.show(Table(headers: ["accuracy on", "share [95 %]", "pairs"], rows: rows))
        console.show(
            Table(
                headers: ["as sure as", "right", "pairs"],
                alignments: [.left, .left, .right],
                rows: assessment.calibration.bins.map {
                    [
                        formatted($0.confidence, decimals: 2), formatted($0.accuracy, decimals: 2),
                        formatted(count: $0.count),
                    ]
                }))
        console.say(
            "expected calibration error "
                + formatted(assessment.calibration.expectedError, decimals: 3)
                + ": how far it is from being right as often as it is sure")
        if let spread {
            console.say(
                "the heads of the ensemble are \(formatted(spread, decimals: 2)) apart about an "
                    + "answer (mean deviation)")
        }
        let data = PlotData(
            title: "scores of held-out answers", x: "score",
            groups: [
                Histogram.Group(name: "chosen", values: scores.map { Double($0.chosen) }),
                Histogram.Group(name: "rejected", values: scores.map { Double($0.rejected) }),
            ])
        console.show(data.drawing(canvas: .automatic), data: data.output)
        for finding in leaks.findings {
            console.say("\(formatted(count: finding.count)) pairs \(finding.text)", .warning)
        }
        verdict(console)
    }

    private func verdict(_ console: Console) {
        switch assessment.worth.weakness {
        case .chance:
            console.say(
                "too weak to optimise against: its interval reaches chance; add pairs or train the "
                    + "baseline longer", .warning)
        case .lengthBaseline:
            console.say(
                "too weak to optimise against: preferring the longer answer may do as well; add pairs "
                    + "of equal length", .warning)
        case nil:
            console.say("it can be optimised against, as far as these pairs can tell", .good)
        }
    }

    private static func row(_ name: String, _ estimate: Estimate) -> [String] {
        [
            name,
            "\(formatted(estimate.value, decimals: 3)) [\(formatted(estimate.lower, decimals: 3)), "
                + "\(formatted(estimate.upper, decimals: 3))]", formatted(count: estimate.count),
        ]
    }

    private var facts: JSONObject {
        func json(_ estimate: Estimate) -> JSON {
            [
                "value": .number(estimate.value), "lower": .number(estimate.lower),
                "upper": .number(estimate.upper), "pairs": .integer(estimate.count),
            ]
        }
        func json(_ parts: [RewardAssessment.Part]) -> JSON {
            .object(JSONObject(parts.map { ($0.name, json($0.accuracy)) }))
        }
        var facts = JSONObject([
            ("eval/accuracy", .number(assessment.accuracy.value)),
            ("eval/length_baseline", .number(assessment.lengthBaseline.value)),
            ("eval/calibration_error", .number(assessment.calibration.expectedError)),
            ("accuracy", json(assessment.accuracy)),
            ("length_baseline", json(assessment.lengthBaseline)),
            ("by_margin", json(assessment.byMargin)), ("by_length", json(assessment.byLength)),
            ("by_agreement", json(assessment.byAgreement)),
            (
                "calibration",
                .array(
                    assessment.calibration.bins.map {
                        [
                            "confidence": .number($0.confidence), "accuracy": .number($0.accuracy),
                            "pairs": .integer($0.count),
                        ]
                    })
            ),
            (
                "findings",
                .object(JSONObject(leaks.findings.map { ($0.key, .integer($0.count)) }))
            ), ("is_too_weak", .bool(assessment.worth.weakness != nil)),
        ])
        if let spread { facts["eval/disagreement"] = .number(spread) }
        return facts
    }
}
