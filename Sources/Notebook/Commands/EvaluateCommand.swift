import Alignment
import ArgumentParser
import Glibc
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// `evaluate`: how a model's answers compare with another model's.
struct EvaluateCommand: NotebookCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Win rate, KL, lengths and perplexity against another model.",
        discussion: """
            Both models answer the same prompts; a scorer says which answer is better, ties count half. \
            The scorer is a rules file or slot (default: gold), or a reward model. In a cell the \
            prompts come from the slot eval-prompts, and perplexity is measured on the better half of \
            the demonstrations in the slot heldout.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sampling: SamplingArguments

    @Argument(help: "The model to evaluate: a slot or folder.")
    var model: String = "policy"

    @Option(help: ArgumentHelp("The model to compare with.", valueName: "MODEL"))
    var against: String = "sft"

    @Option(help: ArgumentHelp("Rules file, reward model folder, or slot.", valueName: "SCORER"))
    var scorer: String?

    @Option(help: ArgumentHelp("Prompt rows or slot.", valueName: "FILE"))
    var prompts: String?

    @Option(help: ArgumentHelp("Answers of each model.", valueName: "N"))
    var count = 200

    func validate() throws {
        if count < 1 { throw ValidationError("--count is at least 1") }
    }

    func execute(in context: CommandContext) throws {
        let candidate = try context.model(model, slots: [])
        let baseline = try context.model(against, slots: [])
        let rows = try context.prompts(prompts, slots: ["eval-prompts", "prompts"])
        let chosen = (0..<min(count, rows.count)).map {
            rows[$0 * rows.count / min(count, rows.count)]
        }
        let score = try scoreFunction(context)
        let sides = try [candidate, baseline].map { loaded -> Side in
            let answers = try Answering(
                loaded: loaded, sampling: sampling.parameters, maxNewTokens: sampling.maxNewTokens,
                settings: context.settings
            ).answers(to: chosen.map(\.text))
            return Side(answers, scores: try score(answers))
        }
        ScoreSample.keep(
            zip([model, against], sides).map { name, side in
                ScoreSample(
                    name: name, scores: side.scores.map(Double.init),
                    tokens: side.answers.map(\.tokens.completion.count))
            }, in: context.cell)
        let win = WinRate(
            scores: sides[0].scores, baselineScores: sides[1].scores,
            promptIDs: chosen.map(\.id), seed: context.settings.seed)
        var facts = Facts(model: model, against: against)
        facts.add("win rate", "eval/win_rate", win.rate.value, Self.text(win.rate, ties: win.ties))
        facts.add("mean score", "eval/score", sides[0].meanScore, sides[1].meanScore)
        facts.add(
            "mean length, tokens", "completions/mean_length", sides[0].meanLength,
            sides[1].meanLength)
        facts.add(
            "distinct answers", "completions/distinct", Double(sides[0].distinct),
            Double(sides[1].distinct))
        facts.add("answers that end", "val/eos_rate", sides[0].endRate, sides[1].endRate)
        facts.add(
            "KL, nats an answer", "eval/kl",
            kl(of: sides[0].answers, candidate, baseline, context.settings))
        try addPerplexity(&facts, candidate, baseline, context)
        facts.show(in: context, win: win)
    }

    /// Answers of one model with their scores.
    private struct Side {
        let answers: [Answering.Answer]
        let scores: [Float]

        init(_ answers: [Answering.Answer], scores: [Float]) {
            self.answers = answers
            self.scores = scores
        }

        private var count: Double { Double(max(1, answers.count)) }
        var meanScore: Double { scores.reduce(0) { $0 + Double($1) } / count }
        var meanLength: Double {
            answers.reduce(0) { $0 + Double($1.tokens.completion.count) } / count
        }
        var endRate: Double { Double(answers.count { $0.stopReason == .endOfText }) / count }
        var distinct: Int { distinctCount(answers.map(\.tokens.completion)) }
    }

    private static func text(_ estimate: Estimate, ties: Int) -> String {
        "\(formatted(estimate.value, decimals: 3)) [\(formatted(estimate.lower, decimals: 3)), "
            + "\(formatted(estimate.upper, decimals: 3))], n = \(estimate.count), \(ties) ties as half"
    }

    private func scoreFunction(
        _ context: CommandContext
    ) throws -> ([Answering.Answer]) throws -> [Float] {
        let artifact = try context.artifact(scorer, slots: ["gold", "reward"], option: "--scorer")
        switch artifact {
        case .rules(let rules, _):
            return { $0.map { Float(rules.score(prompt: $0.prompt, completion: $0.completion)) } }
        case .model(let loaded) where loaded.model.heads.contains(.score):
            let encoder = ExampleEncoder(loaded)
            let plan = context.settings.plan
            return { answers in
                let examples = try answers.map {
                    try encoder.example(prompt: $0.prompt, completion: $0.completion)
                }
                return sequenceScores(
                    of: loaded.model, on: examples.map { $0.prompt + $0.completion }, plan: plan)
            }
        default:
            throw CommandError(
                "\(scorer ?? "gold") holds \(artifact.kind), expected scoring rules or a reward model"
            )
        }
    }

    /// The mean over answers of Σ log π − log π_ref: what the policy has moved away.
    private func kl(
        of answers: [Answering.Answer], _ policy: LoadedModel, _ reference: LoadedModel,
        _ settings: Settings
    ) -> Double {
        guard policy.tokenizer == reference.tokenizer else { return .nan }
        let examples = answers.map(\.tokens)
        func sums(_ model: LanguageModel) -> Double {
            -meanLoss(of: model, on: examples, plan: settings.plan).loss
                * Double(examples.reduce(0) { $0 + $1.predictedCount })
        }
        return (sums(policy.model) - sums(reference.model)) / Double(max(1, answers.count))
    }

    private func addPerplexity(
        _ facts: inout Facts, _ candidate: LoadedModel, _ baseline: LoadedModel,
        _ context: CommandContext
    ) throws {
        guard context.workspace.has("heldout") else { return }
        let rows = try BetterHalf.rows(
            context.demonstrations("heldout"), gold: context.goldIfLoaded())
        let values = try [candidate, baseline].map { loaded in
            exp(
                meanLoss(
                    of: loaded.model, on: try ExampleEncoder(loaded).examples(rows),
                    plan: context.settings.plan
                ).loss)
        }
        facts.add("perplexity, held-out rows", "eval/perplexity", values[0], values[1])
    }

    /// What is shown, as a table and as JSON.
    private struct Facts {
        let model: String
        let against: String
        private var rows: [[String]] = []
        private var json = JSONObject()

        init(model: String, against: String) {
            self.model = model
            self.against = against
        }

        mutating func add(_ name: String, _ key: String, _ value: Double, _ baseline: Double) {
            rows.append([
                name, formatted(value, significantDigits: 3),
                formatted(baseline, significantDigits: 3),
            ])
            json[key] = .number(value)
            json["baseline/" + key] = .number(baseline)
        }

        mutating func add(_ name: String, _ key: String, _ value: Double) {
            rows.append([name, formatted(value, significantDigits: 3), ""])
            json[key] = .number(value)
        }

        private var headline = ""

        mutating func add(_ name: String, _ key: String, _ value: Double, _ text: String) {
            headline = "\(model) against \(against): \(name) \(text)"
            json[key] = .number(value)
        }

        func show(in context: CommandContext, win: WinRate) {
            let console = context.console
            console.say(headline, .strong)
            console.show(Table(headers: ["", model, against], rows: rows))
            var json = json
            json["eval/win_rate_lower"] = .number(win.rate.lower)
            json["eval/win_rate_upper"] = .number(win.rate.upper)
            json["wins"] = .integer(win.wins)
            json["ties"] = .integer(win.ties)
            json["losses"] = .integer(win.losses)
            context.report(json)
        }
    }
}
