import HumanFeedback
import TerminalUI
import Testing

@testable import Notebook

struct LabellingModesTests {
    /// Three prompts with four answers each, of which three pairs are in the file, one of them flipped.
    private let comparisons = (1...3).flatMap { number in
        [("a", "b"), ("c", "a"), ("c", "d")].map { left, right in
            Comparison(
                prompt: "question \(number)", left: "\(left)\(number)", right: "\(right)\(number)")
        }
    }

    private func desk(_ mode: LabellingMode, _ items: [LabellingItem]) -> LabellingDesk {
        LabellingDesk(
            items: items, annotator: "me",
            criterion: LabellingCriteria.standard.criterion("honest"),
            mode: mode)
    }

    private func groups() -> [LabellingItem] {
        LabellingQueue(
            groups: LabellingGroup.groups(of: comparisons), earlier: [], annotator: "me",
            criterion: "honest", count: 9, seed: 1
        ).items
    }

    private func pairs() -> [LabellingItem] {
        LabellingQueue(
            comparisons: comparisons, earlier: [], annotator: "me", criterion: "honest", count: 9,
            seed: 1
        ).items
    }

    @Test func aRankingGivesAVoteForEachTwoAnswers() throws {
        let items = groups()
        #expect(items.count == 3 && items.allSatisfy { $0.answers.count == 4 })
        var desk = desk(.rank, items)
        let votes = try desk.recorded("3>1=4>2")
        #expect(votes.count == 6)
        #expect(desk.position == 1)
        let order = [3, 1, 4, 2].map { items[0].answers[$0 - 1] }
        let places = Dictionary(uniqueKeysWithValues: zip(order, [0, 1, 1, 2]))
        for (vote, pair) in zip(votes, items[0].comparisons) {
            #expect(vote.comparisonID == pair.comparison.id)
            let (left, right) = (places[pair.comparison.left]!, places[pair.comparison.right]!)
            #expect(vote.verdict == (left < right ? .left : left > right ? .right : .tie))
        }
        // What was there keeps its id, the other three are new, and all share the prompt.
        let known = Set(comparisons.map(\.id))
        let ids = items[0].comparisons.map(\.comparison.id)
        #expect(ids.count { known.contains($0) } == 3 && Set(ids).count == 6)
        #expect(Set(items[0].comparisons.map(\.comparison.promptID)).count == 1)
    }

    @Test func ratingsDecideThePairAndAreKept() throws {
        let items = pairs()
        var desk = desk(.rating, items)
        let votes = try desk.recorded("4/2,3/3,1/1,2/5")
        let shown = votes.map { $0.shownOrder == .leftFirst ? $0.verdict : $0.verdict.flipped }
        #expect(shown == [.left, .tie, .bothBad, .right])
        #expect(votes.map(\.strength) == [2, nil, nil, 3])
        for (vote, (first, second)) in zip(votes, [(4, 2), (3, 3), (1, 1), (2, 5)]) {
            let isStraight = vote.shownOrder == .leftFirst
            #expect(vote.leftRating == (isStraight ? first : second))
            #expect(vote.rightRating == (isStraight ? second : first))
        }
        #expect(throws: CommandError.self) { try desk.recorded("6/1") }
    }

    @Test func thumbsAreRatingsOfOneAndNone() throws {
        var desk = desk(.thumbs, pairs())
        let votes = try desk.recorded("+-,++,--,s")
        let shown = votes.map { $0.shownOrder == .leftFirst ? $0.verdict : $0.verdict.flipped }
        #expect(shown == [.left, .tie, .bothBad, .skip])
        #expect(votes[3].leftRating == nil && votes[1].leftRating == 1)
    }

    @Test func undoTakesBackAHalfGivenAnswerFirst() {
        var desk = desk(.rating, pairs())
        #expect(desk.take(.character("4"), seconds: 1) == .entered)
        #expect(desk.shownAnswers == [1])
        #expect(desk.take(.character("u"), seconds: 1) == .undone)
        #expect(desk.shownAnswers == [0])
        #expect(desk.take(.character("u"), seconds: 1) == .nothingToUndo)
    }

    @Test func goldAndRepeatsAreMixedInAtTheirRates() {
        let many = (1...400).map {
            Comparison(prompt: "question \($0)", left: "left \($0)", right: "right \($0)")
        }
        let truth = many.prefix(100).map {
            Vote(comparisonID: $0.id, annotator: "gold", verdict: .left, isGroundTruth: true)
        }
        let items = LabellingQueue(
            comparisons: many, earlier: truth, annotator: "me", criterion: "helpful", count: 200,
            seed: 5, mixture: .init(gold: 0.2, repeats: 0.1)
        ).items
        #expect(items.count == 200)
        // Binomial: 40 ± 5.7 and 20 ± 4.2.
        #expect((23...57).contains(items.count { $0.selection == "gold" }))
        #expect((8...32).contains(items.count { $0.isRepeat }))
        let known = Set(truth.map(\.comparisonID))
        for (place, item) in items.enumerated() {
            let id = item.comparisons[0].comparison.id
            #expect((item.selection == "gold") == known.contains(id))
            let earlier = items[..<place].filter { $0.comparisons[0].comparison.id == id }
            #expect(earlier.count == (item.isRepeat ? 1 : 0))
            if item.isRepeat { #expect(earlier[0].answers == item.answers.reversed()) }
        }
    }

    @Test func anotherCriterionAsksThePairAgain() {
        let votes = comparisons.map {
            Vote(comparisonID: $0.id, annotator: "me", verdict: .left, criterion: "helpful")
        }
        func count(_ criterion: String) -> Int {
            LabellingQueue(
                comparisons: comparisons, earlier: votes, annotator: "me", criterion: criterion,
                count: 99, seed: 1
            ).items.count
        }
        #expect(count("helpful") == 0)
        #expect(count("honest") == comparisons.count)
    }
}
