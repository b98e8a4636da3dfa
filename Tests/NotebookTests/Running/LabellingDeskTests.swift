import HumanFeedback
import TerminalUI
import Testing

@testable import Notebook

struct LabellingDeskTests {
    private let comparisons = (1...40).map {
        Comparison(prompt: "question \($0)", left: "left \($0)", right: "right \($0)")
    }
    private let console: Console

    init() {
        console = Console(settings: Settings())
        console.isSilent = true
    }

    private func desk(
        earlier: [Vote] = [], annotator: String = "me", count: Int = 40, seed: UInt64 = 42
    ) -> LabellingDesk {
        LabellingDesk(
            comparisons: comparisons, earlier: earlier, annotator: annotator,
            criterion: "helpful", count: count, seed: seed)
    }

    private func judge(_ desk: LabellingDesk, _ keys: String) -> [Vote] {
        desk.judge(at: ScriptedEditor(keys: keys), console)
    }

    @Test func everyPairIsAskedOnceInAnOrderOfTheSeed() {
        let votes = judge(desk(), String(repeating: "l", count: 40))
        #expect(Set(votes.map(\.comparisonID)) == Set(comparisons.map(\.id)))
        #expect(votes.map(\.comparisonID) != comparisons.map(\.id))
        let again = judge(desk(), String(repeating: "r", count: 40))
        #expect(again.map(\.comparisonID) == votes.map(\.comparisonID))
        let other = judge(desk(seed: 43), String(repeating: "l", count: 40))
        #expect(other.map(\.comparisonID) != votes.map(\.comparisonID))
    }

    @Test func theVerdictNamesTheComparisonsSidesAndNotTheScreens() {
        let votes = judge(desk(), String(repeating: "l", count: 40))
        for vote in votes {
            #expect(vote.verdict == (vote.shownOrder == .leftFirst ? .left : .right))
        }
        // Both orders occur: about half each; 40 tosses of a coin give fewer than 8 of a side once in
        // 20,000 times, and the seed is fixed.
        #expect((8...32).contains(votes.count { $0.shownOrder == .leftFirst }))
    }

    @Test func otherKeysMeanTheSameOnBothSides() {
        let votes = judge(desk(count: 5), "tbsTB")
        #expect(votes.map(\.verdict) == [.tie, .bothBad, .skip, .tie, .bothBad])
    }

    @Test func undoTakesTheLastVoteBack() {
        let order = judge(desk(count: 3), "ttt").map(\.comparisonID)
        let votes = judge(desk(count: 3), "utubtt")
        // Nothing to undo at first; the tie is taken back; then three votes.
        #expect(votes.map(\.verdict) == [.bothBad, .tie, .tie])
        #expect(votes.map(\.comparisonID) == order)
    }

    @Test func otherKeysAreNoVotes() {
        #expect(judge(desk(count: 2), "xyz?t7b").map(\.verdict) == [.tie, .bothBad])
    }

    @Test(arguments: [KeyResult.cancelled, .endOfInput, .key(.escape), .key(.character("q"))])
    func leavingKeepsTheVotesSoFar(key: KeyResult) {
        let editor = ScriptedEditor(keys: [.key(.left), .key(.right), key, .key(.left)])
        #expect(desk().judge(at: editor, console).count == 2)
        #expect(editor.remainingKeys == 1)
    }

    @Test func judgedPairsAreLeftOutForTheSameAnnotatorOnly() {
        let votes = judge(desk(count: 30), String(repeating: "l", count: 30))
        let rest = judge(desk(earlier: votes), String(repeating: "l", count: 40))
        #expect(rest.count == 10)
        #expect(Set(rest.map(\.comparisonID)).isDisjoint(with: votes.map(\.comparisonID)))
        let another = judge(
            desk(earlier: votes, annotator: "you"), String(repeating: "l", count: 40))
        #expect(another.count == 40)
        let all = votes + rest
        #expect(judge(desk(earlier: all), "l").isEmpty)
    }

    @Test func recordedAnswersGiveTheVotesThatKeysGive() throws {
        let recorded = try desk(count: 4).recorded("l, right,t,both_bad")
        let typed = judge(desk(count: 4), "l2tb")
        #expect(recorded.map(\.verdict) == typed.map(\.verdict))
        #expect(recorded.map(\.comparisonID) == typed.map(\.comparisonID))
        #expect(recorded.allSatisfy { $0.seconds == nil })
        #expect(
            throws: CommandError.usage(
                "--answers has \"left!\", expected l, r, t, b or s, separated by commas")
        ) { try desk().recorded("l,left!") }
    }
}
