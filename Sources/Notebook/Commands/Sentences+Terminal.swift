import TerminalUI

/// What went wrong between the program and the terminal.
enum TerminalSentences {
    static func sentence(_ error: TerminalError) -> String {
        switch error {
        case .closed(let descriptor):
            return "nobody reads \(name(descriptor)) any more; what was left to show is not shown"
        case .writeFailed(let descriptor, let errno):
            let reason = PosixError(operation: "write", path: "", code: errno).reason
            return "\(name(descriptor)) cannot be written: \(reason); check where it is sent to"
        case .notATerminal(let descriptor):
            return
                "\(name(descriptor)) is not a terminal; give a file of cells to `rlhf run`, or "
                + "type in a terminal"
        case .editorUnavailable:
            return
                "the line editor cannot work on this terminal; set TERM to its kind, for example "
                + "TERM=xterm-256color"
        }
    }

    private static func name(_ descriptor: Int32) -> String {
        switch descriptor {
        case 0: "standard input"
        case 1: "standard output"
        case 2: "standard error"
        default: "file descriptor \(descriptor)"
        }
    }
}
