import Alignment
import Autograd
import HumanFeedback
import LanguageModels
import TerminalUI

/// What `evaluate` does once its options are read.
struct AssessmentRun {
    let context: CommandContext
    let sampling: SamplingArguments
    let prompts: [Prompt]
    let scorers: [AnswerScorer]
    /// n of best-of-n at most.
    let bestOf: Int
    private var settings: Settings { context.settings }

    init(
        _ context: CommandContext, sampling: SamplingArguments, prompts: [Prompt],
        scorers: [AnswerScorer], bestOf: Int
    ) {
        self.context = context
        self.sampling = sampling
        self.prompts = prompts
        self.scorers = scorers
        self.bestOf = bestOf
    }

    /// A model's answers to texts.
    func answers(
        _ loaded: LoadedModel, _ texts: [String], count: Int = 1
    ) throws -> [Answering.Answer] {
        try Answering(
            loaded: loaded, sampling: sampling.parameters, maxNewTokens: sampling.maxNewTokens,
            settings: settings
        ).answers(to: texts, count: count)
    }

    func assessed(_ name: String, _ loaded: LoadedModel) throws -> AssessedModel {
        try AssessedModel(
            name, loaded, answers: try answers(loaded, prompts.map(\.text)), scorers: scorers,
            settings: settings)
    }

    /// A model's place on the frontier.
    func point(
        _ model: AssessedModel, _ baseline: AssessedModel, _ standing: Standing
    ) -> Frontier.Point {
        let kl = model.kl(from: baseline.loaded, settings)
        let proxy = scorers.lastIndex { $0.isLearned } ?? 0
        return Frontier.Point(
            name: model.name, kl: kl.map { estimate($0).value } ?? .nan, proxy: model.mean(proxy),
            judged: estimate(model.scores[0].map(Double.init)), winRate: standing.win.rate.value)
    }

    func frontier(
        _ points: [Frontier.Point], _ candidate: AssessedModel, _ baseline: AssessedModel
    ) throws -> Frontier {
        try Frontier(
            models: points, candidate: candidate, baseline: baseline, prompts: prompts,
            scorers: scorers, limit: bestOf, seed: settings.seed
        ) { texts, count in try answers(baseline.loaded, texts, count: count) }
    }

    func estimate(_ values: [Double]) -> Estimate {
        .bootstrap(groups: values.map { [$0] }, seed: settings.seed)
    }

    /// Perplexity of both models on held-out demonstrations.
    func perplexity(
        _ rows: [Demonstration]?, _ candidate: AssessedModel, _ baseline: AssessedModel
    ) throws -> (Double, Double)? {
        guard let rows, !rows.isEmpty else { return nil }
        return (
            try candidate.perplexity(on: rows, settings),
            try baseline.perplexity(on: rows, settings)
        )
    }

    func copied(
        _ demonstrations: [Demonstration]?, _ candidate: AssessedModel, _ baseline: AssessedModel
    ) -> (Double, Double)? {
        guard let known = demonstrations?.map(\.completion) else { return nil }
        return (
            copiedShare(candidate.answers.map(\.completion), from: known),
            copiedShare(baseline.answers.map(\.completion), from: known)
        )
    }

    func bias(
        _ swaps: CounterfactualSwaps, _ models: [AssessedModel], opening: String
    ) throws -> BiasReport {
        try BiasReport(
            swaps, models: models, prompts: prompts, opening: opening, scorer: scorers[0],
            seed: settings.seed
        ) { model, texts in try answers(model.loaded, texts) }
    }
}
