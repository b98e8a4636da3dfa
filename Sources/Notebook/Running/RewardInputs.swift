import Alignment
import ArgumentParser
import HumanFeedback
import LanguageModels
import TerminalUI

/// What a reward model is trained on and what is held out, by prompt.
struct RewardInputs {
    let training: RewardJudgements
    /// Pairs that are held out, or that held-out rankings and ratings imply.
    let heldOutRows: [PreferencePair]
    let heldOut: [TokenizedPair]
    /// Completions with ratings that are held out.
    let heldOutRatings: [TokenizedRating]

    /// What is learned from.
    enum Loss: String, ExpressibleByArgument, CaseIterable {
        case bradleyTerry = "bradley-terry"
        case plackettLuce = "plackett-luce"
        case classifier, regression

        /// What the rows are called.
        var unit: String {
            switch self {
            case .bradleyTerry: "pairs"
            case .plackettLuce: "rankings"
            case .classifier, .regression: "completions"
            }
        }
    }

    /// The rows of a file or slot.
    enum Rows {
        case pairs([PreferencePair])
        case rankings([Ranking])
        case ratings([RatedCompletion], isClassifier: Bool)

        init(_ command: TrainRewardCommand, in context: CommandContext) throws {
            let limit = command.limit ?? .max
            switch command.loss {
            case .bradleyTerry:
                self = .pairs(Array(try context.pairs(command.pairs).prefix(limit)))
            case .plackettLuce:
                let file = try context.feedbackFile(command.data ?? "")
                guard case .rankings(let rows) = file.data else {
                    throw FeedbackError.wrongShape(
                        path: file.path, expected: [.ranking], found: file.shape)
                }
                self = .rankings(Array(rows.prefix(limit)))
            case .classifier, .regression:
                let file = try context.feedbackFile(command.data ?? "")
                let rows = try file.ratedCompletions()
                let path = file.path
                if let unrated = file.counts.first(where: { $0.reason == .unrated }) {
                    context.console.say(
                        "\(SentenceParts.count(unrated.count, "completion")) of \(path) without a "
                            + "rating left out", .warning)
                }
                let other = rows.first { $0.rating != 0 && $0.rating != 1 }
                if command.loss == .classifier, let other {
                    throw CommandError(
                        "\(path): --loss classifier takes thumbs (label true or false, or ratings "
                            + "of 0 and 1), found the rating \(other.rating); --loss regression "
                            + "takes ratings")
                }
                self = .ratings(
                    Array(rows.prefix(limit)), isClassifier: command.loss == .classifier)
            }
        }
    }

    init(_ rows: Rows, heldOutFraction: Double, seed: UInt64, encoder: ExampleEncoder) throws {
        switch rows {
        case .pairs(let rows):
            let split = PromptSplit(rows, heldOutFraction: heldOutFraction, seed: seed)
            training = .pairs(try encoder.pairs(split.training))
            heldOutRows = split.heldOut
            heldOutRatings = []
        case .rankings(let rows):
            let split = PromptSplit(rows, heldOutFraction: heldOutFraction, seed: seed)
            training = .rankings(
                try split.training.map { row in
                    TokenizedRanking(
                        tiers: try row.tiers.map { tier in
                            try tier.map {
                                let example = try encoder.example(
                                    prompt: row.prompt, completion: $0)
                                return example.prompt + example.completion
                            }
                        }, promptID: row.promptID)
                })
            heldOutRows = split.heldOut.flatMap(\.pairs)
            heldOutRatings = []
        case .ratings(let rows, let isClassifier):
            let split = PromptSplit(rows, heldOutFraction: heldOutFraction, seed: seed)
            let scale: (mean: Double, deviation: Double) =
                isClassifier ? (mean: 0, deviation: 1) : Self.scale(of: split.training)
            func tokenized(_ rows: [RatedCompletion]) throws -> [TokenizedRating] {
                try rows.map { row in
                    let example = try encoder.example(
                        prompt: row.prompt, completion: row.completion)
                    return TokenizedRating(
                        sequence: example.prompt + example.completion,
                        rating: Float((row.rating - scale.mean) / scale.deviation),
                        promptID: row.promptID)
                }
            }
            let examples = try tokenized(split.training)
            training = isClassifier ? .thumbs(examples) : .ratings(examples)
            heldOutRows = RatedCompletion.pairs(of: split.heldOut)
            heldOutRatings = try tokenized(split.heldOut)
        }
        heldOut = try encoder.pairs(heldOutRows)
    }

    /// Mean and deviation of ratings.
    private static func scale(of rows: [RatedCompletion]) -> (mean: Double, deviation: Double) {
        let summary = Summary(rows.map { Float($0.rating) })
        return (summary.mean, summary.deviation > 0 ? summary.deviation : 1)
    }
}
