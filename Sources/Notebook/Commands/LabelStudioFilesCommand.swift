import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

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
