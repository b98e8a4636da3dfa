public import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:votes aggregate`: the votes of several annotators become one preference a pair.
struct AggregateVotesCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "aggregate", abstract: "Combine the votes on each pair into one preference.",
        discussion: """
            Methods: majority (every vote counts the same), wawa (votes count as much as their \
            annotator agrees with the majority), dawid-skene (annotators have confusions of their \
            own; one number each where votes are few), glad (ability and difficulty), crowd-bt \
            (answers have strengths, annotators reliabilities). A tied vote is never decided: it is \
            counted and left out, or written in both directions with half a weight. --weights says what \
            becomes of the confidence: soft keeps it in the row for the loss to aim at (strengths are \
            not used then), confidence makes it the pair's weight, none drops it.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: "How to combine.")
    var method: AggregationMethod = .majority

    @Option(help: "What becomes of a tied vote.")
    var ties: TiedVotes = .drop

    @Option(help: "What becomes of the confidence.")
    var weights: PreferencePairs.Weighing = .confidence

    @Option(help: ArgumentHelp("Leave out pairs with fewer votes.", valueName: "N"))
    var leastVotes = 1

    @Option(help: ArgumentHelp("Only votes on this criterion.", valueName: "WORD"))
    var criterion: String?

    @Option(help: ArgumentHelp("Votes or an export (slot votes).", valueName: "FILE"))
    var votes: String?

    @Option(help: ArgumentHelp("The pairs voted on (slot comparisons).", valueName: "FILE"))
    var comparisons: String?

    @Option(
        help: ArgumentHelp("Labelling configuration of a Label Studio export.", valueName: "FILE"))
    var config: String?

    @Option(help: ArgumentHelp("File to write the pairs to.", valueName: "FILE"))
    var out: String?

    func validate() throws {
        if leastVotes < 1 { throw ValidationError("--least-votes is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        let judged = try context.judged(votes, comparisons: comparisons, configuration: config)
        let votes = try judged.votes.on(criterion)
        let aggregation = VoteAggregation(votes, comparisons: judged.comparisons, method: method)
        let result = PreferencePairs(
            aggregation, comparisons: judged.comparisons, ties: ties, weighing: weights,
            leastVotes: leastVotes)
        guard !result.pairs.isEmpty else {
            throw CommandError(
                "no pair is left: \(FeedbackSentences.counts(result.counts)); name the pairs that "
                    + "were voted on with --comparisons, or label more")
        }
        try context.write(.pairs(result.pairs), slot: "pairs", out: out)
        show(aggregation, result, context.console)
        context.report(report(aggregation, result))
    }

    private func show(
        _ aggregation: VoteAggregation, _ result: PreferencePairs, _ console: Console
    ) {
        let total = aggregation.opinions.reduce(0) { $0 + $1.votes }
        console.say(
            "\(formatted(count: total)) votes on \(formatted(count: aggregation.opinions.count)) "
                + "pairs, by \(method.rawValue): \(formatted(count: result.pairs.count)) "
                + "preference pairs")
        if aggregation.isOneCoin {
            console.say(
                "fewer than 20 votes an annotator: one number each in place of a confusion", .dim)
        }
        let worth = aggregation.annotators.filter { $0.value != nil }
        if !worth.isEmpty {
            console.show(
                Table(
                    headers: ["annotator", "votes", measure],
                    rows: worth.map {
                        [
                            $0.name, formatted(count: $0.votes),
                            formatted($0.value ?? .nan, decimals: 3),
                        ]
                    }))
        }
        for count in result.counts {
            let isKept =
                ties == .half && (count.reason == .noConsensus || count.reason == .tie)
            console.say(
                (isKept ? "written both ways with half a weight: " : "left out: ")
                    + "\(formatted(count: count.count)) \(count.reason.meaning)")
        }
    }

    /// What the method's number for an annotator is.
    private var measure: String {
        switch method {
        case .majority: ""
        case .wawa: "agrees with majority"
        case .dawidSkene: "P(right)"
        case .glad: "ability"
        case .crowdBT: "reliability"
        }
    }

    private func report(
        _ aggregation: VoteAggregation, _ result: PreferencePairs
    ) -> JSONObject {
        JSONObject([
            ("method", .string(method.rawValue)),
            ("pairs", .integer(result.pairs.count)),
            ("opinions", .integer(aggregation.opinions.count)),
            ("iterations", .integer(aggregation.iterations)),
            (
                "annotators",
                .object(
                    JSONObject(
                        aggregation.annotators.map {
                            ($0.name, $0.value.map { .number($0) } ?? .null)
                        }))
            ),
            ("counts", result.counts.json),
        ])
    }
}

extension AggregationMethod: ExpressibleByArgument {}
extension TiedVotes: ExpressibleByArgument {}
extension PreferencePairs.Weighing: ExpressibleByArgument {}
