import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `labelstudio pull`: annotations become votes.
struct LabelStudioPullCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Take the annotations of a project as votes.",
        discussion: """
            Skips, ties, several annotators, ground truth and times come with them; of an annotator's \
            several judgements of a pair the newest counts. What was pushed with exchanged sides is turned \
            back. Pulling again replaces what was pulled before. --file reads a downloaded export: raw JSON, \
            or JSON_MIN, CSV and TSV, which have lost skips, ties and ground truth.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var studio: LabelStudioArguments

    @Option(help: ArgumentHelp("Read a downloaded export instead.", valueName: "FILE"))
    var file: String?

    @Option(help: ArgumentHelp("Labelling configuration of that export.", valueName: "FILE"))
    var config: String?

    @Option(help: ArgumentHelp("Pairs that were pushed (slot comparisons).", valueName: "FILE"))
    var comparisons: String?

    @Option(help: ArgumentHelp("File to write the votes to.", valueName: "FILE"))
    var out: String?

    func execute(in context: CommandContext) throws {
        var known: [Comparison] = []
        if comparisons != nil || context.has("comparisons") {
            known = try context.comparisons(comparisons)
        }
        let earlier = try context.votes(nil)
        let pulled: (comparisons: [Comparison], votes: [Vote], counts: [String])
        let key = context.cell?.nextAnswersKey() ?? "answers"
        if let recorded = context.cell?.details[key]?.objectValue {
            pulled = try Self.read(recorded)
        } else {
            let fresh = try fetch(known, context)
            pulled = (
                fresh.merged(into: known), fresh.merged(into: earlier),
                fresh.counts.map { "\(formatted(count: $0.count)) \($0.reason.meaning)" }
                    + [Self.summary(fresh.votes)]
            )
            context.report(
                JSONObject([
                    ("votes", .integer(fresh.votes.count)),
                    ("annotators", .integer(Set(fresh.votes.map(\.annotator)).count)),
                    ("skips", .integer(fresh.votes.count { $0.verdict == .skip })),
                    ("ties", .integer(fresh.votes.count { $0.verdict == .tie })),
                ]))
        }
        context.cell?.details[key] = .object(Self.record(pulled))
        if pulled.comparisons.count > known.count {
            try context.write(.comparisons(pulled.comparisons), slot: "comparisons")
        }
        try context.write(.votes(pulled.votes), slot: "votes", out: out)
        if let last = pulled.counts.last { context.console.say(last) }
        for line in pulled.counts.dropLast() { context.console.say("  " + line) }
    }

    private func fetch(_ known: [Comparison], _ context: CommandContext) throws -> LabelStudioPulled
    {
        if let file {
            let configuration = try config.map {
                try LabelStudioConfiguration.read(path: context.resolve($0))
            }
            let bytes: [UInt8]
            do { bytes = try Files.read(context.resolve(file)) } catch {
                throw CommandError.reading(error)
            }
            return try LabelStudioServer.read(
                bytes, path: file, configuration: configuration ?? .standard, known: known)
        }
        let server = try studio.server(context)
        return try server.pull(try studio.existing(on: server), known: known)
    }

    private static func summary(_ votes: [Vote]) -> String {
        let names = Set(votes.map(\.annotator)).count
        let skips = votes.count { $0.verdict == .skip }
        let ties = votes.count { $0.verdict == .tie }
        let bad = votes.count { $0.verdict == .bothBad }
        var text =
            "\(SentenceParts.count(votes.count, "vote")) by "
            + SentenceParts.count(names, "annotator")
        for (count, word) in [(ties, "tied"), (bad, "both bad"), (skips, "skipped")] where count > 0
        {
            text += ", \(formatted(count: count)) \(word)"
        }
        return text
    }

    private static func record(
        _ pulled: (comparisons: [Comparison], votes: [Vote], counts: [String])
    ) -> JSONObject {
        JSONObject([
            ("comparisons", .array(pulled.comparisons.map(\.json))),
            ("votes", .array(pulled.votes.map(\.json))),
            ("counts", .array(pulled.counts.map { .string($0) })),
        ])
    }

    /// What a cell that is replayed had pulled.
    private static func read(
        _ recorded: JSONObject
    ) throws(RowProblem) -> (comparisons: [Comparison], votes: [Vote], counts: [String]) {
        var comparisons: [Comparison] = []
        for json in recorded["comparisons"]?.arrayValue ?? [] {
            comparisons.append(try Comparison(json: json))
        }
        var votes: [Vote] = []
        for json in recorded["votes"]?.arrayValue ?? [] { votes.append(try Vote(json: json)) }
        let counts = (recorded["counts"]?.arrayValue ?? []).compactMap(\.stringValue)
        return (comparisons, votes, counts)
    }
}
