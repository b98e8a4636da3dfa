import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:votes`: simulated annotators, and votes to pairs.
struct VotesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "votes",
        abstract:
            "Add simulated votes; combine votes into preference pairs; rank models and answers; rehearse.",
        subcommands: [
            SimulateVotesCommand.self, VotesToPairsCommand.self, AggregateVotesCommand.self,
            RankVotesCommand.self, RehearseVotesCommand.self,
        ])
}

/// `:votes simulate`: what named annotators with known faults would say.
struct SimulateVotesCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Let simulated annotators judge the remaining pairs.",
        discussion: """
            Each annotator judges by the gold rules, with the faults of a profile: careful, hurried, \
            position-biased, prefers-long, careless, contrary. Every vote is marked as simulated. Pairs that \
            have a vote already are left to it.
            """)
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Profiles of the annotators, or mixed.", valueName: "PROFILE"))
    var annotators: [String] = ["mixed"]

    @Option(help: ArgumentHelp("Rules they judge by.", valueName: "RULES"))
    var scorer: String?

    @Option(
        help: ArgumentHelp(
            "Answers that seem no more than this apart are called a tie (default: the profile's).",
            valueName: "POINTS"))
    var tieThreshold: Double?

    @Option(
        name: .customLong("votes-each"),
        help: ArgumentHelp("Annotators who judge each pair.", valueName: "N"))
    var votesEach = 1

    func validate() throws {
        if votesEach < 1 { throw ValidationError("--votes-each is at least 1") }
        if let tieThreshold, !(tieThreshold >= 0) {
            throw ValidationError("--tie-threshold is at least 0")
        }
    }

    func execute(in context: CommandContext) throws {
        let rules = try context.rules(scorer)
        let members: [SimulatedAnnotator]
        if annotators == ["mixed"] {
            members = SimulatedPanel.mixed(scorer: rules).members
        } else {
            members =
                try annotators.enumerated().map { index, name in
                    guard let profile = AnnotatorProfile(rawValue: name) else {
                        let known = AnnotatorProfile.allCases.map(\.rawValue).joined(
                            separator: ", ")
                        throw CommandError.usage(
                            "there is no annotator profile \"\(name)\"; there are \(known), and mixed"
                        )
                    }
                    let twins = annotators.count { $0 == name } > 1
                    return SimulatedAnnotator(
                        name: twins ? "\(name)-\(index + 1)" : name, errors: profile.errors,
                        criterionName: rules.name,
                        criterion: { rules.score(prompt: $0, completion: $1) })
                }
        }
        if votesEach > members.count {
            throw CommandError.usage(
                "--votes-each \(votesEach) asks for more annotators than there are "
                    + "(\(members.count)); name more with --annotators")
        }
        let panel = SimulatedPanel(members.map(withTieThreshold))
        let comparisons = try context.comparisons(nil)
        let earlier = try context.votes(nil)
        let judged = Set(earlier.map(\.comparisonID))
        let open = comparisons.filter { !judged.contains($0.id) }
        let new = panel.votes(
            on: open, votesEach: votesEach, seed: context.settings.seed)
        try context.write(.votes(earlier + new), slot: "votes")
        show(new, context.console)
    }

    private func withTieThreshold(_ annotator: SimulatedAnnotator) -> SimulatedAnnotator {
        guard let tieThreshold else { return annotator }
        var errors = annotator.errors
        errors.tieThreshold = tieThreshold
        return SimulatedAnnotator(
            name: annotator.name, errors: errors, criterionName: annotator.criterionName,
            criterion: annotator.criterion)
    }

    private func show(_ votes: [Vote], _ console: Console) {
        var names: [String] = []
        for vote in votes where !names.contains(vote.annotator) { names.append(vote.annotator) }
        let rows = names.sorted().map { name -> [String] in
            let own = votes.filter { $0.annotator == name }
            let decided = own.count { $0.verdict.isDecided }
            return [name + " (simulated)", "\(own.count)", "\(decided)", "\(own.count - decided)"]
        }
        console.show(Table(headers: ["annotator", "votes", "decided", "ties"], rows: rows))
    }
}

/// `:votes pairs`: every decided vote becomes a preference pair.
struct VotesToPairsCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "pairs", abstract: "Turn comparisons and votes into preference pairs.")
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("File to write the pairs to.", valueName: "FILE"))
    var out: String?

    func execute(in context: CommandContext) throws {
        let result = PreferencePairs(
            comparisons: try context.comparisons(nil), votes: try context.votes(nil))
        guard !result.pairs.isEmpty else {
            throw CommandError(
                "no vote decides a pair; label some with :label or add simulated votes with :votes "
                    + "simulate")
        }
        try context.write(.pairs(result.pairs), slot: "pairs", out: out)
        let simulated = result.pairs.count { $0.isSimulated }
        context.console.say(
            "\(formatted(count: result.pairs.count)) preference pairs, "
                + "\(formatted(count: result.pairs.count - simulated)) from people, "
                + "\(formatted(count: simulated)) simulated")
        for count in result.counts {
            context.console.say(
                "left out: \(formatted(count: count.count)) \(count.reason.meaning)")
        }
    }
}
