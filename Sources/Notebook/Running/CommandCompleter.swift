import Alignment
import ArgumentParser
import HumanFeedback
import TerminalUI

/// What Tab offers: commands, their subcommands and options, values, slots, metrics, files.
final class CommandCompleter {
    private let notebook: LiveSession

    init(_ notebook: LiveSession) { self.notebook = notebook }

    func completions(_ request: CompletionRequest) -> [Completion] {
        let line =
            request.beforeCursor.split(separator: "\n", omittingEmptySubsequences: false).last ?? ""
        guard line.first == ":" else { return [] }
        let word = request.word
        let before = String(line.dropLast(word.count).dropFirst())
        let words = (try? CommandLineParser.words(of: before)) ?? []
        var seen: Set<String> = []
        return offers(after: words, word).filter {
            $0.text.hasPrefix(word) && seen.insert($0.text).inserted
        }
    }

    private func offers(after words: [String], _ word: String) -> [Completion] {
        guard let first = words.first else {
            return
                (CommandOutline.forCells.map { Completion(":" + $0.name, description: $0.abstract) })
                + [Completion(":help", description: HelpCommand.configuration.abstract)]
        }
        if first == "help" { return helpTopics(after: Array(words.dropFirst())) }
        // Abbreviations are as good as the names that they stand for.
        let words = (try? Abbreviation.expanded(words)) ?? words
        let name = words.first ?? first
        guard var outline = CommandOutline.forCells.first(where: { $0.matches(name) }) else {
            return []
        }
        var rest = words.dropFirst()
        while let name = rest.first, let child = outline.child(named: name) {
            outline = child
            rest = rest.dropFirst()
        }
        if !outline.children.isEmpty { return rest.isEmpty ? Self.commands(outline.children) : [] }
        return arguments(outline.arguments(), of: outline.name, after: Array(rest), word)
    }

    private static func commands(_ outlines: [CommandOutline]) -> [Completion] {
        outlines.map { Completion($0.name, description: $0.abstract) }
    }

    private func arguments(
        _ grammar: CommandOutline.Arguments, of command: String, after words: [String],
        _ word: String
    ) -> [Completion] {
        func option(_ word: String?) -> CommandOutline.Argument? {
            grammar.options.first { $0.name == word && $0.takesValue }
        }
        if let pending = option(words.last) {
            return values(of: pending, in: command, after: words, word)
        }
        if !word.hasPrefix("-") {
            var positionals = words[...]
            var count = 0
            while let next = positionals.popFirst() {
                if option(next) != nil {
                    _ = positionals.popFirst()
                } else if !next.hasPrefix("-") {
                    count += 1
                }
            }
            let last = grammar.positionals.last
            if count < grammar.positionals.count {
                return values(
                    of: grammar.positionals[count], in: command, after: words, word)
            }
            if let last, last.isRepeating {
                return values(of: last, in: command, after: words, word)
            }
        }
        return grammar.options.filter { $0.isRepeating || !words.contains($0.name) }
            .map { Completion($0.name, description: $0.abstract) }
    }

    /// What may stand for a value, by the name it has in help pages.
    private func values(
        of argument: CommandOutline.Argument, in command: String, after words: [String],
        _ word: String
    ) -> [Completion] {
        if !argument.values.isEmpty {
            return argument.values.map {
                Completion($0, description: ValueGuide.text($0, of: argument.name))
            }
        }
        switch (command, argument.valueName) {
        case ("load", "slot"): return Self.usualSlots
        case ("load", "file"): return PathCompletions(notebook.baseFolder).completions(word)
        case ("set", "name"): return SettingCompletions(notebook).names
        case ("set", "value"): return SettingCompletions(notebook).values(of: words.first ?? "")
        case ("plot", "metrics"):
            return [Completion("scores", description: "of single completions, kept by cells")]
                + Self.metrics
        case ("plot", "METRIC"):
            return [Completion("length", description: "tokens of a completion, for scores")]
                + Self.metrics
        case (_, "metrics"): return Self.metrics
        case (_, "run"), (_, "RUN"), (_, "RUNS"): return runs(word)
        case (_, "cell"), (_, "CELL"), (_, "cells"), (_, "number"): return cells
        case ("show", "slot"): return slots + cells
        case ("history", "pattern"): return []
        case (_, "PROFILE"):
            return AnnotatorProfile.allCases.map {
                Completion($0.rawValue, description: $0.meaning)
            }
        case (_, "SLOT"), (_, "slot"): return slots
        case (_, "FILE"), (_, "file"), (_, "DIR"), (_, "MODEL"), (_, "CONFIG"), (_, "SCORER"),
            (_, "RULES"), (_, "model"), (_, "models"), (_, "first"), (_, "second"), (_, "session"):
            return slots + PathCompletions(notebook.baseFolder).completions(word)
        default: return []
        }
    }

    private func helpTopics(after words: [String]) -> [Completion] {
        if words.isEmpty {
            return Self.commands(CommandOutline.forCells) + Self.metrics + Self.usualSlots
        }
        var outline = CommandOutline.root
        for word in words {
            guard let child = outline.child(named: word) else { return [] }
            outline = child
        }
        return Self.commands(outline.children)
    }

    /// The training runs, by the numbers of their cells; after commas too.
    private func runs(_ word: String) -> [Completion] {
        let before = word.lastIndex(of: ",").map { String(word[...$0]) } ?? ""
        return RunLookup(notebook).runs.map { run in
            Completion(
                before + (run.cell.map(String.init) ?? run.id),
                description: "\(run.title), \(source(of: run.cell))")
        }
    }

    private var cells: [Completion] {
        notebook.folder.cells.map {
            Completion("\($0.number)", description: source(of: $0.number))
        }
    }

    private func source(of number: Int?) -> String {
        let cell = notebook.folder.cells.first { $0.number == number }
        return cell?.source.split(separator: "\n").first.map(String.init) ?? ""
    }

    /// The slots that hold something, with the cell that filled them.
    private var slots: [Completion] {
        notebook.workspace.names.map { name in
            let meaning =
                SlotGuide.text(for: name).map { String($0.prefix { $0 != ";" }) } ?? "slot"
            let writer = notebook.folder.cells.last { $0.writes[name] != nil }
            return Completion(
                name, description: meaning + (writer.map { ", from cell \($0.number)" } ?? ""))
        }
    }

    private static let usualSlots = SlotGuide.slots.map {
        Completion($0.name, description: $0.text)
    }

    /// By their keys and, for the impatient, by the last parts of them.
    private static let metrics: [Completion] = {
        let keys = Metric.catalogue.map { Completion($0.key, description: $0.meaning) }
        let known = Set(keys.map(\.text))
        return keys
            + Metric.catalogue.compactMap { metric in
                guard let part = metric.key.split(separator: "/").last.map(String.init),
                    !known.contains(part)
                else { return nil }
                return Completion(part, description: metric.meaning)
            }
    }()
}

extension CommandOutline {
    fileprivate func matches(_ word: String) -> Bool { name == word || aliases.contains(word) }
}
