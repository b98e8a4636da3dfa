import Testing

@testable import Alignment

@Suite("Win rates")
struct WinRateTests {
    func ids(_ count: Int, per prompt: Int = 1) -> [String] {
        (0..<count).map { "prompt \($0 / prompt)" }
    }

    @Test("a tie counts as half a win")
    func ties() {
        let found = WinRate(
            scores: [1, 2, 3, 0], baselineScores: [0, 2, 3, 1], promptIDs: ids(4), seed: 42)
        #expect(found.wins == 1 && found.ties == 2 && found.losses == 1)
        #expect(found.rate.value == 0.5 && found.rate.count == 4)
    }

    @Test("one answer a prompt: the interval is Wilson's")
    func singleAnswers() {
        let scores = (0..<200).map { Float($0 < 170 ? 1 : -1) }
        let found = WinRate(
            scores: scores, baselineScores: [Float](repeating: 0, count: 200), promptIDs: ids(200),
            seed: 42)
        #expect(found.rate == .wilson(successes: 170, trials: 200))
    }

    @Test("several answers a prompt: the interval is wider where answers of a prompt agree")
    func severalAnswers() {
        let scores = (0..<200).map { Float(($0 / 5) % 4 == 0 ? -1 : 1) }
        let zeros = [Float](repeating: 0, count: 200)
        let single = WinRate(scores: scores, baselineScores: zeros, promptIDs: ids(200), seed: 42)
        let grouped = WinRate(
            scores: scores, baselineScores: zeros, promptIDs: ids(200, per: 5), seed: 42)
        #expect(single.rate.value == 0.75 && grouped.rate.value == 0.75)
        let ratio =
            (grouped.rate.upper - grouped.rate.lower) / (single.rate.upper - single.rate.lower)
        #expect(ratio > 1.8 && ratio < 2.6)
    }

    @Test("rows of a prompt need not stand together")
    func shuffledRows() {
        let scores: [Float] = [1, 1, -1, -1, 1, 1]
        let zeros = [Float](repeating: 0, count: 6)
        let together = WinRate(
            scores: scores, baselineScores: zeros, promptIDs: ["a", "a", "b", "b", "c", "c"],
            seed: 7)
        let apart = WinRate(
            scores: [1, -1, 1, 1, -1, 1], baselineScores: zeros,
            promptIDs: ["a", "b", "c", "a", "b", "c"], seed: 7)
        #expect(together == apart)
    }

    @Test("winning everywhere does not make the interval vanish")
    func allWins() {
        let found = WinRate(
            scores: [Float](repeating: 1, count: 40),
            baselineScores: [Float](repeating: 0, count: 40), promptIDs: ids(40, per: 4), seed: 42)
        #expect(found.rate.value == 1 && found.rate.upper == 1 && found.rate.count == 40)
        #expect(found.rate.lower == Estimate.wilson(successes: 10, trials: 10).lower)
    }

    @Test("exchanging the models turns the rate round")
    func exchanged() {
        let (one, other): ([Float], [Float]) = ([1, 5, 2, 2, 0, 9], [2, 3, 2, 1, 4, 8])
        let found = WinRate(scores: one, baselineScores: other, promptIDs: ids(6), seed: 1)
        let turned = WinRate(scores: other, baselineScores: one, promptIDs: ids(6), seed: 1)
        #expect(abs(found.rate.value + turned.rate.value - 1) < 1e-12)
        #expect(abs(found.rate.lower + turned.rate.upper - 1) < 1e-12)
    }

    @Test("scores that are not numbers are counted apart")
    func invalid() {
        let found = WinRate(
            scores: [.nan, 1, 1], baselineScores: [0, .nan, 0], promptIDs: ids(3), seed: 42)
        #expect(found.invalid == 2 && found.wins == 1 && found.rate.count == 1)
        let none = WinRate(scores: [.nan], baselineScores: [0], promptIDs: ids(1), seed: 42)
        #expect(none.rate.value.isNaN && none.rate.lower == 0 && none.rate.upper == 1)
    }
}
