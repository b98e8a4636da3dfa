import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:label`: a person says which of two answers is better, one key each, blind and in random order.
struct LabelCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "label", abstract: "Compare pairs of answers by hand, one key each.",
        discussion: """
            Pairs come from the slot comparisons, in random order and with sides at random; pairs this \
            annotator has judged are left out. Keys: l or 1 left, r or 2 right, t tie, b both bad, s \
            skip, u undo, q quit. Votes are added to the slot votes. Where nobody can type, --answers \
            gives recorded answers, said to be recorded.
            """)
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Pairs to judge.", valueName: "N"))
    var count = 5

    @Option(name: .customLong("as"), help: ArgumentHelp("The annotator's name.", valueName: "NAME"))
    var annotator = "me"

    @Option(help: ArgumentHelp("What to judge by.", valueName: "WORD"))
    var criterion = "helpful"

    @Option(
        help: ArgumentHelp(
            "Recorded answers for a script: l, r, t, b or s, with commas.", valueName: "LIST"))
    var answers: String?

    func validate() throws {
        if count < 1 { throw ValidationError("--count is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        let comparisons = try context.comparisons(nil)
        let votes = try context.votes(nil)
        let desk = LabellingDesk(
            comparisons: comparisons, earlier: votes, annotator: annotator, criterion: criterion,
            count: count, seed: context.settings.seed)
        let new: [Vote]
        if let recorded = context.cell?.details["answers"]?.arrayValue {
            // A replay: the answers are what the person gave when the cell was recorded.
            new = try recorded.map { json throws(RowProblem) in try Vote(json: json) }
        } else if let editor = context.notebook?.editor {
            new = desk.judge(at: editor, context.console)
        } else if let answers {
            new = try desk.recorded(answers)
            // A remark, not a result: the replay of the cell has its answers from the record.
            context.console.remark(
                Paragraph("nobody is at the keyboard: \(new.count) recorded answers are used", .dim)
            )
        } else {
            throw CommandError(
                "labelling needs a person at a terminal; in a script give recorded answers: --answers "
                    + "l,r,t")
        }
        context.cell?.details["answers"] = .array(new.map(\.json))
        try context.write(.votes(votes + new), slot: "votes")
        // Sides were shown at random: which of them won says nothing here.
        let counts = [
            (new.count { $0.verdict == .left || $0.verdict == .right }, "decided"),
            (new.count { $0.verdict == .tie }, "tied"),
            (new.count { $0.verdict == .bothBad }, "both bad"),
            (new.count { $0.verdict == .skip }, "skipped"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        context.console.say(
            new.isEmpty
                ? "no votes"
                : "\(SentenceParts.count(new.count, "vote")) by \(annotator): "
                    + counts.joined(separator: ", "))
    }
}
