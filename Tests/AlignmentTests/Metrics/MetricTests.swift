import Testing

@testable import Alignment

@Suite("The metric catalogue")
struct MetricTests {
    @Test("no key stands twice")
    func unique() {
        let keys = Metric.catalogue.map(\.key)
        #expect(Set(keys).count == keys.count)
    }

    @Test(
        "every entry is complete, and its lines are lines", arguments: Metric.catalogue.map(\.key))
    func complete(_ key: String) throws {
        let metric = try #require(Metric.named(key))
        let lines = [
            metric.key, metric.meaning, metric.formula, metric.healthy, metric.usualCause,
            metric.advice,
        ]
        for line in lines {
            #expect(!line.isEmpty)
            #expect(!line.contains("\n"))
            #expect(line.utf8.count <= 160, "too long for one line: \(line)")
        }
        #expect(metric.meaning.hasSuffix("."))
    }

    @Test(
        "the names of TRL's PPO are all there",
        arguments: [
            "objective/kl", "objective/entropy", "objective/non_score_reward",
            "objective/rlhf_reward", "objective/scores", "policy/approxkl_avg",
            "policy/clipfrac_avg", "policy/entropy_avg", "loss/policy_avg", "loss/value_avg",
            "val/clipfrac_avg", "val/ratio", "val/ratio_var", "val/num_eos_tokens", "episode",
            "rewards/chosen", "rewards/rejected", "rewards/margins", "rewards/accuracies",
            "logps/chosen", "logps/rejected", "mean_token_accuracy", "grad_norm",
            "learning_rate", "num_tokens",
        ])
    func namesOfTRL(_ key: String) {
        #expect(Metric.named(key)?.key == key)
    }

    @Test("everything the health rules and the rollout figures name is explained")
    func explained() {
        for key in HealthRules.watched { #expect(Metric.named(key) != nil, "\(key)") }
        let rollout = Rollout(
            promptTokens: [], completionTokens: [1], logProbabilities: [0],
            referenceLogProbabilities: [0], score: 0, endedWithEndOfText: true)
        for (key, _) in rolloutMetrics([rollout], klCoefficient: 0) {
            #expect(Metric.named(key) != nil, "\(key)")
        }
    }

    @Test("the figures of the run that worked are healthy, those of the collapse are not")
    func ranges() throws {
        let kl = try #require(Metric.named("objective/kl"))
        #expect(kl.isHealthy(5.8) && !kl.isHealthy(60) && !kl.isHealthy(-3))
        let distinct = try #require(Metric.named("completions/distinct"))
        #expect(distinct.isHealthy(194.0 / 200) && !distinct.isHealthy(9.0 / 200))
        #expect(!distinct.isHealthy(.nan))
    }

    @Test("a metric without bounds accepts any finite number")
    func unbounded() throws {
        let score = try #require(Metric.named("objective/scores"))
        #expect(score.isHealthy(-1e6) && score.isHealthy(1e6) && !score.isHealthy(.infinity))
    }
}
