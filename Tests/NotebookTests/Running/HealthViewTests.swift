import Foundation
import TerminalUI
import Testing

import enum Alignment.HealthCause
import struct Alignment.HealthMonitor
import struct Alignment.HealthWarning

@testable import Notebook

@Suite struct HealthViewTests {
    @Test func aWarningIsALineWithItsFiguresItsTensorAndAdvice() {
        let warning = HealthWarning(
            cause: .nonFinite, step: 12,
            evidence: [.init(metric: "grad_norm", value: .infinity, reference: nil)],
            tensor: "the output of layer 2")
        #expect(
            HealthView.line(warning).plainText
                == "non-finite numbers at step 12 (grad_norm inf; first in the output of layer 2): "
                + HealthCause.nonFinite.advice)
    }

    @Test func helpKnowsTheCauses() throws {
        let fixture = try CommandFixture()
        #expect(HealthGuide.show("health", in: fixture.console))
        for cause in HealthCause.allCases { #expect(fixture.shown.contains(cause.rawValue)) }
        fixture.console.startCell()
        #expect(HealthGuide.show("Entropy collapse", in: fixture.console))
        #expect(fixture.shown.contains("said when"))
        #expect(fixture.shownInOneLine.contains(HealthCause.entropyCollapse.advice))
        #expect(!HealthGuide.show("kl", in: fixture.console))
    }

    /// The shipped session's runs, as they were recorded: the healthy ones raise no alarm, the one
    /// that the tutorial breaks is named.
    @Test func theFirstTutorialsRunsAreJudgedRightly() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sessions/01-align-a-model").path
        let session = try SessionFolder.open(at: path, for: .reading)
        var judged = 0
        for cell in session.cells {
            for run in cell.runs {
                let series = try MetricSeries(path: session.metricsPath(of: run.id, in: cell))
                var monitor = HealthMonitor()
                let causes = series.rows.flatMap { row in
                    monitor.observe(
                        step: row.step,
                        metrics: Dictionary(
                            row.values.filter { !MetricRow.timingKeys.contains($0.name) }
                                .map { ($0.name, $0.value) }
                        ) { _, last in last })
                }.map(\.cause)
                judged += 1
                let isBroken = cell.name == "break-it" && run.title == "ppo"
                if isBroken {
                    #expect(causes.contains(.rewardHacking), "\(causes)")
                } else {
                    #expect(causes == [], "\(cell.id) \(run.title): \(causes)")
                }
            }
        }
        #expect(judged >= 5)
    }
}
