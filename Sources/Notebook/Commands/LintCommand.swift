import ArgumentParser
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// `lint`: what is doubtful in data files, and what they should not have in common.
struct LintCommand: PagedCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Look for what is doubtful in data files.",
        discussion: """
            Duplicates, contradictions, answers rated in two ways, identical answers, empty, very long, \
            garbled and unfinished texts, stray white space, annotators out of balance, and how often \
            the longer answer is the chosen one. With --max-length and --tokenizer also prompts that leave no room and \
            answers that are cut to the same text. Of several files the prompts they share are \
            shown too: a leak, when one is for training and the other for evaluation. Nothing is \
            changed.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("Data files or, in a cell, slots.", valueName: "file"))
    var sources: [String]

    @Option(
        help: ArgumentHelp("Labelling configuration of a Label Studio export.", valueName: "FILE"))
    var config: String?

    @Option(help: ArgumentHelp("Characters above which a text is very long.", valueName: "N"))
    var longest = 8_000

    @Option(help: ArgumentHelp("Tokens that training will cut to.", valueName: "N"))
    var maxLength: Int?

    @Option(
        help: ArgumentHelp("Tokenizer or model folder, for --max-length.", valueName: "DIR"))
    var tokenizer: String?

    func validate() throws {
        if let maxLength, maxLength < 1 { throw ValidationError("--max-length is at least 1") }
        if longest < 1 { throw ValidationError("--longest is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        var cutting: LintCollector.Cutting?
        if let maxLength {
            let encoder = try context.tokenizer(tokenizer)
            cutting = LintCollector.Cutting(maxLength: maxLength) { encoder.encode($0) }
        }
        var collectors: [LintCollector] = []
        for source in sources {
            var collector = LintCollector(longestText: longest, cutting: cutting)
            let whole = try context.wholeFile(source, configuration: config)
            var path = source
            var isEmpty = true
            try context.forEachPart(source, whole: whole, configuration: config) {
                (part) throws(FeedbackError) in
                collector.add(part)
                path = part.path
                if part.data.count > 0 { isEmpty = false }
            }
            let lint = collector.finish()
            if isEmpty { throw FeedbackError.nothingLeft(path: path, counts: lint.counts) }
            let view = LintView(path: path, lint: lint)
            view.show(context.console)
            context.console.emit(view.json)
            collectors.append(collector)
        }
        for (index, first) in collectors.enumerated() {
            for later in (index + 1)..<max(collectors.count, index + 1) {
                compare(
                    first, collectors[later], sources[index], sources[later], context.console)
            }
        }
    }

    private func compare(
        _ first: LintCollector, _ second: LintCollector, _ firstPath: String,
        _ secondPath: String, _ console: Console
    ) {
        guard let leak = first.sharedPrompts(with: second) else {
            console.say("\(firstPath) and \(secondPath) share no prompt", .good)
            return
        }
        console.say(
            "\(SentenceParts.count(leak.count, "row")) of \(secondPath) have a prompt that is in "
                + "\(firstPath) too (\(LintView.lines(leak.lines, count: leak.count))): a leak, "
                + "if one is for training and the other for evaluation", .warning)
        console.emit([
            "path": .string(secondPath), "shared_with": .string(firstPath),
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
            for finding in lint.findings {
                let example = finding.example.isEmpty ? "" : " For example: \(finding.example)"
                console.say(
                    "\(finding.reason.rawValue): \(finding.reason.advice).\(example)", .dim)
            }
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
