import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `serve`: answers other programs on this machine.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Answer other programs on this machine.",
        subcommands: [ServeRewardCommand.self])
}

/// `serve reward`: Label Studio's "ML backend", so that it shows a reward model's scores live.
struct ServeRewardCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "reward", abstract: "Show a reward model's scores live in Label Studio.",
        discussion: """
            Listens on 127.0.0.1 until Ctrl-C and answers health, setup and predict. Add the address to \
            a project under Settings, Model; the server must run with SSRF_PROTECTION_ENABLED=false and \
            ML_BLOCK_LOCAL_IP=false to reach this machine.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Reward model: folder or slot.", valueName: "DIR"))
    var reward: String?

    @Option(help: ArgumentHelp("Port; 0 takes a free one.", valueName: "N"))
    var port = 9090

    func validate() throws {
        if !(0...65535).contains(port) { throw ValidationError("--port is between 0 and 65535") }
    }

    func execute(in context: CommandContext) throws {
        let key = context.cell?.nextAnswersKey() ?? "answers"
        if context.cell?.details[key] != nil { return }
        let model = try context.rewardModel(reward)
        let margins = RewardMargins(model, plan: context.settings.plan)
        guard let server = HTTPServer(port: port) else {
            throw CommandError(
                "port \(port) on 127.0.0.1 cannot be had; another program may listen there: choose one "
                    + "with --port")
        }
        let backend = LabelStudioBackend(
            version: RewardMargins.version(of: reward ?? "reward", context),
            margins: { try margins.margins(of: $0) })
        context.report(JSONObject([("port", .integer(server.port))]))
        context.console.remark(
            Paragraph("http://127.0.0.1:\(server.port) answers; Ctrl-C ends it", .dim))
        server.serve(until: { Interrupts.isRaised }) { backend.answer($0) }
        context.cell?.details[key] = true
        context.console.remark(
            Paragraph("\(SentenceParts.count(backend.scoredCount, "task")) scored", .dim))
        Interrupts.clear()
    }
}
