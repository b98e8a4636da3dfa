import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:agreement`: whether votes can be trusted.
struct AgreementCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "agreement", abstract: "Tell whether votes can be trusted.",
        discussion: """
            Raw agreement, Cohen's and Fleiss' kappa and Krippendorff's alpha, with intervals from \
            drawing whole pairs; for each annotator the agreement with the others, the preference \
            for the answer shown first, speed, repeats and questions with a known answer; and a \
            sentence on who stands out and how. Verdicts are compared in terms of the answers, not \
            of their places. The file holds votes, or is an export of Label Studio.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("Votes or an export (slot votes).", valueName: "file"))
    var source: String?

    @Option(
        help: ArgumentHelp(
            "The pairs voted on, for reading speed and length (slot comparisons).",
            valueName: "FILE"))
    var comparisons: String?

    @Option(help: ArgumentHelp("Only votes on this criterion.", valueName: "WORD"))
    var criterion: String?

    @Option(
        help: ArgumentHelp("Labelling configuration of a Label Studio export.", valueName: "FILE"))
    var config: String?

    func execute(in context: CommandContext) throws {
        let judged = try context.judged(source, comparisons: comparisons, configuration: config)
        if let criterion, !judged.votes.contains(where: { $0.criterion == criterion }) {
            let found = VoteTable(judged.votes).criteria.map { $0 ?? "none named" }
            throw CommandError(
                "no vote is on \"\(criterion)\"; the criteria are \(SentenceParts.list(found))")
        }
        let report = AgreementReport(
            judged.votes, comparisons: judged.comparisons, criterion: criterion,
            seed: context.settings.seed)
        AgreementView(report).show(context.console)
        context.report(report.json.objectValue ?? JSONObject())
    }
}
