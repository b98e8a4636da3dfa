import Testing

@testable import TerminalUI

struct TerminalProgramTests {
    private func shell(_ script: String) throws -> TerminalProgram {
        try #require(TerminalProgram("/bin/sh", arguments: ["sh", "-c", script]))
    }

    @Test func whatAProgramShowsIsSeen() throws {
        let program = try shell("test -t 1 && echo on a terminal; cat")
        #expect(program.shows("on a terminal", within: 10))
        program.end()
    }

    @Test func aProgramThatEndsShowsNothingMore() throws {
        #expect(!(try shell("echo this")).shows("that", within: 10))
    }

    @Test func theTimeIsLimited() throws {
        #expect(!(try shell("cat")).shows("anything", within: 0.01))
    }

    @Test func aProgramThatDoesNotExistShowsNothing() {
        #expect(
            TerminalProgram("/nowhere/rlhf", arguments: ["rlhf"])?.shows("x", within: 10) != true)
    }
}
