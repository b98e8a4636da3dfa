import ArgumentParser
import Glibc
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:labelstudio`: pairs to Label Studio and votes back.
struct LabelStudioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "labelstudio",
        abstract: "Exchange pairs and votes with Label Studio: push, pull, status, files.",
        discussion: """
            The server's address is --url or LABEL_STUDIO_URL (default http://127.0.0.1:8080). The key, \
            a legacy token or a personal access token, is read from --key-file or LABEL_STUDIO_API_KEY, and \
            is never written down. Everything may be repeated: what is there already is not made again.
            """,
        subcommands: [
            LabelStudioPushCommand.self, LabelStudioPullCommand.self,
            LabelStudioStatusCommand.self, LabelStudioFilesCommand.self,
        ])
}

/// Which server, which project, with which key.
struct LabelStudioArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Address of the server.", valueName: "URL"))
    var url: String?

    @Option(help: ArgumentHelp("File with the key.", valueName: "FILE"))
    var keyFile: String?

    @Option(help: ArgumentHelp("Number or title of the project.", valueName: "PROJECT"))
    var project: String?

    /// The server, with a client that Ctrl-C stops.
    func server(_ context: CommandContext) throws -> LabelStudioServer {
        let address =
            url ?? ProcessEnvironment.value("LABEL_STUDIO_URL") ?? "http://127.0.0.1:8080"
        guard address.hasPrefix("http://") || address.hasPrefix("https://") else {
            throw CommandError.usage("--url is \"\(address)\", expected http://... or https://...")
        }
        let key: String
        if let keyFile {
            do {
                key = String(decoding: try Files.read(context.resolve(keyFile)), as: UTF8.self)
            } catch { throw CommandError.reading(error) }
        } else {
            key = ProcessEnvironment.value("LABEL_STUDIO_API_KEY") ?? ""
        }
        guard !key.trimmingBlanks.isEmpty else { throw LabelStudioError.noKey }
        let client: HTTPClient
        do { client = try HTTPClient(stop: { Interrupts.isRaised ? 1 : 0 }) } catch {
            throw LabelStudioError.noAnswer(server: address, error)
        }
        return LabelStudioServer(address: address, key: key.trimmingBlanks) {
            (request, base) throws(HTTPProblem) in try client.send(request, to: base)
        }
    }

    /// The project, which must be there.
    func existing(on server: LabelStudioServer) throws -> LabelStudioProject {
        let name = try name()
        guard let found = try server.project(name) else {
            throw LabelStudioError.noProject(server: server.address, project: name)
        }
        return found
    }

    func name() throws -> String {
        guard let project else {
            throw CommandError.usage("--project NUMBER or --project \"TITLE\" is needed")
        }
        return project
    }
}

/// `labelstudio push`: comparisons become tasks, a reward model's scores predictions.
struct LabelStudioPushCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "push", abstract: "Put comparisons into a project as tasks.",
        discussion: """
            A project with a new title is created. Tasks carry our ids, and which side is left is \
            random and kept with them. Pairs that the project has are left out, so an interrupted push is \
            simply repeated. With --reward the model's scores become predictions and the project asks \
            what the model is least sure of first.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var studio: LabelStudioArguments

    @Option(help: ArgumentHelp("Pairs to compare (slot comparisons).", valueName: "FILE"))
    var comparisons: String?

    @Option(help: "Configuration of a new project: plain, or full with ties, keys and confidence.")
    var template: Template = .full

    @Option(help: ArgumentHelp("A configuration of your own for a new project.", valueName: "FILE"))
    var config: String?

    @Option(help: ArgumentHelp("People who judge each pair, in a new project.", valueName: "N"))
    var annotators = 1

    @Option(help: ArgumentHelp("Push the first N pairs only.", valueName: "N"))
    var limit: Int?

    @Option(help: ArgumentHelp("Reward model whose scores become predictions.", valueName: "DIR"))
    var reward: String?

    enum Template: String, ExpressibleByArgument, CaseIterable {
        case plain, full

        var xml: String { (self == .plain ? LabelStudioTemplate.plain : .full).xml }
    }

    func validate() throws {
        if annotators < 1 { throw ValidationError("--annotators is at least 1") }
        if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        let key = context.cell?.nextAnswersKey() ?? "answers"
        if let recorded = context.cell?.details[key]?.stringValue {
            // A replay talks to no server.
            return context.console.say(recorded)
        }
        var rows = try context.comparisons(comparisons)
        if let limit { rows = Array(rows.prefix(limit)) }
        let votes = try context.votes(nil)
        let margins = try reward.map { try Self.margins(rows, $0, context) }
        let server = try studio.server(context)
        let name = try studio.name()
        let project = try server.project(name) ?? create(name, on: server, context)
        let progress = StudioProgress(context.console)
        let pushed = try server.push(
            rows, gold: votes, to: project, seed: context.settings.seed,
            progress: { progress.show("tasks", $0, $1) })
        var predictions = 0
        if let margins {
            predictions = try server.pushPredictions(
                margins.values, version: margins.version, to: project,
                progress: { progress.show("predictions", $0, $1) })
        }
        let words = report(pushed, predictions, project, server, context)
        context.cell?.details[key] = .string(words)
        context.console.say(words)
    }

    private func create(
        _ title: String, on server: LabelStudioServer, _ context: CommandContext
    ) throws -> LabelStudioProject {
        var xml = template.xml
        if let config {
            do {
                xml = String(decoding: try Files.read(context.resolve(config)), as: UTF8.self)
            } catch { throw CommandError.reading(error) }
        }
        let criterion = LabellingCriteria.standard.criterion("helpful")
        let edges = criterion.edgeCases.map { "- " + $0 }.joined(separator: "\n")
        return try server.createProject(
            title: title, xml: xml, annotators: annotators,
            instruction: criterion.question + " " + criterion.meaning + "\n" + edges)
    }

    private func report(
        _ pushed: LabelStudioPushed, _ predictions: Int, _ project: LabelStudioProject,
        _ server: LabelStudioServer, _ context: CommandContext
    ) -> String {
        var parts = ["\(SentenceParts.count(pushed.created, "task")) pushed"]
        if pushed.present > 0 { parts.append("\(formatted(count: pushed.present)) there already") }
        if pushed.duplicatesRemoved > 0 {
            parts.append("\(formatted(count: pushed.duplicatesRemoved)) duplicates removed")
        }
        if predictions > 0 { parts.append(SentenceParts.count(predictions, "prediction")) }
        let words =
            "project \(project.id) \"\(project.title)\" on \(server.address): "
            + parts.joined(separator: ", ")
        context.report(
            JSONObject([
                ("project", .integer(project.id)), ("created", .integer(pushed.created)),
                ("present", .integer(pushed.present)), ("predictions", .integer(predictions)),
            ]))
        return words
    }

    /// Score of left less score of right, by id; and a version that names the model.
    private static func margins(
        _ rows: [Comparison], _ source: String, _ context: CommandContext
    ) throws -> (values: [String: Double], version: String) {
        let model = try context.rewardModel(source)
        let values = try RewardMargins(model, plan: context.settings.plan).margins(of: rows)
        return (
            Dictionary(zip(rows.map(\.id), values), uniquingKeysWith: { first, _ in first }),
            RewardMargins.version(of: source, context)
        )
    }
}

/// `labelstudio pull`: annotations become votes.
struct LabelStudioPullCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull", abstract: "Take the annotations of a project as votes.",
        discussion: """
            Skips, ties, several annotators, ground truth and times come with them; of an annotator's \
            several judgements of a pair the newest counts. What was pushed with exchanged sides is turned \
            back. Pulling again replaces what was pulled before. --file reads a downloaded JSON export.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var studio: LabelStudioArguments

    @Option(help: ArgumentHelp("Read a downloaded JSON export instead.", valueName: "FILE"))
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

/// `labelstudio status`: what the server and the project hold.
struct LabelStudioStatusCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show what a server and a project hold.")

    @OptionGroup var global: GlobalOptions
    @OptionGroup var studio: LabelStudioArguments

    func execute(in context: CommandContext) throws {
        let key = context.cell?.nextAnswersKey() ?? "answers"
        if let recorded = context.cell?.details[key]?.stringValue {
            return context.console.say(recorded)
        }
        let server = try studio.server(context)
        let version = try server.version()
        var lines = ["Label Studio \(version) at \(server.address)"]
        var facts = JSONObject([("version", .string(version))])
        if studio.project != nil {
            let project = try studio.existing(on: server)
            lines.append(
                "project \(project.id) \"\(project.title)\": "
                    + "\(SentenceParts.count(project.taskCount, "task")), "
                    + "\(SentenceParts.count(project.annotationCount, "annotation")), "
                    + "\(formatted(count: project.skippedCount)) skipped, "
                    + SentenceParts.count(project.predictionCount, "prediction"))
            facts["project"] = .integer(project.id)
            facts["tasks"] = .integer(project.taskCount)
            facts["annotations"] = .integer(project.annotationCount)
            facts["skipped"] = .integer(project.skippedCount)
            facts["predictions"] = .integer(project.predictionCount)
        } else {
            // Asks with the key, so that a wrong one is found out.
            _ = try server.project("rlhf looks whether its key is taken")
            lines.append("the key is taken; name a project with --project")
        }
        context.report(facts)
        let words = lines.joined(separator: "\n")
        context.cell?.details[key] = .string(words)
        context.console.say(words)
    }
}

/// `labelstudio files`: the same without a server.
struct LabelStudioFilesCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "files", abstract: "Write the import file and the configuration.",
        discussion: """
            For servers that this machine cannot reach: make a project with the configuration, import the \
            tasks, later read its JSON export with pull --file.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Pairs to compare (slot comparisons).", valueName: "FILE"))
    var comparisons: String?

    @Option(help: "Configuration: plain, or full with ties, keys and confidence.")
    var template: LabelStudioPushCommand.Template = .full

    @Option(help: ArgumentHelp("File for the tasks.", valueName: "FILE"))
    var out: String

    @Option(help: ArgumentHelp("File for the configuration.", valueName: "FILE"))
    var config: String?

    func execute(in context: CommandContext) throws {
        let rows = try context.comparisons(comparisons)
        let tasks = LabelStudioTasksToWrite(
            rows, gold: try context.votes(nil), seed: context.settings.seed
        ).tasks
        do {
            try Files.replace(out, with: Array(FeedbackWriter.jsonArray(tasks).utf8))
            if let config { try Files.replace(config, with: Array(template.xml.utf8)) }
        } catch { throw CommandError.writing(error) }
        context.report(JSONObject([("tasks", .integer(tasks.count))]))
        context.console.say(
            "\(SentenceParts.count(tasks.count, "task")) in \(out)"
                + (config.map { ", the configuration in \($0)" } ?? ""))
    }
}

/// How far a push is, on one line where the cursor can be moved.
private final class StudioProgress {
    private let console: Console

    init(_ console: Console) { self.console = console }

    func show(_ what: String, _ done: Int, _ all: Int) {
        guard console.capabilities.cursorControl, console.mode == .text, !console.isQuiet else {
            return
        }
        let text = "\r\(formatted(count: done)) of \(formatted(count: all)) \(what)\u{1B}[K"
        console.write(done < all ? text : "\r\u{1B}[K")
    }
}
