import ArgumentParser
import TerminalUI

/// `:rerun`: cells again, from the top down.
struct RerunCommand: CellRunningCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun", abstract: "Run cells again: 3, 5-7, stale or all.",
        discussion: """
            Each cell finds what the cells above it have left. A step whose inputs, options and seed \
            are those of an earlier one is taken from the store; --fresh computes it. It stops at the \
            first cell that fails.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("Numbers, ranges, stale or all.", valueName: "cells"))
    var cells: [String]

    func execute(in context: CommandContext) throws {
        guard let notebook = context.notebook else { return }
        let rerun = Rerun(notebook, isFresh: global.fresh)
        let scope = try scope(notebook)
        if rerun.plan(scope).isEmpty {
            context.console.say("no cell is stale; :rerun all runs all of them", .good)
            return
        }
        let outcome = rerun.perform(scope)
        context.console.remark(Paragraph(outcome.words, outcome.left > 0 ? .warning : .dim))
    }

    private func scope(_ notebook: LiveSession) throws -> Rerun.Scope {
        switch cells {
        case ["stale"]: return .stale
        case ["all"]: return .all
        default: break
        }
        var ids: [String] = []
        for word in cells {
            let ends = word.split(separator: "-", omittingEmptySubsequences: false).map {
                Int($0)
            }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil,
                first <= last
            else {
                throw CommandError.usage(
                    ":rerun has \"\(word)\", expected numbers, ranges such as 3-5, stale or all")
            }
            if first == last {
                ids.append(try notebook.cell(numbered: first).id)
            } else {
                let range = first...last
                ids += notebook.folder.cells.filter { range.contains($0.number) }.map(\.id)
            }
        }
        if ids.isEmpty {
            throw CommandError.usage("no cell has such a number; :cells lists those there are")
        }
        return .cells(ids)
    }
}

extension Rerun.Outcome {
    /// `5 cells run again in 51.2 s: 2 computed, 3 from the store, which saved 1:09`.
    var words: String {
        var parts: [String] = []
        if computed > 0 { parts.append("\(computed) computed") }
        if fromStore > 0 { parts.append("\(fromStore) from the store") }
        var text =
            "\(SentenceParts.count(computed + fromStore, "cell")) run again in "
            + "\(formatted(seconds: seconds))"
        if !parts.isEmpty { text += ": " + parts.joined(separator: ", ") }
        if saved > 0 { text += "; the store saved \(formatted(seconds: saved))" }
        if upToDate > 0 { text += "; \(upToDate) up to date again" }
        if left > 0 { text += "; \(SentenceParts.count(left, "cell")) after it not run" }
        return text
    }
}
