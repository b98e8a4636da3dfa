import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

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
