import Autograd
import HumanFeedback
import Testing

@testable import Notebook

struct SelectionTrialTests {
    /// Answers that say their own worth, which is linear in four features.
    private func trial(labels: Int, round: Int) -> SelectionTrial {
        var random = RandomStream(seed: 5, purpose: RandomPurpose("trial"), step: 0)
        func features() -> [Float] { (0..<4).map { _ in 2 * random.nextUniform() - 1 } }
        func worth(_ features: [Float]) -> Float {
            3 * features[0] - 2 * features[1] + features[2]
        }
        var comparisons: [Comparison] = []
        var differences: [[Float]] = []
        for index in 0..<200 {
            let (left, right) = (features(), features())
            comparisons.append(
                Comparison(
                    prompt: "question \(index / 2)", left: "\(worth(left))",
                    right: "\(worth(right))"))
            differences.append(zip(left, right).map { $0 - $1 })
        }
        return SelectionTrial(
            comparisons: comparisons, differences: differences,
            truth: differences.map { Double(worth($0)) },
            annotator: SimulatedAnnotator(
                name: "one", errors: AnnotatorErrors(temperature: 0.3), criterionName: "worth"
            ) { Double($1) ?? 0 }, labels: labels, round: round, randomShare: 0.2)
    }

    @Test(arguments: PairSelection.allCases)
    func labelsTeachTheHeads(rule: PairSelection) {
        let accuracies = trial(labels: 90, round: 20).accuracies(rule, seed: 3)
        #expect(accuracies.count == 5)
        #expect(accuracies.allSatisfy { (0.5...1).contains($0) })
        #expect(accuracies[4] > 0.85)
    }

    @Test func theFirstRoundIsTheSameForEveryRule() {
        let trial = trial(labels: 40, round: 20)
        let random = trial.accuracies(.random, seed: 4)
        let chosen = trial.accuracies(.information, seed: 4)
        #expect(random[0] == chosen[0])
        #expect(trial.accuracies(.information, seed: 4) == chosen)
        #expect(trial.accuracies(.information, seed: 5) != chosen)
    }

    @Test func thePairsMayEndBeforeTheLabels() {
        #expect(trial(labels: 1_000, round: 50).accuracies(.uncertain, seed: 1).count == 3)
    }
}
