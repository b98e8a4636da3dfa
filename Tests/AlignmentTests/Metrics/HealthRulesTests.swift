import Testing

@testable import Alignment

@Suite("When a cause counts as shown")
struct HealthRulesTests {
    /// Runs series of equal length beside each other.
    func said(
        _ series: [String: [Double]], klBudget: Double = 10
    ) -> [HealthWarning] {
        var monitor = HealthMonitor(klBudget: klBudget)
        let count = series.values.map(\.count).max() ?? 0
        return (0..<count).flatMap { step in
            let row = series.compactMapValues { step < $0.count ? $0[step] : nil }
            return monitor.observe(step: step, metrics: row)
        }
    }

    func causes(_ series: [String: [Double]], klBudget: Double = 10) -> [HealthCause] {
        said(series, klBudget: klBudget).map(\.cause)
    }

    func steady(_ value: Double, _ count: Int = 10) -> [Double] {
        [Double](repeating: value, count: count)
    }

    func line(from start: Double, to end: Double, _ count: Int = 20) -> [Double] {
        (0..<count).map { start + (end - start) * Double($0) / Double(count - 1) }
    }

    @Test("reward hacking: the score rises, gold falls")
    func hacking() {
        let found = said([
            "objective/scores": line(from: 0, to: 2),
            "objective/gold": line(from: 0, to: 1, 8) + line(from: 1, to: -1, 12),
        ])
        #expect(found.map(\.cause) == [.rewardHacking])
        #expect(found.first?.evidence.map(\.metric) == ["objective/gold", "objective/scores"])
        #expect(found.first.map { $0.evidence[0].value < ($0.evidence[0].reference ?? 0) } == true)
        #expect(found.first.map { $0.evidence[1].value > ($0.evidence[1].reference ?? 9) } == true)
    }

    @Test("it is seen with held-out win rates every tenth update, too")
    func hackingHeldOut() {
        var monitor = HealthMonitor()
        var found: [HealthCause] = []
        let winRates = [0.5, 0.7, 0.75, 0.6, 0.4, 0.2]
        for step in 0..<60 {
            var row = ["objective/scores": Double(step) / 30]
            if step % 10 == 9 { row["eval/win_rate"] = winRates[step / 10] }
            found += monitor.observe(step: step, metrics: row).map(\.cause)
        }
        #expect(found == [.rewardHacking])
    }

