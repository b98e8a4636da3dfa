import Testing

@testable import Alignment

@Suite("Scaling of scores")
struct ScoreScalingTests {
    @Test("nothing is changed where nothing is said")
    func none() {
        var scaling = ScoreScaling()
        #expect(scaling.scaled([60, -70, 0]) == [60, -70, 0])
        #expect(scaling.numbers.isEmpty)
    }

    @Test("the first update's deviation is kept, the running one takes in every score")
    func deviations() {
        // 1, 3, 5 has the deviation 2; with 7 and 9 it is √10.
        var reference = ScoreScaling(rule: .reference)
        #expect(reference.scaled([1, 3, 5]) == [0.5, 1.5, 2.5])
        #expect(reference.scaled([7, 9]) == [3.5, 4.5])
        var running = ScoreScaling(rule: .running)
        #expect(running.scaled([1, 3, 5]) == [0.5, 1.5, 2.5])
        let found = running.scaled([7, 9])
        #expect(abs(found[0] - 2.2135944) < 1e-6 && abs(found[1] - 2.8460499) < 1e-6)
    }

    @Test("scores are cut after they are scaled; equal ones are not divided by 0")
    func clip() {
        var scaling = ScoreScaling(rule: .reference, clip: 1)
        #expect(scaling.scaled([1, 3, 5]) == [0.5, 1, 1])
        var equal = ScoreScaling(rule: .running, clip: 4)
        #expect(equal.scaled([5, 5]) == [4, 4])
        var plain = ScoreScaling(clip: 2)
        #expect(plain.scaled([-60, 1]) == [-2, 1])
    }

    @Test("a checkpoint goes on where it was")
    func resume() {
        for rule in ScoreScaling.Rule.allCases {
            var whole = ScoreScaling(rule: rule, clip: 3)
            _ = whole.scaled([1, -4, 2.5])
            var checkpoint = TrainingCheckpoint(step: 1)
            checkpoint.numbers = whole.numbers.map { .init(name: $0.0, value: $0.1) }
            var resumed = ScoreScaling(rule: rule, clip: 3)
            resumed.restore(checkpoint)
            #expect(resumed == whole)
            #expect(resumed.scaled([0.5, 7]) == whole.scaled([0.5, 7]))
        }
    }
}
