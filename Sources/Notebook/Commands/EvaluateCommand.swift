import Alignment
import ArgumentParser
import HumanFeedback
import LanguageModels
import OrderedJSON
import TerminalUI

/// `evaluate`: how a model's answers compare with another model's.
struct EvaluateCommand: StoredStep {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "An assessment against another model: win rate, cost, checks, bias, frontier.",
        discussion: """
            Both models answer the same prompts, and the first scorer says which answer is better; ties \
            count half, intervals are drawn by prompt. "At equal length" is the length-controlled win rate \
            of Dubois et al. 2024. Scorers are rules files, reward models or slots (default: gold and \
            reward). Best-of-n draws from the other model as many answers as have the policy's KL \
            (log n − (n − 1)/n) and keeps the one that the reward model likes best.

            In a cell the prompts come from the slot eval-prompts, perplexity is measured on the better \
            half of the demonstrations in heldout, and copied answers are looked for in demos. The page \
            is short; --all shows every section, and the cell keeps all of it for :show and exports.

            Several models are set side by side as a frontier of score and KL: checkpoints of a run.

              :evaluate policy --against sft
              :evaluate early middle policy --against sft
              :evaluate policy --judge http://127.0.0.1:8000/v1 --judge-model NAME
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var sampling: SamplingArguments

    @Argument(help: "The models to evaluate: slots or folders (default: policy).")
    var models: [String] = []

    @Option(help: ArgumentHelp("The model to compare with.", valueName: "MODEL"))
    var against: String = "sft"

    @Option(
        help: ArgumentHelp(
            "Rules file, reward model folder, or slot; the first judges.", valueName: "SCORER"))
    var scorer: [String] = []

    @Option(help: ArgumentHelp("Prompt rows or slot.", valueName: "FILE"))
    var prompts: String?

    @Option(help: ArgumentHelp("Answers of each model.", valueName: "N"))
    var count = 200

    @Option(help: ArgumentHelp("Demonstrations to measure perplexity on.", valueName: "FILE"))
    var heldout: String?

    @Option(
        help: ArgumentHelp("Demonstrations that answers may be copied from.", valueName: "FILE"))
    var demos: String?

    @Option(
        help: ArgumentHelp("Best-of-n with n up to this; 0 leaves it out.", valueName: "N"))
    var bestOf = 128

    @Option(help: ArgumentHelp("Instruction checks in place of the usual ones.", valueName: "FILE"))
    var checks: String?

    @Option(
        help: ArgumentHelp("Swaps for bias checks in place of the usual ones.", valueName: "FILE"))
    var swaps: String?

    @Flag(help: "Leave out the bias checks.")
    var noBias = false

    @Option(
        help: ArgumentHelp(
            "Ask a judge too: the address of an OpenAI-compatible server, with its /v1.",
            valueName: "URL"))
    var judge: String?

    @Option(help: ArgumentHelp("The judge's model, as its server names it.", valueName: "NAME"))
    var judgeModel: String?

    @Option(
        help: ArgumentHelp(
            "File with the judge's key (default: RLHF_JUDGE_KEY; for OpenAI OPENAI_API_KEY too).",
            valueName: "FILE"))
    var judgeKeyFile: String?

    @Option(help: ArgumentHelp("Pairs to ask the judge about, each twice.", valueName: "N"))
    var judgeCount = 50

    @Flag(help: "Show every section, not the page alone.")
    var all = false

    /// What a server says is no result of the inputs.
    var isReproducible: Bool { judge == nil }

    func validate() throws {
        if count < 1 { throw ValidationError("--count is at least 1") }
        if !(0...4096).contains(bestOf) {
            throw ValidationError("--best-of is between 0 and 4,096")
        }
        if judgeCount < 1 { throw ValidationError("--judge-count is at least 1") }
        if judge != nil && judgeModel == nil {
            throw ValidationError("--judge needs --judge-model NAME")
        }
        if judge == nil && (judgeModel != nil || judgeKeyFile != nil) {
            throw ValidationError("--judge-model and --judge-key-file belong to --judge URL")
        }
        if models.count > 1 {
            let unused = [
                ("--checks", checks != nil), ("--swaps", swaps != nil), ("--demos", demos != nil),
                ("--heldout", heldout != nil), ("--no-bias", noBias),
            ].first { $0.1 }
            if let unused {
                throw ValidationError(
                    "\(unused.0) is for one model; several are set side by side as a frontier")
            }
        }
        if judge != nil && models.count > 1 {
            throw ValidationError("--judge compares one model with another; name one")
        }
    }

    func execute(in context: CommandContext) throws {
        let names = models.isEmpty ? ["policy"] : models
        let candidates = try names.map { try context.model($0, slots: []) }
        let reference = try context.model(against, slots: [])
        let rows = try context.prompts(prompts, slots: ["eval-prompts", "prompts"])
        let asked = (0..<min(count, rows.count)).map {
            rows[$0 * rows.count / min(count, rows.count)]
        }
        let run = AssessmentRun(
            context, sampling: sampling, prompts: asked,
            scorers: try AnswerScorer.scorers(scorer, context), bestOf: bestOf)
        let labels = Self.labels(of: names + [against])
        let baseline = try run.assessed(labels[names.count], reference)
        let assessed = try zip(labels, candidates).map { try run.assessed($0, $1) }
        ScoreSample.keep(
            (assessed + [baseline]).map { model in
                ScoreSample(
                    name: model.name, scores: model.scores[0].map(Double.init),
                    tokens: model.lengths)
            }, in: context.cell)
        if assessed.count > 1 {
            try showFrontier(run, assessed, baseline)
        } else {
            try assess(run, assessed[0], baseline).show(in: context, all: all)
        }
    }

    private func assess(
        _ run: AssessmentRun, _ candidate: AssessedModel, _ baseline: AssessedModel
    ) throws -> Assessment {
        let context = run.context
        let standing = Standing(
            candidate, baseline, run.prompts, seed: context.settings.seed)
        let point = run.point(candidate, baseline, standing)
        let bias =
            noBias
            ? nil
            : try run.bias(
                try AssessmentFiles.swaps(swaps, context), [candidate, baseline],
                opening: CounterfactualSwaps.Swap.opening(
                    of: PromptFrame(of: run.prompts.map(\.text))?.before ?? ""))
        let judged = try judge.map { address in
            try JudgeSource(
                address: address, model: judgeModel ?? "", keyFile: judgeKeyFile, count: judgeCount
            ).report(candidate, baseline, promptIDs: run.prompts.map(\.id), context)
        }
        return Assessment(
            candidate: candidate, baseline: baseline, scorers: run.scorers, standing: standing,
            prompts: run.prompts, seed: context.settings.seed,
            remark: run.remark(candidate, baseline),
            kl: run.kl(of: candidate, baseline).map(run.estimate),
            perplexity: try run.perplexity(try heldOutRows(context), candidate, baseline),
            copied: run.copied(
                try demonstrations(demos, slot: "demos", option: "--demos", context), candidate,
                baseline),
            checks: CheckReport(
                try AssessmentFiles.checks(checks, context), [candidate, baseline]),
            bias: bias, frontier: try run.frontier([point], candidate, baseline), judge: judged)
    }

    /// Several models by their KL, with best-of-n beside them.
    private func showFrontier(
        _ run: AssessmentRun, _ models: [AssessedModel], _ baseline: AssessedModel
    ) throws {
        let context = run.context
        let seed = context.settings.seed
        let standings = models.map { Standing($0, baseline, run.prompts, seed: seed) }
        let points = zip(models, standings).map { run.point($0, baseline, $1) }
        // Best-of-n goes as far as the farthest model.
        let farthest =
            points.indices.filter { points[$0].kl.isFinite }
            .max { points[$0].kl < points[$1].kl } ?? 0
        let order = [farthest] + points.indices.filter { $0 != farthest }
        let frontier = try run.frontier(order.map { points[$0] }, models[farthest], baseline)
        let console = context.console
        console.say(
            "\(SentenceParts.count(models.count, "model")) against \(baseline.name), judged by "
                + "\(frontier.judge), "
                + SentenceParts.count(baseline.answers.count, "prompt"), .strong)
        console.show(frontier.table)
        console.section(plot: frontier.plot, shown: true)
        if let summary = frontier.summary { console.say(summary) }
        var facts = frontier.facts
        for (point, standing) in zip(points, standings) {
            facts.add("eval/win_rate/" + point.name, standing.win.rate)
            facts.add("eval/lc_win_rate/" + point.name, standing.lengthControlled.rate)
            facts["eval/kl/" + point.name] = .number(point.kl)
            facts.add("eval/score/" + point.name, point.judged)
        }
        context.report(facts)
    }

    /// Folders by as few of their last names as tell them apart: a whole path would fill the page.
    static func labels(of names: [String]) -> [String] {
        let parts = names.map { $0.split(separator: "/").map(String.init) }
        let shortened = (1...max(1, parts.map(\.count).max() ?? 1)).lazy.map { depth in
            parts.map { $0.suffix(depth).joined(separator: "/") }
        }
        return shortened.first { Set($0).count == Set(names).count } ?? names
    }

    private func heldOutRows(_ context: CommandContext) throws -> [Demonstration]? {
        guard
            let rows = try demonstrations(heldout, slot: "heldout", option: "--heldout", context)
        else { return nil }
        return try BetterHalf.rows(rows, gold: context.goldIfLoaded())
    }

    /// Demonstrations from an option, or from a slot where it is filled.
    private func demonstrations(
        _ source: String?, slot: String, option: String, _ context: CommandContext
    ) throws -> [Demonstration]? {
        if source == nil && !context.has(slot) { return nil }
        return try context.demonstrations(source, slots: [slot], option: option)
    }
}
