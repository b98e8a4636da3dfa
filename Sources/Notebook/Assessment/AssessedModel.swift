import Alignment
import Autograd
import Glibc
import HumanFeedback
import LanguageModels

/// A model's answers to the prompts of an assessment, with what is measured of each.
struct AssessedModel {
    let name: String
    let loaded: LoadedModel
    let answers: [Answering.Answer]
    /// By scorer, then by answer.
    let scores: [[Float]]
    /// What the model itself says of its answers.
    let own: [AnswerStatistics]

    init(
        _ name: String, _ loaded: LoadedModel, answers: [Answering.Answer],
        scorers: [AnswerScorer], settings: Settings
    ) throws {
        self.name = name
        self.loaded = loaded
        self.answers = answers
        scores = try scorers.map { try $0.scores(answers) }
        own = answerStatistics(
            of: loaded.model, on: answers.map(\.tokens), plan: settings.plan)
    }

    private var completions: [[Int]] { answers.map(\.tokens.completion) }

    /// Tokens of each answer, the end token with them.
    var lengths: [Int] { completions.map(\.count) }
    /// Characters of each answer, as a reader sees them.
    var characters: [Int] { answers.map { $0.completion.unicodeScalars.count } }
    var endRate: Double {
        Double(answers.count { $0.stopReason == .endOfText }) / Double(max(1, answers.count))
    }
    var distinct: Int { distinctCount(completions) }
    var distinctPairs: Double { distinctNGramShare(2, in: completions) }
    var repetition: Double { repetitionRate(4, in: completions) }
    /// Nats a token over all tokens of its own answers.
    var entropy: Double {
        let tokens = own.reduce(0) { $0 + $1.tokenCount }
        return own.reduce(0) { $0 + $1.entropy } / Double(tokens)
    }

    func mean(_ scorer: Int) -> Double {
        scores[scorer].reduce(0) { $0 + Double($1) } / Double(max(1, answers.count))
    }

    /// log π − log π_ref of each answer; nil where the two cut text into different tokens.
    func kl(from reference: LoadedModel, _ settings: Settings) -> [Double]? {
        guard loaded.tokenizer == reference.tokenizer else { return nil }
        let other = answerStatistics(
            of: reference.model, on: answers.map(\.tokens), plan: settings.plan)
        return zip(own, other).map { $0.logProbability - $1.logProbability }
    }

    /// e^loss on demonstrations.
    func perplexity(on rows: [Demonstration], _ settings: Settings) throws -> Double {
        let examples = try ExampleEncoder(loaded).examples(rows)
        return exp(meanLoss(of: loaded.model, on: examples, plan: settings.plan).loss)
    }
}

/// How a model's answers stand to the baseline's, prompt by prompt.
struct Standing {
    let win: WinRate
    let lengthControlled: LengthControlledWinRate
    /// Candidate − baseline, by scorer.
    let scoreDifferences: [Estimate]

    init(_ candidate: AssessedModel, _ baseline: AssessedModel, _ prompts: [Prompt], seed: UInt64) {
        let ids = prompts.map(\.id)
        win = WinRate(
            scores: candidate.scores[0], baselineScores: baseline.scores[0], promptIDs: ids,
            seed: seed)
        lengthControlled = LengthControlledWinRate(
            outcomes: zip(candidate.scores[0], baseline.scores[0]).map { WinRate.outcome($0, $1) },
            lengths: candidate.characters, baselineLengths: baseline.characters, promptIDs: ids,
            seed: seed)
        scoreDifferences = candidate.scores.indices.map { scorer in
            difference(candidate.scores[scorer], baseline.scores[scorer], ids: ids, seed: seed)
        }
    }
}

/// The mean of a − b, with its bootstrap interval by prompt.
func difference(_ a: [Float], _ b: [Float], ids: [String], seed: UInt64) -> Estimate {
    .bootstrap(zip(a, b).map { Double($0) - Double($1) }, groups: ids, seed: seed)
}
