/// Short forms of commands: `:tr rew` is `:train reward`, as long as nothing else begins so.
///
/// Cells are recorded with whole words, so that a later version with more commands reads the same.
enum Abbreviation {
    /// The words with the names of commands written out. Words that begin no command stay as they
    /// are: the check of the spelling speaks about them.
    ///
    /// - Throws: `CommandError.usage` that names the commands, when a word begins several.
    static func expanded(_ words: [String]) throws(CommandError) -> [String] {
        var words = words
        var outlines = CommandOutline.forCells
        var names = outlines.map(\.name) + ["help"]
        for index in words.indices {
            let word = words[index]
            if names.isEmpty || word.isEmpty || word.hasPrefix("-") { break }
            if let exact = outlines.first(where: { $0.name == word || $0.aliases.contains(word) }) {
                outlines = exact.children
                names = outlines.map(\.name)
                continue
            }
            let begun = names.filter { $0.hasPrefix(word) }
            if begun.count > 1 {
                let path = words[..<index].map { $0 + " " }.joined()
                throw .usage(
                    ":\(path)\(word) may be "
                        + SentenceParts.list(begun.map { ":\(path)\($0)" }, "or", limit: 12)
                        + "; type a letter more")
            }
            guard let name = begun.first else { break }
            words[index] = name
            outlines = outlines.first { $0.name == name }?.children ?? []
            names = outlines.map(\.name)
        }
        return words
    }

    /// A line of a cell with the names of its command written out; everything else stays as typed.
    static func expanded(line: String) throws -> String {
        guard line.hasPrefix(":") else { return line }
        let words = try CommandLineParser.words(of: String(line.dropFirst()))
        let whole = try expanded(words)
        guard let last = whole.indices.last(where: { whole[$0] != words[$0] }) else { return line }
        var rest = line.dropFirst()
        for word in words[...last] {
            guard let end = rest.firstRange(of: word)?.upperBound else { return line }
            rest = rest[end...]
        }
        return ":" + whole[...last].joined(separator: " ") + rest
    }
}
