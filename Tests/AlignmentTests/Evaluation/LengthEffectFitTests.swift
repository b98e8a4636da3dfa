import Testing

@testable import Alignment

@Suite("A logistic regression on one feature")
struct LengthEffectFitTests {
    @Test("without a ridge it is statsmodels' binomial GLM, ties as half")
    func statsmodels() throws {
        let cases = try AssessmentReference.load().lengthControlled
        #expect(cases.compactMap(\.plain).count == 4)
        for example in cases {
            guard let expected = example.plain else { continue }
            let fit = LengthEffectFit(
                outcomes: example.outcomes, feature: example.feature,
                weights: example.outcomes.map { _ in 1 }, ridge: 0)
            #expect(abs(fit.intercept - expected.intercept) < 1e-6, "\(example.name)")
            #expect(abs(fit.slope - expected.slope) < 1e-6, "\(example.name)")
        }
    }

    @Test("with one it is scikit-learn's, where nothing separates the outcomes and where all does")
    func scikitLearn() throws {
        for example in try AssessmentReference.load().lengthControlled {
            let fit = LengthEffectFit(
                outcomes: example.outcomes, feature: example.feature,
                weights: example.outcomes.map { _ in 1 }, ridge: 0.01)
            #expect(abs(fit.intercept - example.ridge.intercept) < 1e-5, "\(example.name)")
            #expect(abs(fit.slope - example.ridge.slope) < 1e-5, "\(example.name)")
        }
    }

    @Test("a weight of two is a row that stands twice")
    func weights() {
        let once = LengthEffectFit(
            outcomes: [1, 0, 1, 0], feature: [0.5, 0.2, -0.3, 0.9], weights: [2, 1, 1, 0],
            ridge: 0.01)
        let twice = LengthEffectFit(
            outcomes: [1, 1, 0, 1], feature: [0.5, 0.5, 0.2, -0.3], weights: [1, 1, 1, 1],
            ridge: 0.01)
        #expect(abs(once.intercept - twice.intercept) < 1e-9)
        #expect(abs(once.slope - twice.slope) < 1e-9)
    }

    @Test("a feature that never varies leaves the share of wins, and all wins stay finite")
    func degenerate() {
        let fit = LengthEffectFit(
            outcomes: [1, 1, 1, 0], feature: [0, 0, 0, 0], weights: [1, 1, 1, 1], ridge: 0)
        #expect(abs(logistic(fit.intercept) - 0.75) < 1e-9 && fit.slope == 0)
        let wins = LengthEffectFit(
            outcomes: [1, 1, 1], feature: [0.1, -0.2, 0.3], weights: [1, 1, 1], ridge: 0.01)
        #expect(wins.intercept.isFinite && logistic(wins.intercept) > 0.97)
    }
}
