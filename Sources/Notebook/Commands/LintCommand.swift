import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `lint`: what is doubtful in data files, and what they should not have in common.
struct LintCommand: PagedCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Look for what is doubtful in data files.",
        discussion: """
            Duplicates, contradictions, identical answers, empty and very long texts, stray white \
            space, and how often the longer answer is the chosen one. Of several files the prompts \
            they share are shown too: a leak, when one is for training and the other for \
            evaluation. Nothing is changed.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("Data files or, in a cell, slots.", valueName: "file"))
    var sources: [String]

    @Option(
        help: ArgumentHelp("Labelling configuration of a Label Studio export.", valueName: "FILE"))
    var config: String?

    @Option(help: ArgumentHelp("Characters above which a text is very long.", valueName: "N"))
    var longest = 8_000

    func validate() throws {
        if longest < 1 { throw ValidationError("--longest is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        let files = try sources.map { try context.feedbackFile($0, configuration: config) }
        for file in files {
            let lint = Lint(of: file, longestText: longest)
            let view = LintView(path: file.path, lint: lint)
            view.show(context.console)
            context.console.emit(view.json)
        }
        for (index, first) in files.enumerated() {
            for second in files.dropFirst(index + 1) { compare(first, second, context.console) }
        }
    }

    private func compare(_ first: FeedbackFile, _ second: FeedbackFile, _ console: Console) {
        guard let leak = Lint.sharedPrompts(first, second) else {
            console.say("\(first.path) and \(second.path) share no prompt", .good)
            return
        }
        console.say(
            "\(SentenceParts.count(leak.count, "row")) of \(second.path) have a prompt that is in "
                + "\(first.path) too (\(LintView.lines(leak.lines, count: leak.count))): a leak, "
                + "if one is for training and the other for evaluation", .warning)
        console.emit([
            "path": .string(second.path), "shared_with": .string(first.path),
            "counts": [leak.reason.rawValue: .integer(leak.count)],
            "lines": .array(leak.lines.map { .integer($0) }),
        ])
    }
}

/// What was found in one file.
struct LintView {
    let path: String
    let lint: Lint

    func show(_ console: Console) {
        let rows = SentenceParts.count(lint.rowCount, "row")
        if lint.findings.isEmpty {
            console.say("\(path): \(rows), nothing doubtful", .good)
        } else {
            console.say("\(path): \(rows)")
            console.show(
                Table(
                    headers: ["finding", "rows", "where", "meaning"],
                    alignments: [.left, .right, .left, .left],
                    rows: lint.findings.map {
                        [
                            $0.reason.rawValue, formatted(count: $0.count),
                            Self.lines($0.lines, count: $0.count), $0.reason.meaning,
                        ]
                    }, overflow: .wrap))
        }
        if let counts = CountsView.table(lint.counts, title: "not read") { console.show(counts) }
        if let bias = lint.lengthBias { show(bias, console) }
    }

    private func show(_ bias: LengthBias, _ console: Console) {
        let unequal = bias.chosenLonger + bias.rejectedLonger
        let isStrong = unequal >= 20 && abs(bias.share - 0.5) > 0.15
        console.say(
            "the chosen answer is the longer one in \(formatted(fraction: bias.share)) of the "
                + "pairs of unequal length (\(formatted(count: bias.chosenLonger)) of "
                + "\(formatted(count: unequal)))"
                + (isStrong ? ": a reward model can learn length in place of quality" : ""),
            isStrong ? .warning : .plain)
    }

    /// `lines 3, 8, …`
    static func lines(_ lines: [Int], count: Int) -> String {
        if lines.isEmpty { return "" }
        let shown = lines.map(String.init).joined(separator: ", ")
        return (count == 1 ? "line " : "lines ") + shown + (count > lines.count ? ", …" : "")
    }

    /// One object a file; `counts` has the findings and what the reader counted, by reason.
    var json: JSON {
        var object = JSONObject([("path", .string(path))])
        for (key, value) in lint.json.objectValue ?? JSONObject() { object[key] = value }
        var counts = JSONObject(lint.findings.map { ($0.reason.rawValue, .integer($0.count)) })
        for each in lint.counts {
            let earlier = counts[each.reason.rawValue]?.intValue ?? 0
            counts[each.reason.rawValue] = .integer(earlier + each.count)
        }
        object["counts"] = .object(counts)
        return .object(object)
    }
}
