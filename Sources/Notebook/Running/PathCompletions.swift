import TerminalUI

/// Names of files and folders for a word that begins a path.
struct PathCompletions {
    /// The folder of the tutorial, where files are looked for too.
    private let baseFolder: String?

    init(_ baseFolder: String?) { self.baseFolder = baseFolder }

    /// - Parameter word: As it stands in the line, with its quotes and backslashes.
    func completions(_ word: String) -> [Completion] {
        let quote = word.first.flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
        guard let path = unquoted(word, quote) else { return [] }
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? ""
        let start = slash.map { String(path[path.index(after: $0)...]) } ?? path
        var found: [Completion] = []
        for name in names(in: folder) where name.hasPrefix(start) {
            if name.hasPrefix(".") && !start.hasPrefix(".") { continue }
            let isFolder = places(folder).contains { kind(Files.join($0, name)) == .folder }
            let text = quoted(folder + name + (isFolder ? "/" : ""), quote, isWhole: !isFolder)
            found.append(
                Completion(text, description: isFolder ? "folder" : "file", appendsSpace: !isFolder)
            )
        }
        return found
    }

    private func places(_ folder: String) -> [String] {
        var places = [folder.isEmpty ? "." : folder]
        if let baseFolder, !folder.hasPrefix("/") { places.append(Files.join(baseFolder, folder)) }
        return places
    }

    private func names(in folder: String) -> [String] {
        Set(places(folder).flatMap { (try? Posix.names(in: $0)) ?? [] }).sorted()
    }

    private func kind(_ path: String) -> FileKind? { (try? Posix.kind(of: path)) ?? nil }

    /// The path a word stands for; an open quote is closed first.
    private func unquoted(_ word: String, _ quote: Character?) -> String? {
        let closed = quote.map { word + String($0) } ?? word
        return ((try? CommandLineParser.words(of: closed)) ?? []).first ?? (word.isEmpty ? "" : nil)
    }

    /// The path as a word of a line, quoted as the word began.
    private func quoted(_ path: String, _ quote: Character?, isWhole: Bool) -> String {
        if let quote { return String(quote) + path + (isWhole ? String(quote) : "") }
        return path.reduce(into: "") { text, character in
            if character.isWhitespace || "\"'\\".contains(character) { text.append("\\") }
            text.append(character)
        }
    }
}
