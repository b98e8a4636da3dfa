import OrderedJSON
import Testing

@testable import HumanFeedback

@Suite struct AbilityDifficultyTests {
    let golden: QualityGolden

    init() throws { golden = try QualityGolden() }

    /// crowd-kit stops after two iterations here; its M steps carried to their maximum.
    @Test func abilitiesAndDifficultiesEqualCrowdKitWithExactSteps() throws {
        let fit = AbilityDifficulty(try golden.matrix, iterations: 2)
        let reference = try #require(golden.models["glad_two_iterations_exact_m_step"])
        for (ours, theirs) in zip(fit.abilities, try #require(reference["alpha"]?.arrayValue)) {
            #expect(isClose(ours, try #require(theirs.doubleValue), 1e-5))
        }
        for (ours, theirs) in zip(fit.easiness, try #require(reference["beta"]?.arrayValue)) {
            #expect(isClose(ours, try #require(theirs.doubleValue), 1e-5))
        }
    }

    /// Its defaults end every M step at a gradient of 0.01, and the whole search after two iterations.
    @Test func theNumbersEqualCrowdKitsDefaults() throws {
        let step = ConjugateGradient(gradientTolerance: 0.01, iterations: 25)
        let fit = AbilityDifficulty(try golden.matrix, iterations: 2, step: step)
        let reference = try #require(golden.golden["glad"])
        for annotator in 0..<4 {
            let theirs = try #require(reference["alpha"]?["w\(annotator)"]?.doubleValue)
            #expect(isClose(fit.abilities[annotator], theirs, 1e-4))
        }
        let beta = "beta(log inverse difficulty param in crowd-kit)"
        for unit in 0..<12 {
            let theirs = try #require(reference[beta]?["t\(unit)"]?.doubleValue)
            #expect(isClose(fit.easiness[unit], theirs, 1e-4))
            #expect(
                VoteAggregation.likeliest(fit.posterior[unit])
                    == reference["labels"]?["t\(unit)"]?.intValue)
        }
    }

    /// Two iterations are not the end: crowd-kit's rule ends where its expectation, which need not
    /// rise, falls. Ours goes on until no probability changes.
    @Test func theSearchEndsWhereNothingChanges() throws {
        let fit = AbilityDifficulty(try golden.matrix)
        #expect((3..<100).contains(fit.iterations))
        let further = AbilityDifficulty(
            try golden.matrix, iterations: 2 * fit.iterations, tolerance: 0)
        for (ours, theirs) in zip(fit.abilities, further.abilities) {
            #expect(isClose(ours, theirs, 1e-4))
        }
    }
}
