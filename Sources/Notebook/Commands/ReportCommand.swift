import Alignment
import ArgumentParser
import HumanFeedback
import LanguageModels
import TerminalUI

/// `:report`: what is known about a result, on a page.
struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Say how much a result is worth.",
        subcommands: [ReportRewardCommand.self])
}

/// `:report reward`: what a reward model knows, and does not.
struct ReportRewardCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "reward", abstract: "What a reward model knows of held-out pairs.",
        discussion: """
            Accuracy with its interval (pairs of a prompt stand or fall together), by the margin \
            people gave, by which answer is longer and by how many annotators agreed; how sure the \
            model is beside how often it is right, with the expected calibration error; what "the \
            longer answer wins" would reach; duplicates, contradictions and texts that training had \
            too; the scores of chosen and rejected answers; and whether it can be optimised against. \
            In a cell it reads the slots reward and pairs, and votes and comparisons where they are \
            filled. The held-out pairs are those that train reward holds out of the same pairs with \
            the same --seed and --eval-fraction; with --training all of --pairs are held out.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Reward model folder or slot.", valueName: "DIR"))
    var reward: String?

    @Option(help: ArgumentHelp("Preference rows.", valueName: "FILE"))
    var pairs: String?

    @Option(
        help: ArgumentHelp(
            "Rows that the model was trained on, where --pairs are held out.", valueName: "FILE"))
    var training: String?

    @Option(help: ArgumentHelp("Share of the prompts that were held out.", valueName: "X"))
    var evalFraction: Double = 0.1

    @Option(help: ArgumentHelp("Rows longer than this many tokens are cut.", valueName: "N"))
    var maxLength: Int?

    func validate() throws {
        if !(evalFraction > 0 && evalFraction <= 1) {
            throw ValidationError("--eval-fraction is above 0 and at most 1")
        }
        if let maxLength, maxLength < 2 { throw ValidationError("--max-length is at least 2") }
    }

    func execute(in context: CommandContext) throws {
        try context.requireInShell(("--reward DIR", reward), ("--pairs FILE", pairs))
        let loaded = try context.rewardModel(reward)
        let all = try context.pairs(pairs)
        let trained: [PreferencePair]
        let heldOut: [PreferencePair]
        if let training {
            trained = try context.pairs(training)
            heldOut = all
        } else {
            let split = PromptSplit(
                all, heldOutFraction: evalFraction, seed: context.settings.seed)
            trained = split.training
            heldOut = split.heldOut
        }
        let encoder = ExampleEncoder(loaded, maxLength: maxLength)
        let tokenized = try encoder.pairs(heldOut)
        encoder.reportCuts(context.console)
        let scores = pairScores(of: loaded.model, on: tokenized, plan: context.settings.plan)
        let agreement = try VoteAgreement(context)
        let judged = zip(heldOut, scores).map { pair, score in
            RewardAssessment.Judged(
                score: score, lengths: (pair.chosen.count, pair.rejected.count),
                margin: pair.margin, agreement: agreement.share(of: pair),
                promptID: pair.promptID)
        }
        let deviations = scoreDisagreements(
            of: loaded.model, on: tokenized.map(\.chosen), plan: context.settings.plan)
        RewardReportView(
            assessment: RewardAssessment(judged, seed: context.settings.seed), scores: scores,
            leaks: PairLeaks(heldOut, trained: trained),
            spread: deviations.isEmpty ? nil : Summary(deviations).mean
        ).show(in: context)
    }
}

/// How many annotators stood behind each pair.
struct VoteAgreement {
    /// Votes for the first and for the second of two texts, by prompt and texts.
    private var counts: [[String]: (first: Int, second: Int)] = [:]

    /// From the votes of a session, where there are any.
    init(_ context: CommandContext) throws {
        guard context.has("votes"), context.has("comparisons") else { return }
        let comparisons = Dictionary(
            try context.comparisons(nil).map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first })
        for vote in try context.votes(nil) where vote.verdict.isDecided {
            guard let pair = comparisons[vote.comparisonID] else { continue }
            let isLeft = vote.verdict == .left
            add(pair.prompt, isLeft ? pair.left : pair.right, isLeft ? pair.right : pair.left)
        }
    }

    private mutating func add(_ prompt: String, _ better: String, _ worse: String) {
        counts[[prompt, better, worse], default: (0, 0)].first += 1
        counts[[prompt, worse, better], default: (0, 0)].second += 1
    }

    /// The share that preferred the chosen answer, where at least two decided; a pair's weight says it
    /// too, where votes were aggregated by confidence.
    func share(of pair: PreferencePair) -> Double? {
        if let (first, second) = counts[[pair.prompt, pair.chosen, pair.rejected]],
            first + second > 1
        {
            return Double(first) / Double(first + second)
        }
        return pair.weight == 1 ? nil : (1 + pair.weight) / 2
    }
}

/// Held-out pairs that say less than they seem to.
struct PairLeaks: Equatable {
    /// Pairs that are there twice.
    private(set) var duplicates = 0
    /// Pairs whose opposite is there too, in training or held out.
    private(set) var contradictions = 0
    /// Pairs with equal answers.
    private(set) var identical = 0
    /// Pairs whose prompt was trained on.
    private(set) var sharedPrompts = 0
    /// Pairs that were trained on as they are.
    private(set) var trainedOn = 0

    init(_ heldOut: [PreferencePair], trained: [PreferencePair]) {
        func key(_ pair: PreferencePair) -> [String] { [pair.prompt, pair.chosen, pair.rejected] }
        func turned(_ pair: PreferencePair) -> [String] {
            [pair.prompt, pair.rejected, pair.chosen]
        }
        let prompts = Set(trained.map(\.prompt))
        let known = Set(trained.map(key))
        let all = known.union(heldOut.map(key))
        var seen: Set<[String]> = []
        for pair in heldOut {
            if !seen.insert(key(pair)).inserted { duplicates += 1 }
            if pair.chosen == pair.rejected {
                identical += 1
            } else if all.contains(turned(pair)) {
                contradictions += 1
            }
            if prompts.contains(pair.prompt) { sharedPrompts += 1 }
            if known.contains(key(pair)) { trainedOn += 1 }
        }
    }

    /// What was found, in words; empty where nothing was.
    var findings: [(key: String, count: Int, text: String)] {
        let all: [(key: String, count: Int, text: String)] = [
            ("duplicates", duplicates, "are there twice"),
            ("contradictions", contradictions, "are contradicted by a pair the other way round"),
            ("identical", identical, "have the same answer on both sides"),
            ("shared_prompts", sharedPrompts, "have a prompt that was trained on: a leak"),
            ("trained_on", trainedOn, "were trained on as they are: a leak"),
        ]
        return all.filter { $0.count > 0 }
    }
}
