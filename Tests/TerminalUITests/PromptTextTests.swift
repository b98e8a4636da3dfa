import Testing

@testable import TerminalUI

struct PromptTextTests {
    @Test func theResetStandsBeforeTheLastCharacter() {
        #expect(
            promptText(StyledLine("nb> ", .prompt), capabilities: terminal())
                == "\u{1}\u{1B}[1;38;5;36m\u{1}nb>\u{1}\u{1B}[0m\u{1} ")
        #expect(
            promptText(StyledLine("nb>", .strong), capabilities: terminal())
                == "\u{1}\u{1B}[1m\u{1}nb>\u{1}\u{1B}[0m\u{1} ")
    }

    @Test func aChangeOfStyleIsOneSequence() {
        let prompt = StyledLine("a", .strong) + StyledLine("b", .good) + StyledLine("> ")
        #expect(
            promptText(prompt, capabilities: terminal())
                == "\u{1}\u{1B}[1m\u{1}a\u{1}\u{1B}[0;38;5;36m\u{1}b\u{1}\u{1B}[0m\u{1}> ")
    }

    @Test func plainTerminalsGetPlainASCII() {
        #expect(promptText(StyledLine("é> ", .prompt), capabilities: .plain) == "?> ")
    }
}
