import Alignment
import ArgumentParser
import HumanFeedback
import OrderedJSON
import TerminalUI

/// `:votes rehearse`: what each way of choosing pairs would be worth, before people are asked.
struct RehearseVotesCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Compare ways of choosing pairs with a simulated annotator.",
        discussion: """
            For every seed the prompts are split anew, a careful simulated annotator labels pairs in \
            rounds, chosen by each rule, heads on the frozen model learn from them, and their accuracy \
            on the held-out prompts is measured against the gold rules. The table has mean and standard \
            error over the seeds, and the difference from random choice, seed by seed.
            """)
    static var place: CommandPlace { .cells }

    @OptionGroup var global: GlobalOptions

    @Option(help: ArgumentHelp("Model whose features are used (slot sft).", valueName: "DIR"))
    var model: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("random, uncertain, disagreement, information.", valueName: "RULE"))
    var rules: [PairSelection] = PairSelection.allCases

    @Option(help: ArgumentHelp("Labels at the end.", valueName: "N"))
    var labels = 320

    @Option(help: ArgumentHelp("Labels of a round.", valueName: "N"))
    var round = 40

    @Option(help: ArgumentHelp("How often, each time with other votes and splits.", valueName: "N"))
    var seeds = 10

    @Option(
        help: ArgumentHelp("Share of pairs drawn at random whatever the rule.", valueName: "X"))
    var randomShare = 0.2

    func validate() throws {
        if labels < 1 || round < 1 || seeds < 1 {
            throw ValidationError("--labels, --round and --seeds are at least 1")
        }
        if !(0...1).contains(randomShare) {
            throw ValidationError("--random-share is between 0 and 1")
        }
    }

    func execute(in context: CommandContext) throws {
        let loaded = try context.model(model, slots: ["sft", "reward"])
        let gold = try context.rules(nil)
        let comparisons = try context.comparisons(nil)
        let trial = SelectionTrial(
            comparisons: comparisons,
            differences: try PairFeatures(loaded, plan: context.settings.plan).differences(
                of: comparisons),
            truth: comparisons.map {
                gold.score(prompt: $0.prompt, completion: $0.left)
                    - gold.score(prompt: $0.prompt, completion: $0.right)
            }, annotator: SimulatedAnnotator(.careful, scorer: gold), labels: labels, round: round,
            randomShare: randomShare)
        // Rule by seed by round.
        var accuracies: [[[Double]]] = rules.map { _ in [] }
        for seed in 0..<seeds {
            for (index, rule) in rules.enumerated() {
                if Interrupts.isRaised {
                    throw CommandError.interrupted(
                        "the rehearsal was stopped; nothing is kept of it")
                }
                accuracies[index].append(
                    trial.accuracies(rule, seed: context.settings.seed &+ UInt64(seed)))
            }
        }
        show(accuracies, context)
    }

    private func show(_ accuracies: [[[Double]]], _ context: CommandContext) {
        var facts = JSONObject()
        var means: [[String]] = []
        var gains: [[String]] = []
        let baseline = rules.firstIndex(of: .random)
        for place in accuracies[0][0].indices {
            let count = min(labels, (place + 1) * round)
            means.append(["\(count)"])
            gains.append(["\(count)"])
            for rule in rules.indices {
                let values = accuracies[rule].map { $0[place] }
                let mean = MeanOverSeeds(values)
                facts["\(rules[rule].rawValue)/\(count)"] = .number(mean.mean)
                means[place].append(mean.text)
                guard let baseline, rule != baseline else { continue }
                let gain = zip(values, accuracies[baseline]).map { $0 - $1[place] }
                gains[place].append(MeanOverSeeds(gain).signed)
            }
        }
        context.report(facts)
        context.console.show(table(rules, means))
        context.console.say(
            "held-out accuracy against the gold rules, mean ± standard error over "
                + SentenceParts.count(seeds, "seed"))
        guard baseline != nil, rules.count > 1 else { return }
        context.console.show(table(rules.filter { $0 != .random }, gains))
        context.console.say("the difference from random, seed by seed")
    }

    private func table(_ rules: [PairSelection], _ rows: [[String]]) -> Table {
        Table(
            headers: ["labels"] + rules.map(\.rawValue),
            alignments: [.right] + rules.map { _ in .left }, rows: rows)
    }
}

extension PairSelection: ExpressibleByArgument {}

/// Mean and standard error over seeds.
private struct MeanOverSeeds {
    let mean: Double
    let error: Double

    init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        error = values.count > 1 ? (squares / (count - 1) / count).squareRoot() : 0
    }

    var text: String { "\(formatted(mean, decimals: 3)) ± \(formatted(error, decimals: 3))" }
    var signed: String { (mean < 0 ? "" : "+") + text }
}
