/// What a command reports when it cannot do its work: one sentence, and how the program ends.
struct CommandError: Error, Equatable {
    /// How the program ends in the shell.
    enum ExitCode: Int32, Sendable {
        case failed = 1
        case usage = 2
        case checkFailed = 3
        case damagedOrLocked = 4
        case interrupted = 130
    }

    /// What, where, expected, found, what to type next.
    let sentence: String
    let exitCode: ExitCode

    init(_ sentence: String, exitCode: ExitCode = .failed) {
        self.sentence = sentence
        self.exitCode = exitCode
    }

    /// Something about the words of the command itself.
    static func usage(_ sentence: String) -> CommandError {
        CommandError(sentence, exitCode: .usage)
    }

    /// The user stopped it; what there is so far is kept.
    static func interrupted(_ sentence: String) -> CommandError {
        CommandError(sentence, exitCode: .interrupted)
    }
}
