import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:votes rank`: models, or the answers to each prompt, ranked by votes on pairs.
struct RankVotesCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "rank",
        abstract: "Rank models, or the answers to each prompt, by votes on pairs of answers.",
        discussion: """
            Strengths by Bradley and Terry, shown on Elo's scale (mean 1000) with an interval from \
            drawing whole prompts. Beside them Elo's own rating, which depends on the order of the \
            votes: it is given in that order and in reverse. The file names the models: battles, or \
            pairs with model1 and model2. With --answers, the answers to each prompt are ranked, by \
            themselves: votes on one answer are few, so a virtual half win and half loss hold its \
            rating, and the interval is that of the likelihood. --out writes these rankings, which \
            :train reward --loss plackett-luce learns from.
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

    @Option(
        help: ArgumentHelp("Labelling configuration of a Label Studio export.", valueName: "FILE"))
    var config: String?

    @Option(help: ArgumentHelp("Only votes on this criterion.", valueName: "WORD"))
    var criterion: String?

    @Flag(help: "Rank the answers to each prompt instead of models.")
    var answers = false

    @Option(help: ArgumentHelp("With --answers: file to write rankings to.", valueName: "FILE"))
    var out: String?

    @Option(help: ArgumentHelp("With --answers: prompts to show.", valueName: "N"))
    var count = 3

    @Option(help: "Ties as half a win each, or by Davidson's model.")
    var ties: Ties = .half

    @Option(help: ArgumentHelp("Draws for the intervals.", valueName: "N"))
    var resamples = 200

    func validate() throws {
        if resamples < 1 { throw ValidationError("--resamples is at least 1") }
        if count < 1 { throw ValidationError("--count is at least 1") }
        if answers, ties == .davidson {
            throw ValidationError("--ties davidson ranks models; answers have too few votes for it")
        }
        if !answers, out != nil { throw ValidationError("--out needs --answers") }
    }

    func execute(in context: CommandContext) throws {
        let judged = try context.judged(
            source, comparisons: comparisons, configuration: config)
        let votes = try judged.votes.on(criterion)
        if answers {
            try rankAnswers(votes, judged.comparisons, in: context)
        } else {
            try rankModels(votes, judged.comparisons, in: context)
        }
    }

    // MARK: - Models

    private func rankModels(
        _ votes: [Vote], _ comparisons: [Comparison], in context: CommandContext
    ) throws {
        let ranking = ModelRanking(
            votes, comparisons: comparisons,
            ties: ties == .half ? .halfWins : .davidson, resamples: resamples,
            seed: context.settings.seed)
        guard ranking.places.count > 1 else {
            throw CommandError(
                "no two models are compared: \(FeedbackSentences.counts(ranking.counts)); the pairs "
                    + "need the columns model1 and model2, or a file of battles; --answers ranks the "
                    + "answers to each prompt")
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
                        place.interval?.ratings ?? "",
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

    // MARK: - Answers

    private func rankAnswers(
        _ votes: [Vote], _ comparisons: [Comparison], in context: CommandContext
    ) throws {
        let ranking = AnswerRanking(votes, comparisons: comparisons)
        guard !ranking.groups.isEmpty else {
            throw CommandError(
                "no two answers are compared: \(FeedbackSentences.counts(ranking.counts)); name the "
                    + "pairs that were voted on with --comparisons")
        }
        if let out {
            try FeedbackWriter.write(
                FeedbackWriter.jsonLines(ranking.groups.map(\.ranking)), path: out)
        }
        show(ranking, context.console)
        context.report(ranking.json.objectValue ?? JSONObject())
    }

    /// A text may have megabytes; the report and --out have all of it.
    private static func beginning(of text: String) -> String {
        text.unicodeScalars.count > 400 ? String(text.prefix(399)) + "…" : text
    }

    private func show(_ ranking: AnswerRanking, _ console: Console) {
        for group in ranking.groups.prefix(count) {
            console.say(Self.beginning(of: group.prompt), .title)
            console.show(
                Table(
                    headers: ["rating", "95% interval", "votes", "answer"],
                    alignments: [.right, .left, .right, .left],
                    rows: group.places.map { place in
                        [
                            formatted(place.rating, decimals: 0), place.interval?.ratings ?? "",
                            formatted(count: place.votes), Self.beginning(of: place.answer),
                        ]
                    }, overflow: .wrap))
        }
        let prompts = ranking.groups.count
        let rest =
            prompts > count ? "; \(formatted(count: count)) \(count == 1 ? "is" : "are") shown" : ""
        console.say(
            "the answers to \(SentenceParts.count(prompts, "prompt")) ranked by "
                + "\(SentenceParts.count(ranking.votes, "vote"))\(rest). 1000 is an average answer; "
                + "ratings of different prompts do not compare.", .dim)
        let islands = ranking.groups.count { !$0.isConnected }
        if islands > 0 {
            console.say(
                "in \(formatted(count: islands)) of \(SentenceParts.count(prompts, "prompt")) some "
                    + "answers were never compared with the others, not over others either: how they "
                    + "stand to each other is a guess", .warning)
        }
        if let out { console.say("rankings written to \(out)") }
        for count in ranking.counts {
            console.say("left out: \(formatted(count: count.count)) \(count.reason.meaning)")
        }
    }
}

extension Interval {
    /// Two ratings on Elo's scale.
    fileprivate var ratings: String {
        "\(formatted(lower, decimals: 0)) to \(formatted(upper, decimals: 0))"
    }
}
