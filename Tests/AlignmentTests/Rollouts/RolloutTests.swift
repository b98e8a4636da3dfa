import Testing

@testable import Alignment

@Suite("A rollout holds one completion and nothing else")
struct RolloutTests {
    @Test("the KL of a rollout compares its own two rows of log-probabilities")
    func klOfRollout() {
        let rollout = Rollout(
            promptTokens: [7, 8], completionTokens: [1, 2], logProbabilities: [-1, -2],
            referenceLogProbabilities: [-1.5, -1], values: [0.25, 0.5], score: 1,
            endedWithEndOfText: true)
        #expect(rollout.kl(.k1) == [0.5, -1])
        #expect(rollout.kl(.k2) == [0.125, 0.5])
    }

    @Test("a policy that is the reference has no KL by any estimator")
    func sameModel() {
        let rollout = Rollout(
            promptTokens: [1], completionTokens: [4, 5, 6], logProbabilities: [-0.1, -2, -7],
            referenceLogProbabilities: [-0.1, -2, -7], score: 0, endedWithEndOfText: false)
        for estimator in KLEstimator.allCases {
            #expect(rollout.kl(estimator) == [0, 0, 0])
        }
    }
}
