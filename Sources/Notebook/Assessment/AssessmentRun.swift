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
        let kl = kl(of: model, baseline)
        let proxy = scorers.lastIndex { $0.isLearned } ?? 0
        return Frontier.Point(
            name: model.name, kl: kl.map { estimate($0).value } ?? .nan, proxy: model.mean(proxy),
            judged: estimate(model.scores[0].map(Double.init)), winRate: standing.win.rate.value)
    }

    /// log π − log π_ref of each answer; nil where it is not the KL of what was sampled: another
    /// temperature, or a part of the distribution, and where the two cut text into different tokens.
    func kl(of model: AssessedModel, _ baseline: AssessedModel) -> [Double]? {
        samplesAsTrained ? model.kl(from: baseline.loaded, settings) : nil
    }

    /// Whether answers follow the models' own distributions.
    private var samplesAsTrained: Bool {
        sampling.parameters.keepsWholeDistribution && sampling.parameters.temperature == 1
    }

    /// What of the page is left out or does not compare, and why; nil where all of it is there.
    func remark(_ candidate: AssessedModel, _ baseline: AssessedModel) -> String? {
        if candidate.loaded.tokenizer != baseline.loaded.tokenizer {
            return
                "the two models cut text into different tokens: KL and perplexity are left out, and "
                + "figures in tokens do not compare"
        }
        if !samplesAsTrained {
            return
                "KL and best-of-n are left out: they belong to answers sampled at temperature 1 with "
                + "nothing cut off"
        }
        return nil
    }

    func frontier(
        _ points: [Frontier.Point], _ candidate: AssessedModel, _ baseline: AssessedModel
    ) throws -> Frontier {
        try Frontier(
            models: points, candidate: candidate, baseline: baseline, prompts: prompts,
            scorers: scorers, limit: samplesAsTrained ? bestOf : 0, seed: settings.seed
        ) { texts, count in try answers(baseline.loaded, texts, count: count) }
    }

    /// The mean of a value of each answer, with its interval by prompt.
    func estimate(_ values: [Double]) -> Estimate {
        .bootstrap(values, groups: prompts.map(\.id), seed: settings.seed)
    }

    /// Perplexity of both models on held-out demonstrations.
    func perplexity(
        _ rows: [Demonstration]?, _ candidate: AssessedModel, _ baseline: AssessedModel
    ) throws -> (Double, Double)? {
        guard let rows, !rows.isEmpty, candidate.loaded.tokenizer == baseline.loaded.tokenizer
        else { return nil }
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
