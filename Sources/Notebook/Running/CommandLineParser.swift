import ArgumentParser

/// Turns a line of a cell into a command: words after ":", or a question to the policy.
enum CommandLineParser {
    /// - Throws: `CommandError.usage` for misspelt words, an open quote, or a command that belongs
    ///   to the shell.
    static func command(_ line: String) throws -> any NotebookCommand {
        guard line.hasPrefix(":") else { return try ask(line) }
        let words = try Abbreviation.expanded(words(of: String(line.dropFirst())))
        guard let name = words.first else {
            throw CommandError.usage("\":\" alone is no command; :help lists them")
        }
        // The parser's own "help" knows no metrics and no slots.
        if name == "help" { return try HelpCommand.parse(Array(words.dropFirst())) }
        if words.contains("--help") { return try HelpCommand.parse(CommandPath(words).names) }
        let spelling = CommandSpelling(words, in: .cell)
        try spelling.check()
        let parsed: any ParsableCommand
        do { parsed = try RLHF.parseAsRoot(words) } catch { throw spelling.explained(error) }
        guard let command = parsed as? any NotebookCommand else {
            throw CommandError.usage("\":\(name)\" is no command of the notebook; :help lists them")
        }
        if type(of: command).place == .shell {
            throw CommandError.usage("\"\(name)\" is given in the shell: rlhf \(name)")
        }
        return command
    }

    private static func ask(_ text: String) throws -> any NotebookCommand {
        guard let command = try RLHF.parseAsRoot(["sample", "--", text]) as? any NotebookCommand
        else { throw CommandError.usage("the text could not be understood as a prompt") }
        return command
    }

    /// Splits a line at blanks; 'single' and "double" quotes keep blanks, a backslash the next
    /// character.
    static func words(of line: String) throws -> [String] {
        var words: [String] = []
        var word = ""
        var isInWord = false
        var quote: Character?
        var characters = line.makeIterator()
        while let character = characters.next() {
            if let open = quote {
                if character == open {
                    quote = nil
                } else if character == "\\" && open == "\"", let next = characters.next() {
                    word += next == "n" ? "\n" : String(next)
                } else {
                    word.append(character)
                }
            } else if character == "\"" || character == "'" {
                quote = character
                isInWord = true
            } else if character == "\\" {
                if let next = characters.next() { word.append(next) }
                isInWord = true
            } else if character.isWhitespace {
                if isInWord { words.append(word) }
                word = ""
                isInWord = false
            } else {
                word.append(character)
                isInWord = true
            }
        }
        if let quote {
            throw CommandError.usage("the line has an open \(quote); close the quoted text")
        }
        if isInWord { words.append(word) }
        return words
    }
}
