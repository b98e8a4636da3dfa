import Glibc
import Testing

@testable import Alignment

/// The two runs that were measured at one million parameters, with the noise of 64 rollouts.
private struct SyntheticRun {
    var random: TestRandom

    /// 60 updates: score −0.2 to 1.8, gold 0.2 to 3.7, KL to 5.8, 97 % different answers.
    mutating func healthyRow(_ step: Int) -> [String: Double] {
        let progress = 1 - exp(-Double(step) / 20)
        var row = [
            "objective/scores": -0.2 + 2.1 * progress + 0.12 * random.normal(),
            "objective/gold": 0.2 + 3.7 * progress + 0.25 * random.normal(),
            "objective/kl": step == 0 ? 0 : 6 * progress + 0.2 * random.normal(),
            "policy/entropy_avg": 0.31 - 0.1 * progress + 0.01 * random.normal(),
            "completions/distinct": min(1, 0.97 + 0.015 * random.normal()),
            "completions/mean_length": 37 - 4 * progress + random.normal(),
            "val/eos_rate": min(1, 0.97 + 0.02 * random.normal()),
            "val/var_explained": -0.6 + 1.2 * progress + 0.08 * random.normal(),
            "policy/clipfrac_avg": 0.09 + 0.03 * random.normal(),
            "policy/approxkl_avg": 0.008 + 0.002 * random.normal(),
            "loss/policy_avg": -0.01 + 0.02 * random.normal(),
        ]
        if step % 10 == 9 { row["eval/perplexity"] = 1.31 + 0.17 * progress }
        return row
    }

    /// 26 updates at a KL coefficient too low: score to 2.0, gold to 1.3 and back to 0, in the end
    /// nothing but "Sure!" (9 different answers of 200), perplexity in the thousands.
    mutating func collapsingRow(_ step: Int) -> [String: Double] {
        let time = Double(step)
        let collapse = 1 / (1 + exp(-(time - 13) / 1.5))
        let rise = 1 - exp(-time / 6)
        var row = [
            "objective/scores": -0.2 + 2.2 * rise + 0.12 * random.normal(),
            "objective/gold": (0.2 + 1.6 * rise) * (1 - collapse) + 0.25 * random.normal(),
            "objective/kl": step == 0
                ? 0 : 3 * rise + 40 * collapse + (0.2 + 2 * collapse) * random.normal(),
            "policy/entropy_avg": 0.31 - 0.1 * rise - 0.2 * collapse + 0.005 * random.normal(),
            "completions/distinct": min(1, 0.97 - 0.92 * collapse + 0.015 * random.normal()),
            "completions/mean_length": 37 - 35 * collapse + random.normal() * (1 - collapse),
            "val/eos_rate": 1,
            "val/var_explained": -0.6 + 1.2 * rise + 0.08 * random.normal(),
            "policy/clipfrac_avg": 0.18 + 0.04 * random.normal(),
        ]
        if step % 5 == 4 { row["eval/perplexity"] = 1.31 * exp(8 * collapse) }
        return row
    }
}

@Suite("The health monitor")
struct HealthMonitorTests {
    /// Feeds a series of one metric, everything else absent.
    func warnings(
        _ key: String, _ values: [Double], monitor: inout HealthMonitor
    ) -> [HealthWarning] {
        values.enumerated().flatMap { monitor.observe(step: $0, metrics: [key: $1]) }
    }

    func causes(_ key: String, _ values: [Double]) -> [HealthCause] {
        var monitor = HealthMonitor()
        return warnings(key, values, monitor: &monitor).map(\.cause)
    }

    @Test("a run that works is left in peace, whatever its noise", arguments: 0..<40)
    func healthyRun(_ seed: UInt64) {
        var run = SyntheticRun(random: TestRandom(seed: seed))
        var monitor = HealthMonitor()
        for step in 0..<60 {
            #expect(monitor.observe(step: step, metrics: run.healthyRow(step)) == [])
        }
        #expect(monitor.active.isEmpty)
    }

    @Test("the run that collapses is named, each cause once and in time", arguments: 0..<40)
    func collapsingRun(_ seed: UInt64) {
        var run = SyntheticRun(random: TestRandom(seed: seed))
        var monitor = HealthMonitor()
        var said: [HealthWarning] = []
        for step in 0..<26 {
            said += monitor.observe(step: step, metrics: run.collapsingRow(step))
        }
        let causes = said.map(\.cause)
        for cause in [
            HealthCause.rewardHacking, .runawayKL, .entropyCollapse, .identicalAnswers,
            .lengthDrift, .forgetting,
        ] {
            #expect(causes.count { $0 == cause } == 1, "\(cause) in \(causes)")
        }
        // Half of the answers are identical at update 13.
        #expect((said.first?.step ?? .max) <= 14)
        #expect(said.first { $0.cause == .rewardHacking }.map { $0.step <= 18 } == true)
    }

    @Test("a row seen again in a new monitor leads to the same warnings")
    func replayed() {
        var run = SyntheticRun(random: TestRandom(seed: 42))
        let rows = (0..<26).map { run.collapsingRow($0) }
        var whole = HealthMonitor()
        let all = rows.enumerated().map { whole.observe(step: $0, metrics: $1) }
        var resumed = HealthMonitor()
        for (step, row) in rows.enumerated().prefix(13) {
            _ = resumed.observe(step: step, metrics: row)
        }
        let rest = rows.enumerated().dropFirst(13).map { resumed.observe(step: $0, metrics: $1) }
        #expect(Array(all.dropFirst(13)) == rest)
        #expect(resumed.active == whole.active)
    }

    @Test("a number that is not finite is named at once, with every metric that has one")
    func nonFinite() {
        var monitor = HealthMonitor()
        let row = ["loss": Double.nan, "grad_norm": .infinity, "learning_rate": 0.1]
        let said = monitor.observe(step: 7, metrics: row)
        #expect(said.map(\.cause) == [.nonFinite])
        #expect(said.first?.step == 7)
        #expect(said.first?.evidence.map(\.metric) == ["grad_norm", "loss"])
        #expect(monitor.observe(step: 8, metrics: row) == [])
    }

    @Test("a NaN does not spoil the trend that follows it")
    func nonFiniteLeavesTrends() {
        var values = [Double](repeating: 1, count: 8)
        values[3] = .nan
        #expect(causes("val/eos_rate", values) == [.nonFinite])
    }

    @Test("a cause is said again only after it has cleared")
    func saidAgain() {
        var monitor = HealthMonitor()
        let good = [Double](repeating: 0.1, count: 12)
        let bad = [Double](repeating: 0.5, count: 6)
        let said = warnings("policy/clipfrac_avg", good + bad + good + bad, monitor: &monitor)
        #expect(said.map(\.cause) == [.updatesTooLarge, .updatesTooLarge])
        #expect(monitor.active == [.updatesTooLarge])
        #expect(warnings("policy/clipfrac_avg", good, monitor: &monitor) == [])
        #expect(monitor.active.isEmpty)
    }

    @Test("a wobble around a limit is one warning, not many")
    func wobble() {
        let wobbling = (0..<60).map { $0 / 3 % 2 == 0 ? 0.36 : 0.26 }
        #expect(causes("policy/clipfrac_avg", wobbling) == [.updatesTooLarge])
    }

    @Test("rows without any known metric, and empty ones, are fine")
    func unknownMetrics() {
        #expect(causes("gold/helpful", [1, 2, 3, 4, 5, 6, -900]) == [])
        var monitor = HealthMonitor()
        #expect(monitor.observe(step: 0, metrics: [:]) == [])
    }
}
