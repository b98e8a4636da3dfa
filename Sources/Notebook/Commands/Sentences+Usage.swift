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
        if let first = message.first, first.isUppercase,
            message.dropFirst().first?.isLowercase == true
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

/// Help pages, which the argument parser gives in place of a command.
enum HelpText {
    /// The page that words such as `inspect --help` or `train` ask for; nil when they are a command
    /// to execute.
    ///
    /// - Throws: The parser's errors for words it refuses.
    static func page(for words: [String]) throws -> String? {
        do {
            var command = try RLHF.parseAsRoot(words)
            if command is any NotebookCommand { return nil }
            // The parser's own command for help, or a family such as `train` alone.
            try command.run()
            return nil
        } catch {
            guard let page = page(in: error) else { throw error }
            return page
        }
    }

    /// The page, when an error of the argument parser is no error but a wish; nil for real errors.
    static func page(in error: any Error) -> String? {
        RLHF.exitCode(for: error).isSuccess ? RLHF.fullMessage(for: error) : nil
    }
}
