import Alignment
import ArgumentParser
import OrderedJSON
import TerminalUI

/// What Tab offers: commands, their subcommands and options, slots, metrics, files.
final class CommandCompleter {
    private let notebook: LiveSession
    /// Made from the grammar itself the first time Tab is pressed.
    private lazy var root = CommandOutline.root

    init(_ notebook: LiveSession) { self.notebook = notebook }

    func completions(_ request: CompletionRequest) -> [Completion] {
        let line = request.beforeCursor
        guard line.hasPrefix(":") else { return [] }
        let word = request.word
        var words = line.dropFirst().split(separator: " ").map(String.init)
        if !line.hasSuffix(" ") && !words.isEmpty { words.removeLast() }
        if words.isEmpty {
            return root.children.filter { $0.isForCells }.map {
                Completion(":" + $0.name, description: $0.abstract)
            }.filter { $0.text.hasPrefix(word) }
        }
        var outline = root
        var depth = 0
        for name in words {
            guard let child = outline.children.first(where: { $0.name == name }) else { break }
            outline = child
            depth += 1
        }
        if word.hasPrefix("-") {
            return outline.options.map { Completion($0.name, description: $0.abstract) }
                .filter { $0.text.hasPrefix(word) }
        }
        if !outline.children.isEmpty && depth == words.count {
            return outline.children.map { Completion($0.name, description: $0.abstract) }
                .filter { $0.text.hasPrefix(word) }
        }
        return arguments(of: words[0], after: words.count, word)
    }

    private func arguments(of command: String, after count: Int, _ word: String) -> [Completion] {
        var found: [Completion] = []
        switch command {
        case "plot", "help":
            let keys = Metric.catalogue.map { Completion($0.key, description: $0.meaning) }
            found = keys.filter { $0.text.hasPrefix(word) }
            if command == "help" {
                found += root.children.map { Completion($0.name, description: $0.abstract) }
                    .filter { $0.text.hasPrefix(word) }
            }
        case "load" where count == 1:
            found = SlotGuide.slots.map { Completion($0.name, description: $0.text) }
                .filter { $0.text.hasPrefix(word) }
        default:
            found = notebook.workspace.names.map { Completion($0, description: "slot") }
                .filter { $0.text.hasPrefix(word) }
        }
        return found + files(word)
    }

    private func files(_ word: String) -> [Completion] {
        let slash = word.lastIndex(of: "/")
        let typed = slash.map { String(word[...$0]) } ?? ""
        let start = slash.map { String(word[word.index(after: $0)...]) } ?? word
        var folders = [typed.isEmpty ? "." : typed]
        if let base = notebook.baseFolder, !typed.hasPrefix("/") {
            folders.append(Files.join(base, typed))
        }
        var found: [Completion] = []
        for folder in folders {
            for name in (try? Posix.names(in: folder)) ?? []
            where name.hasPrefix(start) && !name.hasPrefix(".") {
                let isFolder = ((try? Posix.kind(of: Files.join(folder, name))) ?? nil) == .folder
                let text = typed + name + (isFolder ? "/" : "")
                if found.contains(where: { $0.text == text }) { continue }
                found.append(
                    Completion(text, description: isFolder ? "folder" : "file", appendsSpace: !isFolder))
            }
        }
        return found
    }
}

/// The grammar as the completer needs it.
struct CommandOutline {
    let name: String
    let abstract: String
    let children: [CommandOutline]
    let options: [(name: String, abstract: String)]

    /// Commands that belong to the shell are not offered at the prompt.
    var isForCells: Bool { !["open", "tutorial", "run", "replay", "help"].contains(name) || name == "help" }

    static var root: CommandOutline {
        let dump = try? JSON(parsing: RLHF._dumpHelp())
        return CommandOutline(dump?["command"] ?? [:])
    }

    private init(_ json: JSON) {
        name = json["commandName"]?.stringValue ?? ""
        abstract = json["abstract"]?.stringValue ?? ""
        children = (json["subcommands"]?.arrayValue ?? []).map(CommandOutline.init)
        options = (json["arguments"]?.arrayValue ?? []).compactMap { argument in
            guard argument["kind"]?.stringValue != "positional",
                argument["shouldDisplay"]?.boolValue != false,
                let name = argument["preferredName"]?["name"]?.stringValue
            else { return nil }
            return ("--" + name, argument["abstract"]?.stringValue ?? "")
        }
    }
}
