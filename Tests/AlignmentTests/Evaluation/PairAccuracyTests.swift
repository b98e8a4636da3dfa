import Testing

@testable import Alignment

@Suite("Accuracy on preference pairs")
struct PairAccuracyTests {
    @Test("right, wrong, tied and broken pairs")
    func byHand() {
        let found = pairAccuracy(chosenScores: [2, 0, 1, .nan], rejectedScores: [1, 1, 1, 0])
        #expect(found.value == 1.5 / 4 && found.count == 4)
        #expect(found == .wilson(successes: 1.5, trials: 4))
    }

    @Test("a scorer that gives every answer the same score is a coin")
    func constantScorer() {
        let same = [Float](repeating: 0.3, count: 10)
        #expect(pairAccuracy(chosenScores: same, rejectedScores: same).value == 0.5)
    }

    @Test("the longer answer wins, equal lengths as half")
    func lengths() {
        let found = lengthBaseline(chosenLengths: [10, 3, 7, 9], rejectedLengths: [5, 8, 7, 2])
        #expect(found.value == 2.5 / 4)
    }

    @Test("of no pairs nothing is known")
    func noPairs() {
        let found = lengthBaseline(chosenLengths: [], rejectedLengths: [])
        #expect(found.value.isNaN && found.lower == 0 && found.upper == 1)
    }
}
