import Testing

@testable import TerminalUI

struct HistoryNavigatorTests {
    private func navigator(_ entries: String...) -> HistoryNavigator {
        var navigator = HistoryNavigator()
        for entry in entries { navigator.add(entry) }
        return navigator
    }

    @Test func upAndDownLeafThroughAllAndReturnToTheLine() {
        var history = navigator("a", "b")
        #expect(history.previous(line: "", beforeCursor: "") == "b")
        #expect(history.previous(line: "b", beforeCursor: "b") == "a")
        #expect(history.previous(line: "a", beforeCursor: "a") == nil)
        #expect(history.next(line: "a", beforeCursor: "a") == "b")
        #expect(history.next(line: "b", beforeCursor: "b") == "")
        #expect(history.next(line: "", beforeCursor: "") == nil)
    }

    @Test func onlyEntriesWithTheBeginningAreShown() {
        var history = navigator(":train reward", ":plot :train", ":train ppo", ":help")
        #expect(history.previous(line: ":t", beforeCursor: ":t") == ":train ppo")
        #expect(history.previous(line: ":train ppo", beforeCursor: ":train ppo") == ":train reward")
        #expect(history.previous(line: ":train reward", beforeCursor: ":train reward") == nil)
    }

    @Test func aChangedLineStartsANewSearch() {
        var history = navigator("abc", "xyz")
        #expect(history.previous(line: "", beforeCursor: "") == "xyz")
        #expect(history.previous(line: "a", beforeCursor: "a") == "abc")
        #expect(history.next(line: "abc", beforeCursor: "abc") == "a")
    }

    @Test func repeatedEntriesAreKeptOnceAndPassedOver() {
        var history = navigator("a", "a", "b", "a")
        #expect(history.entries == ["a", "b", "a"])
        #expect(history.previous(line: "a", beforeCursor: "") == "b")
    }

    @Test func anEmptyHistoryHasNothing() {
        var history = HistoryNavigator()
        #expect(history.previous(line: "x", beforeCursor: "x") == nil)
        #expect(history.next(line: "x", beforeCursor: "x") == nil)
    }
}
