import Testing

@testable import HumanFeedback

@Suite struct SimulatedPanelTests {
    private func panel(_ names: [String]) -> SimulatedPanel {
        SimulatedPanel(
            names.map { name in
                SimulatedAnnotator(
                    name: name, errors: AnnotatorErrors(temperature: 1), criterionName: "number",
                    criterion: leadingNumber)
            })
    }

    private func comparisons(_ count: Int) -> [Comparison] {
        (0..<count).map { Comparison(prompt: "?", left: "1", right: "2", id: "c\($0)") }
    }

    @Test("The work and the two orders are shared evenly")
    func shares() {
        let votes = panel(["a", "b", "c", "d"]).votes(on: comparisons(8000), seed: 1)
        #expect(votes.count == 8000)
        for name in ["a", "b", "c", "d"] {
            #expect((1840...2160).contains(votes.count { $0.annotator == name }))
        }
        #expect((3820...4180).contains(votes.count { $0.shownOrder == .leftFirst }))
    }

    @Test("Votes on one comparison come from different members, in the comparisons' order")
    func severalVotesEach() {
        let votes = panel(["a", "b", "c", "d"]).votes(
            on: comparisons(500), votesEach: 3, seed: 1)
        #expect(votes.count == 1500)
        for number in 0..<500 {
            let own = votes[(3 * number)..<(3 * number + 3)]
            #expect(own.allSatisfy { $0.comparisonID == "c\(number)" })
            #expect(Set(own.map(\.annotator)).count == 3)
        }
    }

    @Test("More comparisons or more votes each change no vote")
    func stable() {
        let panel = panel(["a", "b", "c"])
        let few = panel.votes(on: comparisons(50), seed: 9)
        let more = panel.votes(on: comparisons(80), seed: 9)
        let several = panel.votes(on: comparisons(50), votesEach: 3, seed: 9)
        #expect(few == Array(more.prefix(50)))
        #expect(few == stride(from: 0, to: 150, by: 3).map { several[$0] })
        #expect(few != panel.votes(on: comparisons(50), seed: 10))
    }
}
