import Testing

@testable import Alignment

@Suite("Figures of a batch of rollouts")
struct RolloutMetricsTests {
    func rollout(
        _ tokens: [Int], _ logProbabilities: [Float], _ reference: [Float], score: Float,
        ended: Bool
    ) -> Rollout {
        Rollout(
            promptTokens: [0], completionTokens: tokens, logProbabilities: logProbabilities,
            referenceLogProbabilities: reference, score: score, endedWithEndOfText: ended)
    }

    @Test("two answers of different length, worked out by hand")
    func byHand() {
        let found = rolloutMetrics(
            [
                rollout([5, 6, 0], [-1, -2, -0.5], [-2, -1.5, -1], score: 2, ended: true),
                rollout([7], [-3], [-2], score: -1, ended: false),
            ], klCoefficient: 0.5)
        let values = Dictionary(uniqueKeysWithValues: found.map { ($0.key, $0.value) })
        #expect(values["objective/kl"] == 0)  // (1 − .5 + .5 + (−1)) / 2
        #expect(values["objective/entropy"] == 3.25)
        #expect(values["objective/scores"] == 0.5)
        #expect(values["objective/non_score_reward"] == 0)
        #expect(values["objective/rlhf_reward"] == 0.5)
        #expect(values["objective/kl_coefficient"] == 0.5)
        #expect(values["val/eos_rate"] == 0.5)
        #expect(values["val/num_eos_tokens"] == 1)
        #expect(values["completions/mean_length"] == 2)
        #expect(values["completions/distinct"] == 1)
        // d = −1, .5, −.5, 1: e⁻¹ + (e^.5 − 1.5) + (e^−.5 − .5) + (e − 2) over 2
        #expect(abs((values["objective/kl_k3"] ?? 0) - 0.670707) < 1e-5)
    }

    @Test("a token more in one answer changes nothing that is counted by answers")
    func countedByAnswers() {
        let short = rollout([1], [-1], [-1], score: 1, ended: true)
        let long = rollout([1, 2, 3], [-1, -1, -1], [-1, -1, -1], score: 3, ended: true)
        let found = rolloutMetrics([short, long], klCoefficient: 0.1)
        #expect(found.first { $0.key == "objective/scores" }?.value == 2)
        #expect(found.first { $0.key == "objective/kl" }?.value == 0)
    }

    @Test("agrees with PyTorch")
    func reference() throws {
        let tokens = try LossFixture.load().klPenalty.tokens
        let rollouts = tokens.scores.indices.map { index in
            rollout(
                Array(0..<tokens.logProbabilities[index].count), tokens.logProbabilities[index],
                tokens.referenceLogProbabilities[index], score: tokens.scores[index], ended: true)
        }
        let found = rolloutMetrics(rollouts, klCoefficient: tokens.klCoefficient)
        let expected = [
            ("objective/kl", tokens.meanOfSums["k1"]), ("objective/kl_k3", tokens.meanOfSums["k3"]),
            ("objective/entropy", tokens.meanOfSums["negativeLogProbabilities"]),
            ("objective/scores", tokens.meanScore),
            ("objective/non_score_reward", tokens.meanNonScoreReward),
            ("objective/rlhf_reward", tokens.meanRLHFReward),
        ]
        for (key, value) in expected {
            let value = try #require(value)
            let mine = try #require(found.first { $0.key == key }?.value)
            #expect(abs(mine - value) < 1e-5, "\(key)")
        }
    }

    @Test("explained variance agrees with NumPy")
    func explained() throws {
        for example in try LossFixture.load().varianceExplained {
            let found = varianceExplained(returns: example.returns, values: example.values)
            #expect(abs(found - example.varianceExplained) < 1e-5, "\(example.name)")
        }
    }

    @Test("returns that never vary explain nothing")
    func constantReturns() {
        #expect(varianceExplained(returns: [[2, 2], [2]], values: [[1, 2], [3]]) == 0)
    }
}
