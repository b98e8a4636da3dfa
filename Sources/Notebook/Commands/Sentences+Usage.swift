import ArgumentParser

/// What is wrong with the words of a command, from the errors of the argument parser.
enum UsageSentences {
    static func commandError(for error: any Error) -> CommandError {
        guard RLHF.exitCode(for: error) == .validationFailure else {
            return CommandError("\(error)")
        }
        let full = RLHF.fullMessage(for: error)
        return .usage(joined(RLHF.message(for: error), advice(full)))
    }

    /// The parser's sentence in our form: lower case at the start, the advice at the end.
    private static func joined(_ message: String, _ advice: String) -> String {
        var message = message.trimmingFinalNewlines
        if message.hasPrefix("Error: ") { message.removeFirst("Error: ".count) }
        if let first = message.first, first.isUppercase, message.dropFirst().first?.isLowercase == true
        {
            message = first.lowercased() + message.dropFirst()
        }
        while message.hasSuffix(".") { message.removeLast() }
        return message + (message.hasSuffix("?") ? " (\(advice))" : "; \(advice)")
    }

    /// Where the command explains itself; the parser ends with "See 'rlhf train ppo --help' for …".
    private static func advice(_ fullMessage: String) -> String {
        guard let start = fullMessage.firstRange(of: "See 'rlhf"),
            let end = fullMessage[start.upperBound...].firstRange(of: " --help'")
        else { return "\"help\" lists the commands" }
        let command = fullMessage[start.upperBound..<end.lowerBound]
        return command.isEmpty
            ? "\"help\" lists the commands" : "\"help\(command)\" shows how it is used"
    }
}

/// The text to show when an error of the argument parser is no error but a wish: `--help`,
/// `--version`. Nil for real errors.
func requestedText(in error: any Error) -> String? {
    RLHF.exitCode(for: error).isSuccess ? RLHF.fullMessage(for: error) : nil
}
