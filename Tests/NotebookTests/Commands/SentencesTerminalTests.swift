import TerminalUI
import Testing

@testable import Notebook

@Suite struct SentencesTerminalTests {
    static let cases: [(TerminalError, String)] = [
        (
            .closed(descriptor: 1),
            "nobody reads standard output any more; what was left to show is not shown"
        ),
        (
            .writeFailed(descriptor: 2, errno: 28),
            "standard error cannot be written: No space left on device; check where it is sent to"
        ),
        (
            .notATerminal(descriptor: 0),
            "standard input is not a terminal; give a file of cells to `rlhf run`, or type in a "
                + "terminal"
        ),
        (
            .editorUnavailable,
            "the line editor cannot work on this terminal; set TERM to its kind, for example "
                + "TERM=xterm-256color"
        ),
    ]

    @Test(arguments: cases) func everyErrorOfTheTerminalHasItsSentence(
        error: TerminalError, text: String
    ) {
        #expect(commandError(for: error) == CommandError(text))
    }
}
