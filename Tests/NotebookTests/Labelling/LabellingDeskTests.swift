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
            items: LabellingQueue(
                comparisons: comparisons, earlier: earlier, annotator: annotator,
                criterion: "helpful", count: count, seed: seed
            ).items, annotator: annotator,
            criterion: LabellingCriteria.standard.criterion("helpful"))
    }

    private func judge(_ desk: LabellingDesk, _ keys: String) -> [Vote] {
        judge(desk, at: ScriptedEditor(keys: keys))
    }

    /// Letters are themselves, ← → and ⏎ the keys with these signs.
    private func keys(_ signs: String) -> [Key] {
        signs.map { sign in
            switch sign {
            case "←": .left
            case "→": .right
            case "⏎": .enter
            default: .character(sign)
            }
        }
    }

    private func judge(_ desk: LabellingDesk, at editor: ScriptedEditor) -> [Vote] {
        let screen = LabellingScreen(
            desk, criteria: .standard, editor: editor, console: console)
        return (try? screen.run()) ?? []
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
        #expect(judge(desk(count: 2), "xyz?t9b").map(\.verdict) == [.tie, .bothBad])
    }

    @Test(arguments: [KeyResult.cancelled, .endOfInput, .key(.escape), .key(.character("q"))])
    func leavingKeepsTheVotesSoFar(key: KeyResult) {
        let editor = ScriptedEditor(keys: [.key(.left), .key(.right), key, .key(.left)])
        #expect(judge(desk(), at: editor).count == 2)
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
        var scripted = desk(count: 4)
        let recorded = try scripted.recorded("l, right,t,both_bad")
        let typed = judge(desk(count: 4), "lrtb")
        #expect(recorded.map(\.verdict) == typed.map(\.verdict))
        #expect(recorded.map(\.comparisonID) == typed.map(\.comparisonID))
        #expect(recorded.allSatisfy { $0.seconds == nil })
        var other = desk()
        #expect(
            throws: CommandError.usage(
                "--answers has \"left!\", expected l, r, t, b, s or 1 to 7, separated by commas")
        ) { try other.recorded("l,left!") }
    }

    @Test func theScaleSaysHowMuchBetter() {
        let votes = judge(desk(count: 7), "1234567")
        let third = 1.0 / 3
        #expect(votes.map(\.strength) == [3, 1, third, nil, third, 1, 3])
        let shown = votes.map { $0.shownOrder == .leftFirst ? $0.verdict : $0.verdict.flipped }
        #expect(shown == [.left, .left, .left, .tie, .right, .right, .right])
        #expect(judge(desk(count: 1), "l")[0].strength == nil)
    }

    @Test func aFlagAndANoteStayWithTheirVote() {
        let editor = ScriptedEditor(
            lines: [.line("the right one is rude")],
            keys: "fnlt".map { .key(.character($0)) })
        let votes = judge(desk(count: 2), at: editor)
        #expect(votes.map(\.isFlagged) == [true, false])
        #expect(votes.map(\.note) == ["the right one is rude", nil])
    }

    @Test func goingBackKeepsTheAnswerUntilAnotherIsGiven() {
        let order = judge(desk(count: 3), "ttt").map(\.comparisonID)
        // Two answers, back to the first, which becomes both bad; then the third.
        let votes = judge(desk(count: 3), "ttppbt")
        #expect(votes.map(\.verdict) == [.bothBad, .tie, .tie])
        #expect(votes.map(\.comparisonID) == order)
        #expect(judge(desk(count: 3), "ttpq").count == 2)
    }

    @Test func enterGoesOnAndLeavesTheAnswer() {
        // Two answers, back to the first and on again, to the third.
        let votes = judge(
            desk(count: 3), at: ScriptedEditor(keys: keys("←→pp⏎t").map { .key($0) }))
        let shown = votes.map { $0.shownOrder == .leftFirst ? $0.verdict : $0.verdict.flipped }
        #expect(shown == [.left, .right, .tie])
        // Where there is no answer there is nothing to leave.
        var fresh = desk(count: 2)
        #expect(fresh.take(.enter, seconds: nil) == .unknown)
    }

    @Test func whatIsMarkedAfterGoingBackReachesTheVote() {
        let editor = ScriptedEditor(
            lines: [.line("look again")], keys: "lrppfnq".map { .key(.character($0)) })
        let votes = judge(desk(count: 3), at: editor)
        #expect(votes.map(\.note) == ["look again", nil])
        #expect(votes.map(\.isFlagged) == [true, false])
    }

    @Test func undoAfterGoingBackTakesTheAnswerThatIsSeen() {
        var desk = desk(count: 3)
        for key in keys("ltbpp") { _ = desk.take(key, seconds: nil) }
        #expect(desk.position == 1 && desk.given == "a tie")
        #expect(desk.take(.character("u"), seconds: nil) == .undone)
        #expect(desk.position == 1 && desk.answeredCount == 2)
        // The gap is asked before all is done.
        #expect(desk.take(.character("s"), seconds: nil) == .answered("skipped"))
        #expect(desk.isDone)
    }

    @Test func anAnswerThatWasGivenIsSaidInTermsOfTheScreen() {
        for seed: UInt64 in 1...8 {
            var desk = desk(count: 4, seed: seed)
            for (sign, words) in [
                ("1", "left is much better"), ("→", "right is better"),
                ("5", "right is a little better"), ("s", "skipped"),
            ] {
                for key in keys(sign + "p") { _ = desk.take(key, seconds: nil) }
                #expect(desk.given == words)
                _ = desk.take(.enter, seconds: nil)
            }
        }
    }

    @Test func aDraftWithAGapKeepsAllThatIsInIt() {
        var desk = desk(count: 5)
        for key in keys("lfrtbppu") {
            _ = desk.take(key, seconds: nil)
        }
        let kept = desk.votes
        #expect(kept.map(\.isFlagged) == [false, true, false])
        var again = self.desk(count: 5)
        again.restore(kept)
        #expect(again.votes == kept)
        #expect(again.position == 2)
        // Flags come back with their votes.
        _ = again.take(.character("p"), seconds: nil)
        #expect(again.isFlagged)
    }

    @Test func everyAnswerIsKeptAtOnce() throws {
        var kept: [Int] = []
        let screen = LabellingScreen(
            desk(count: 3), criteria: .standard, editor: ScriptedEditor(keys: "lruq"),
            console: console, keep: { kept.append($0.count) })
        _ = try screen.run()
        #expect(kept == [1, 2, 1])
    }

    @Test func anInterruptedDeskGoesOnBehindTheLastAnswer() {
        let all = judge(desk(count: 6), "lrtblr")
        var again = desk(count: 6)
        again.restore(Array(all.prefix(4)))
        #expect(again.answeredCount == 4)
        #expect(judge(again, "lr").map(\.comparisonID) == all.map(\.comparisonID))
        var stranger = desk(count: 6, seed: 43)
        stranger.restore(all)
        #expect(stranger.answeredCount == 0)
    }
}
