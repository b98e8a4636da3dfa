import Testing

@testable import Notebook

struct PairSelectionTests {
    private let promptIDs = (0..<300).map { "question \($0 / 3)" }

    @Test func theRulesAreTheirFormulas() {
        // Two members: σ(0) = ½ twice; σ(±ln 3) = ¾ and ¼; σ(ln 3) twice.
        let l = 1.0986122886681098
        let margins = [[0, l, l], [0, -l, l]]
        let two = 0.6931471805599453
        let quarter = 0.5623351446188083  // −¼ ln ¼ − ¾ ln ¾
        func close(_ a: [Double], _ b: [Double]) -> Bool {
            zip(a, b).allSatisfy { abs($0 - $1) < 1e-12 }
        }
        #expect(close(PairSelection.uncertain.worth(margins), [two, two, quarter]))
        #expect(close(PairSelection.disagreement.worth(margins), [0, 0.0625, 0]))
        #expect(close(PairSelection.information.worth(margins), [0, two - quarter, 0]))
    }

    @Test func theBestComeFirstOnceAPromptAndRandomOnesBetween() {
        let worth = promptIDs.indices.map { Double(($0 * 37) % 300) }
        let order = PairSelection.uncertain.order(
            promptIDs: promptIDs, worth: worth, randomShare: 0.2, seed: 9)
        #expect(Set(order.map(\.index)).count == 300)
        let first = order.prefix(100)
        // Binomial: 20 ± 4.
        #expect((6...34).contains(first.count { $0.reason == "random" }))
        let chosen = first.filter { $0.reason == "uncertain" }
        #expect(Set(chosen.map { promptIDs[$0.index] }).count == chosen.count)
        let values = chosen.map { worth[$0.index] }
        #expect(values == values.sorted(by: >))
        #expect(
            PairSelection.uncertain.order(
                promptIDs: promptIDs, worth: worth, randomShare: 0.2, seed: 9) == order)
    }

    @Test func withoutARandomShareNoneIsRandom() {
        let worth = promptIDs.map { _ in 1.0 }
        let order = PairSelection.information.order(
            promptIDs: promptIDs, worth: worth, randomShare: 0, seed: 9)
        #expect(order.allSatisfy { $0.reason == "information" })
        let random = PairSelection.random.order(
            promptIDs: promptIDs, worth: [], randomShare: 0, seed: 9)
        #expect(random.allSatisfy { $0.reason == "random" })
        #expect(random.map(\.index) != Array(promptIDs.indices))
    }

    @Test func withARandomShareOfOneAllAreRandom() {
        let order = PairSelection.information.order(
            promptIDs: promptIDs, worth: promptIDs.map { _ in 1 }, randomShare: 1, seed: 9)
        #expect(order.allSatisfy { $0.reason == "random" })
        #expect(Set(order.map(\.index)).count == 300)
    }
}
