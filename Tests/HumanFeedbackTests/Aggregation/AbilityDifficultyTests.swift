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

    /// Its defaults end every M step at a gradient of 0.01, which leaves up to 0.003 undone.
    @Test func labelsAndNearlyTheNumbersEqualCrowdKitsDefaults() throws {
        let fit = AbilityDifficulty(try golden.matrix, iterations: 2)
        let reference = try #require(golden.golden["glad"])
        for annotator in 0..<4 {
            let theirs = try #require(reference["alpha"]?["w\(annotator)"]?.doubleValue)
            #expect(isClose(fit.abilities[annotator], theirs, 3e-3))
        }
        for unit in 0..<12 {
            #expect(
                VoteAggregation.likeliest(fit.posterior[unit])
                    == reference["labels"]?["t\(unit)"]?.intValue)
        }
    }

    @Test func theSearchEnds() throws {
        #expect(AbilityDifficulty(try golden.matrix).iterations < 100)
    }
}
