import Alignment
import Autograd
import HumanFeedback
import LanguageModels
import OrderedJSON

/// A value in a slot of the workspace: immutable, named by the SHA-256 of its bytes.
enum Artifact {
    case demonstrations([Demonstration])
    case prompts([Prompt])
    case pairs([PreferencePair])
    /// Single answers that were found good or bad.
    case labelledCompletions([LabelledCompletion])
    /// Single answers with a number each.
    case ratings([RatedCompletion])
    case comparisons([Comparison])
    case votes([Vote])
    case tokenizer(Tokenizer)
    case model(LoadedModel)
    /// Scoring rules with the bytes they were read from.
    case rules(RuleScorer, source: [UInt8])

    /// What it is, for sentences and lists.
    var kind: String {
        switch self {
        case .demonstrations: "demonstrations"
        case .prompts: "prompts"
        case .pairs: "preference pairs"
        case .labelledCompletions: "single answers with a verdict"
        case .ratings: "rated answers"
        case .comparisons: "pairs to compare"
        case .votes: "votes"
        case .tokenizer: "a tokenizer"
        case .model(let loaded): loaded.model.heads.contains(.score) ? "a reward model" : "a model"
        case .rules: "scoring rules"
        }
    }

    /// How much of it there is.
    var size: String {
        switch self {
        case .demonstrations(let rows): Self.rows(rows.count)
        case .prompts(let rows): Self.rows(rows.count)
        case .pairs(let rows): Self.rows(rows.count)
        case .labelledCompletions(let rows): Self.rows(rows.count)
        case .ratings(let rows): Self.rows(rows.count)
        case .comparisons(let rows): Self.rows(rows.count)
        case .votes(let rows): Self.rows(rows.count)
        case .tokenizer(let tokenizer): "\(tokenizer.vocabularySize) tokens"
        case .model(let loaded): "\(loaded.model.parameters.parameterCount) parameters"
        case .rules(let rules, _): "\(rules.ruleNames.count) rules"
        }
    }

    private static func rows(_ count: Int) -> String { "\(count) row\(count == 1 ? "" : "s")" }

    /// The bytes of everything but models, which are folders.
    var bytes: [UInt8]? {
        switch self {
        case .demonstrations(let rows): Array(FeedbackWriter.jsonLines(rows).utf8)
        case .prompts(let rows): Array(FeedbackWriter.jsonLines(rows).utf8)
        case .pairs(let rows): Array(FeedbackWriter.jsonLines(rows).utf8)
        case .labelledCompletions(let rows): Array(FeedbackWriter.jsonLines(rows).utf8)
        case .ratings(let rows): Array(FeedbackWriter.jsonLines(rows).utf8)
        case .comparisons(let rows): Array(FeedbackWriter.jsonLines(rows).utf8)
        case .votes(let rows): Array(FeedbackWriter.jsonLines(rows).utf8)
        case .tokenizer(let tokenizer): Array(tokenizer.json().prettyText().utf8)
        case .rules(_, let source): source
        case .model: nil
        }
    }
}

/// A model with the tokenizer it was made for.
final class LoadedModel {
    let model: LanguageModel
    let tokenizer: Tokenizer
    /// The folder it was read from; nil where it was made here.
    let path: String?
    /// What a reward model was found to know when it was trained; nil where nobody measured.
    let worth: RewardWorth?

    init(
        model: LanguageModel, tokenizer: Tokenizer, path: String? = nil, worth: RewardWorth? = nil
    ) {
        self.model = model
        self.tokenizer = tokenizer
        self.path = path
        self.worth = worth
    }
}
