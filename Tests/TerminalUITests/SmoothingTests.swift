import Testing

@testable import TerminalUI

struct SmoothingTests {
    /// Reference: weighted means with weights 0.7^k, in exact fractions (Python).
    @Test func theAverageHasNoBiasAtItsStart() {
        let smoothed = exponentialMovingAverage([1, -2, 1.5, 4, 0], alpha: 0.3)
        let expected = [
            1, -0.7647058823529411, 0.2694063926940639, 1.7422029214370311, 1.113951894991165,
        ]
        for (value, reference) in zip(smoothed, expected) {
            #expect(abs(value - reference) < 1e-6)
        }
    }

    @Test func aConstantStaysAndAlphaOneChangesNothing() {
        #expect(exponentialMovingAverage([3, 3, 3], alpha: 0.5) == [3, 3, 3])
        #expect(exponentialMovingAverage([3, -1, 4], alpha: 1) == [3, -1, 4])
        #expect(exponentialMovingAverage([], alpha: 0.5) == [])
    }

    @Test func valuesThatAreNotFiniteLeaveTheAverageAlone() {
        let smoothed = exponentialMovingAverage([1, .nan, .infinity, 1], alpha: 0.5)
        #expect(
            smoothed[0] == 1 && smoothed[1].isNaN && smoothed[2] == .infinity && smoothed[3] == 1)
    }
}