    @Test("score and gold falling together is not hacking, nor is a plateau of gold")
    func notHacking() {
        let down = line(from: 1, to: -1)
        #expect(causes(["objective/scores": down, "objective/gold": down]) == [])
        #expect(
            causes([
                "objective/scores": line(from: 0, to: 2), "objective/gold": steady(1, 20),
            ]) == [])
    }

    @Test("KL runs away over its budget, or by doubling on the way there")
    func runawayKL() {
        #expect(causes(["objective/kl": line(from: 0, to: 20)]) == [.runawayKL])
        #expect(causes(["objective/kl": line(from: 0, to: 20)], klBudget: 30) == [])
        #expect(causes(["objective/kl": line(from: 0, to: 6, 60)]) == [])
        let doubling = [0, 0.1, 0.2, 0.3, 0.4, 0.6, 1, 2, 4, 6, 7, 8, 8.5, 9, 9] as [Double]
        let found = said(["objective/kl": doubling])
        #expect(found.map(\.cause) == [.runawayKL])
        // The figure beside it is where it stood, not a budget that it has not reached.
        let evidence = found.first?.evidence.first
        #expect((evidence?.value ?? 99) < 10)
        #expect((evidence?.reference ?? 99) < (evidence?.value ?? 0) / 2)
    }

    @Test("chosen answers that lose their log-probability again, not a slow fall")
    func likelihoodDisplacement() {
        #expect(causes(["logps/chosen": line(from: -40, to: -110)]) == [.likelihoodDisplacement])
        #expect(causes(["logps/chosen": line(from: -40, to: -60)]) == [])
        #expect(causes(["logps/chosen": line(from: -2, to: -6)]) == [])
    }

    @Test("groups whose answers all score the same")
    func noSignal() {
        #expect(causes(["frac_reward_zero_std": steady(1)]) == [.noSignal])
        #expect(causes(["frac_reward_zero_std": steady(0.6)]) == [])
    }

    @Test("long answers are allowed more nats")
    func longAnswers() {
        let kl = line(from: 0, to: 25, 60)
        #expect(causes(["objective/kl": kl, "completions/mean_length": steady(200, 60)]) == [])
    }

    @Test("KL below zero counts when noise cannot explain it")
    func negativeKL() {
        #expect(causes(["objective/kl": steady(-1)]) == [.negativeKL])
        #expect(causes(["objective/kl": [0, 0.3, -0.3, 0.2, -0.4, 0.1, -0.2, 0.3]]) == [])
    }

    @Test("entropy at a quarter of its start has collapsed; half is only a firmer policy")
    func entropy() {
        let falling = steady(0.4) + line(from: 0.4, to: 0.02)
        #expect(causes(["policy/entropy_avg": falling]) == [.entropyCollapse])
        #expect(causes(["policy/entropy_avg": steady(0.4) + steady(0.2)]) == [])
    }

    @Test("supervised training may lower entropy as far as it likes")
    func supervisedEntropy() {
        #expect(causes(["entropy": line(from: 6.6, to: 0.3)]) == [])
    }

    @Test("answers become identical: by their fall, or from the start")
    func identical() {
        #expect(causes(["completions/distinct": line(from: 0.97, to: 0.05)]) == [.identicalAnswers])
        #expect(causes(["completions/distinct": steady(0.1)]) == [.identicalAnswers])
        #expect(causes(["completions/distinct": steady(0.5)]) == [])
    }

    @Test("the end token disappears")
    func endToken() {
        let found = said(["val/eos_rate": steady(0.98) + line(from: 0.98, to: 0.3)])
        #expect(found.map(\.cause) == [.vanishingEnd])
        #expect(abs((found.first?.evidence.first?.reference ?? 0) - 0.98) < 1e-9)
        #expect(causes(["val/eos_rate": steady(0.9)]) == [])
    }

    @Test("length drifts upwards or downwards")
    func length() {
        #expect(causes(["completions/mean_length": steady(30) + steady(50)]) == [.lengthDrift])
        #expect(causes(["completions/mean_length": steady(30) + steady(10)]) == [.lengthDrift])
        #expect(causes(["completions/mean_length": steady(30) + steady(38)]) == [])
    }

    @Test("perplexity a third above its lowest is forgetting")
    func perplexity() {
        #expect(causes(["eval/perplexity": [1.31, 1.35, 1.4, 1.48]]) == [])
        #expect(causes(["eval/perplexity": [1.31, 1.35, 2, 9]]) == [.forgetting])
    }

    @Test("a value function has twenty updates to foresee anything")
    func valueFunction() {
        #expect(causes(["val/var_explained": steady(-0.5, 19)]) == [])
        #expect(causes(["val/var_explained": steady(-0.5, 20)]) == [.valueNotLearning])
        #expect(causes(["val/var_explained": line(from: -2, to: 0.6)]) == [])
    }

    @Test("updates too large show in the clip fraction or in the approximate KL")
    func updates() {
        #expect(causes(["policy/clipfrac_avg": steady(0.4)]) == [.updatesTooLarge])
        #expect(causes(["policy/approxkl_avg": steady(0.2)]) == [.updatesTooLarge])
    }

    @Test("a flat reward is told apart by the KL that was spent")
    func flatReward() {
        let noise = [0.1, -0.1, 0.05, -0.05, 0, 0.08, -0.08, 0.02] as [Double]
        let flat = (0..<40).map { noise[$0 % noise.count] }
        #expect(
            causes(["objective/scores": flat, "objective/kl": steady(0.05, 40)]) == [.flatReward])
        #expect(
            causes(["objective/scores": flat, "objective/kl": steady(7, 40)]) == [.klWithoutReward])
        #expect(
            causes([
                "objective/scores": line(from: 0, to: 1, 40), "objective/kl": steady(0.3, 40),
            ]) == [])
    }

    @Test("a reward model at chance")
    func chance() {
        #expect(causes(["eval/accuracy": [0.5, 0.52, 0.51]]) == [.rewardModelAtChance])
        #expect(causes(["eval/accuracy": [0.5, 0.73, 0.8]]) == [])
    }

    @Test("learning by heart: held-out loss up, training loss down")
    func overfitting() {
        let loss = line(from: 0.69, to: 0.05, 8)
        let heldOut = [0.69, 0.6, 0.52, 0.5, 0.55, 0.62, 0.7, 0.8]
        #expect(causes(["loss": loss, "eval/loss": heldOut]) == [.overfitting])
        #expect(causes(["loss": loss, "eval/loss": line(from: 0.69, to: 0.4, 8)]) == [])
    }

    @Test("every cause has a name and advice of one line", arguments: HealthCause.allCases)
    func words(_ cause: HealthCause) {
        #expect(!cause.rawValue.isEmpty)
        #expect(cause.advice.utf8.count <= 100 && !cause.advice.contains("\n"))
    }
}
