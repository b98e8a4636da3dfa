import ArgumentParser

/// What is misspelt in the words of a command, in one sentence with the likely remedy.
struct CommandSpelling {
    /// Where the words were typed: after ":" or after "rlhf ".
    enum Place { case cell, shell }

    let words: [String]
    let place: Place
    private let path: CommandPath

    init(_ words: [String], in place: Place) {
        self.words = words
        self.place = place
        path = CommandPath(words)
    }

    /// Refuses a word that should be a command and is none, before the parser takes it for
    /// something else, such as the folder of a session.
    func check() throws(CommandError) {
        guard let unknown = path.unknown else {
            if place == .cell, !path.choices.isEmpty {
                throw .usage(
                    "\(typed(path.names)) is followed by \(SentenceParts.list(path.choices, "or", limit: 12))"
                )
            }
            return
        }
        if path.names.isEmpty && place == .shell { return try checkSession(unknown) }
        throw .usage("there is no command \(typed(path.names + [unknown])); " + remedy(unknown))
    }

    /// In the shell the first word may be the folder of a session; a new one is named with a slash,
    /// so that no misspelt command makes a folder.
    private func checkSession(_ word: String) throws(CommandError) {
        if word.contains("/") || ((try? Posix.kind(of: word)) ?? nil) != nil { return }
        let name = Suggestion.nearest(to: word, among: path.choices)
        let others = "rlhf --help lists the commands, rlhf ./\(word) starts a session of that name"
        throw .usage(
            "there is no command and no session \"\(word)\"; "
                + (name.map { "did you mean \(typed([$0]))? (\(others))" } ?? others))
    }

    private func remedy(_ word: String) -> String {
        var names = path.choices
        if path.names.isEmpty { names = CommandOutline.forCells.map(\.name) + ["help"] }
        if let name = Suggestion.nearest(to: word, among: names) {
            return "did you mean \(typed(path.names + [name]))?"
        }
        if path.names.isEmpty { return ":help lists the commands" }
        return "it is followed by \(SentenceParts.list(path.choices, "or", limit: 12))"
    }

    /// The parser's error in one sentence. Its own suggestions are passed over: it finds one for
    /// every word, however far.
    func explained(_ error: any Error) -> CommandError {
        let found = commandError(for: error)
        guard found.exitCode == .usage, !(error is CommandError) else { return found }
        guard let option = misspeltOption(found.sentence) else {
            return .usage(withAdvice(found.sentence))
        }
        // Without a command the options are those of the session that is opened.
        let command = path.names.isEmpty ? OpenCommand.self : path.command
        let options = CommandOutline(command).arguments().options
        let name = Suggestion.nearest(to: option, among: options.map(\.name))
        return .usage(
            "\(typed(path.names)) has no option \(option); "
                + (name.map { "did you mean \($0)?" } ?? "\(help) lists its options"))
    }

    private func misspeltOption(_ sentence: String) -> String? {
        guard sentence.hasPrefix("unknown option '"),
            let word = sentence.split(separator: "'").dropFirst().first
        else { return nil }
        return word.split(separator: "=").first.map(String.init)
    }

    /// The advice at the end of the sentence, in the form that can be typed here.
    private func withAdvice(_ sentence: String) -> String {
        guard let start = sentence.firstRange(of: "\"help"),
            let end = sentence[start.upperBound...].firstIndex(of: "\"")
        else { return sentence }
        return sentence[..<start.lowerBound] + help + sentence[sentence.index(after: end)...]
    }

    private var help: String {
        path.names.isEmpty && place == .shell ? "rlhf --help" : typed(["help"] + path.names)
    }

    private func typed(_ names: [String]) -> String {
        let command = names.joined(separator: " ")
        return place == .cell ? ":" + command : names.isEmpty ? "rlhf" : "rlhf " + command
    }
}
