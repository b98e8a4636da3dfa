import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

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
        defer { progress.end() }
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

/// How far a push is, on one line where the cursor can be moved.
private final class StudioProgress {
    private let console: Console
    private var isShown = false

    init(_ console: Console) { self.console = console }

    func show(_ what: String, _ done: Int, _ all: Int) {
        guard console.capabilities.cursorControl, console.mode == .text, !console.isQuiet else {
            return
        }
        console.write("\r\(formatted(count: done)) of \(formatted(count: all)) \(what)\u{1B}[K")
        isShown = true
        if done >= all { end() }
    }

    /// Takes the line away, so that what follows, a failure too, has its own.
    func end() {
        if isShown { console.write("\r\u{1B}[K") }
        isShown = false
    }
}
