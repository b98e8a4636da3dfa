import Testing

@testable import Alignment

@Suite("Generalized advantage estimation")
struct AdvantagesTests {
    @Test("three tokens worked out by hand")
    func byHand() {
        // δ = .1, .1, .3; A₂ = .3, A₁ = .1 + .95 · .3, A₀ = .1 + .95 · .385
        let found = advantages(
            rewards: [0, 0, 1], values: [0.5, 0.6, 0.7], discount: 1, gaeLambda: 0.95)
        expectClose(found.advantages, [0.46575, 0.385, 0.3])
        expectClose(found.returns, [0.96575, 0.985, 1])
    }

    @Test("with a discount, worked out by hand")
    func discounted() {
        // γ = .5, λ = .5: δ₁ = 2 − 1 = 1; δ₀ = 1 + .5 · 1 − 4 = −2.5; A₀ = −2.5 + .25 · 1
        let found = advantages(rewards: [1, 2], values: [4, 1], discount: 0.5, gaeLambda: 0.5)
        #expect(found.advantages == [-2.25, 1])
        #expect(found.returns == [1.75, 2])
    }

    let rewards: [Float] = [0.5, -1, 0.25, 0, 2, -0.125]
    let values: [Float] = [0.1, 0.4, -0.3, 0.7, 1.1, 0.2]

    @Test("λ = 1 gives the discounted return, whatever the values")
    func lambdaOne() {
        let found = advantages(rewards: rewards, values: values, discount: 0.9, gaeLambda: 1)
        let expected = rewards.indices.map { t in
            var (sum, weight): (Float, Float) = (0, 1)
            for reward in rewards[t...] {
                sum += weight * reward
                weight *= 0.9
            }
            return sum
        }
        expectClose(found.returns, expected)
    }

    @Test("λ = 0 gives the one-step error")
    func lambdaZero() {
        let found = advantages(rewards: rewards, values: values, discount: 1, gaeLambda: 0)
        // r + V(next) − V
        expectClose(found.advantages, [0.8, -1.7, 1.25, 0.4, 1.1, -0.325])
    }

    @Test("a value function that knows the returns leaves no advantage")
    func perfectValues() {
        let returns: [Float] = [1.625, 1.125, 2.125, 1.875, 1.875, -0.125]
        let found = advantages(rewards: rewards, values: returns, discount: 1, gaeLambda: 0.95)
        expectClose(found.advantages, [0, 0, 0, 0, 0, 0])
    }

    @Test("agrees with PyTorch")
    func reference() throws {
        for example in try LossFixture.load().generalizedAdvantages {
            let found = zip(example.rewards, example.values).map { rewards, values in
                advantages(
                    rewards: rewards, values: values, discount: example.discount,
                    gaeLambda: example.gaeLambda)
            }
            expectClose(found.map(\.advantages), example.advantages)
            expectClose(found.map(\.returns), example.returns)
        }
    }
}
