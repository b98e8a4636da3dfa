import Testing

@testable import Alignment

@Suite("Finding a metric by what people type")
struct MetricLookupTests {
    @Test(
        "short names find the metric first",
        arguments: [
            ("kl", "objective/kl"), ("reward", "objective/scores"), ("loss", "loss"),
            ("score", "objective/scores"), ("eos", "val/eos_rate"),
            ("clipfrac", "policy/clipfrac_avg"), ("policy/clipfrac", "policy/clipfrac_avg"),
            ("ppl", "eval/perplexity"), ("lr", "learning_rate"),
            ("length", "completions/mean_length"),
            ("distinct", "completions/distinct"), ("Explained-Variance", "val/var_explained"),
            ("KL_COEF", "objective/kl_coefficient"), ("accuracy", "rewards/accuracies"),
            ("beta", "objective/kl_coefficient"), ("tokens per second", "tokens_per_second"),
            ("win", "eval/win_rate"), ("approxkl", "policy/approxkl_avg"),
            ("gold", "objective/gold"),
        ])
    func shortNames(_ name: String, _ key: String) {
        #expect(Metric.matching(name).first?.key == key)
    }

    @Test("every key finds itself and nothing else", arguments: Metric.catalogue.map(\.key))
    func exactKeys(_ key: String) {
        #expect(Metric.matching(key).map(\.key) == [key])
    }

    @Test("nothing is found for nonsense or nothing")
    func nonsense() {
        #expect(Metric.matching("zebra").isEmpty)
        #expect(Metric.matching("").isEmpty)
    }

    @Test("among the keys of a PPO run, loss means both of its losses")
    func lossOfPPO() {
        let keys = ["val/ratio", "loss/value_avg", "loss/policy_avg", "objective/kl"]
        #expect(Metric.keys(for: "loss", among: keys) == ["loss/policy_avg", "loss/value_avg"])
    }

    @Test("reward means what the run reports of it")
    func rewardByRun() {
        let rewardRun = ["loss", "rewards/margins", "rewards/accuracies", "eval/accuracy"]
        #expect(Metric.keys(for: "reward", among: rewardRun) == ["rewards/margins"])
        let policyRun = ["objective/kl", "objective/scores"]
        #expect(Metric.keys(for: "reward", among: policyRun) == ["objective/scores"])
        #expect(Metric.keys(for: "reward", among: ["loss", "grad_norm"]).isEmpty)
    }

    @Test("a key the catalogue does not know is found by its own name")
    func unknownKeys() {
        #expect(Metric.keys(for: "helpful", among: ["loss", "gold/helpful"]) == ["gold/helpful"])
        #expect(Metric.matching("helpful").isEmpty)
    }
}
