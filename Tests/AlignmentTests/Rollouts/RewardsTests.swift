import Testing

@testable import Alignment

@Suite("Token rewards")
struct RewardsTests {
    @Test("every token pays its KL, and the score comes at the last one")
    func scoreAtTheEnd() {
        let rewards = tokenRewards(score: 2, kl: [0.5, -1, 0.25], klCoefficient: 0.5)
        #expect(rewards == [-0.25, 0.5, 1.875])
    }

    @Test("their sum is the score less β times the KL")
    func sum() {
        let kl: [Float] = [0.125, 0.5, 1, -0.25]
        let rewards = tokenRewards(score: -1, kl: kl, klCoefficient: 0.25)
        #expect(rewards.reduce(0, +) == -1 - 0.25 * 1.375)
    }

    @Test("a completion of one token has its score there")
    func singleToken() {
        #expect(tokenRewards(score: 3, kl: [0], klCoefficient: 0.1) == [3])
    }

    @Test("the missing-end penalty replaces or subtracts, and only where the end is missing")
    func missingEnd() {
        #expect(
            MissingEndPenalty.replacingScore(-2).applied(to: 5, endedWithEndOfText: false) == -2)
        #expect(MissingEndPenalty.subtracting(1.5).applied(to: 5, endedWithEndOfText: false) == 3.5)
        #expect(MissingEndPenalty.replacingScore(-2).applied(to: 5, endedWithEndOfText: true) == 5)
        #expect(MissingEndPenalty.subtracting(1.5).applied(to: 5, endedWithEndOfText: true) == 5)
    }

    @Test("agrees with PyTorch")
    func reference() throws {
        let tokens = try LossFixture.load().klPenalty.tokens
        let found = zip(tokens.scores, tokens.k1).map {
            tokenRewards(score: $0, kl: $1, klCoefficient: tokens.klCoefficient)
        }
        expectClose(found, tokens.rewards)
    }
}
