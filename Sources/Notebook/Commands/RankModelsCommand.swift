import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:votes rank`: models ranked by the votes on their answers.
struct RankModelsCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "rank", abstract: "Rank models by votes on pairs of their answers.",
        discussion: """
            Strengths by Bradley and Terry, shown on Elo's scale (mean 1000) with an interval from \
            drawing whole prompts. Beside them Elo's own rating, which depends on the order of the \
            votes: it is given in that order and in reverse. The file names the models: battles, or \
            pairs with model1 and model2.
            """)

    /// How ties are read.
    enum Ties: String, CaseIterable, ExpressibleByArgument {
        case half, davidson
    }

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("Battles, votes or an export (slot votes).", valueName: "file"))
    var source: String?

    @Option(help: ArgumentHelp("The pairs voted on (slot comparisons).", valueName: "FILE"))
    var comparisons: String?

    @Option(help: "Ties as half a win each, or by Davidson's model.")
    var ties: Ties = .half

    @Option(help: ArgumentHelp("Draws for the intervals.", valueName: "N"))
    var resamples = 200

    func validate() throws {
        if resamples < 1 { throw ValidationError("--resamples is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        let judged = try context.judged(source, comparisons: comparisons)
        let ranking = ModelRanking(
            judged.votes, comparisons: judged.comparisons,
            ties: ties == .half ? .halfWins : .davidson, resamples: resamples,
            seed: context.settings.seed)
        guard ranking.places.count > 1 else {
            throw CommandError(
                "no two models are compared: \(FeedbackSentences.counts(ranking.counts)); the pairs "
                    + "need the columns model1 and model2, or a file of battles")
        }
        show(ranking, context.console)
        context.report(ranking.json.objectValue ?? JSONObject())
    }

    private func show(_ ranking: ModelRanking, _ console: Console) {
        console.show(
            Table(
                headers: ["model", "battles", "rating", "95% interval", "Elo", "Elo, reversed"],
                alignments: [.left, .right, .right, .left, .right, .right],
                rows: ranking.places.map { place in
                    [
                        place.name, formatted(count: place.battles),
                        formatted(place.rating, decimals: 0),
                        place.interval.map {
                            "\(formatted($0.lower, decimals: 0)) to "
                                + formatted($0.upper, decimals: 0)
                        } ?? "",
                        formatted(place.elo, decimals: 0),
                        formatted(place.eloReversed, decimals: 0),
                    ]
                }))
        let tied =
            ranking.tieParameter > 0
            ? "Davidson's ν is \(formatted(ranking.tieParameter, decimals: 2))"
            : "a tie counts as half a win"
        console.say(
            "\(SentenceParts.count(ranking.battles, "battle")), \(formatted(count: ranking.ties)) "
                + "tied (\(tied)). The rating does not depend on the order of the votes; Elo's does.",
            .dim)
        if ranking.needsPrior {
            console.say(
                "some models never lost to the others, or never beat them: a virtual half win and "
                    + "half loss for each holds the ratings, more votes would", .warning)
        }
        for count in ranking.counts {
            console.say("left out: \(formatted(count: count.count)) \(count.reason.meaning)")
        }
    }
}
