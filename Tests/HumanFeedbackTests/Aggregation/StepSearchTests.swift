import Testing

@testable import HumanFeedback

@Suite struct StepSearchTests {
    /// The first two functions of Moré and Thuente's own tests, from first steps of 10⁻³ to 10³.
    @Test(arguments: [1e-3, 1e-1, 10, 1e3])
    func theStepIsLowEnoughAndFlatEnough(first: Double) throws {
        try check(first) { a in
            let below = a * a + 2
            return (-a / below, (a * a - 2) / (below * below))
        }
        try check(first) { a in
            let base = a + 0.004
            let (square, fourth) = (base * base, base * base * base * base)
            return (fourth * base - 2 * fourth, 5 * fourth - 8 * square * base)
        }
    }

    private func check(
        _ first: Double, _ function: (Double) -> (value: Double, slope: Double)
    ) throws {
        func look(at step: Double) -> StepSearch.Trial {
            let (value, slope) = function(step)
            return StepSearch.Trial(step: step, value: value, slope: slope)
        }
        let start = look(at: 0)
        var search = StepSearch(from: start)
        var looks = 0
        let found = try #require(
            search.find(from: first) { step in
                looks += 1
                return look(at: step)
            })
        #expect(found.value <= start.value + 1e-4 * found.step * start.slope)
        #expect(abs(found.slope) <= 0.4 * abs(start.slope))
        #expect(looks < 30)
    }

    @Test func aLineThatRisesHasNoStep() {
        var search = StepSearch(from: StepSearch.Trial(step: 0, value: 0, slope: 1))
        #expect(search.find(from: 1) { StepSearch.Trial(step: $0, value: $0, slope: 1) } == nil)
    }

    /// A line that falls for ever is walked to the last step allowed and no further.
    @Test func aLineWithoutAnEndHasNoStep() {
        var search = StepSearch(from: StepSearch.Trial(step: 0, value: 0, slope: -1))
        #expect(search.find(from: 1) { StepSearch.Trial(step: $0, value: -$0, slope: -1) } == nil)
    }
}
