import Alignment
import ArgumentParser
import LanguageModels

/// Rewards beside the reward model.
struct RewardRuleArguments: ParsableArguments {
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "Something else that is rewarded, any number of times: [WEIGHT*]RULE. Rules: "
                + "length:20-60 (words; below 0 outside), pattern:REGEX (1 where it is found), "
                + "words:FILE (-1 each; one a line), toxicity, disclosure, repetition[:N] (-1 times "
                + "the share of repeated runs of N tokens, at the tokens that repeat), model:DIR "
                + "(another reward model). -0.5*pattern:sorry takes half a point.",
            valueName: "RULE"))
    var rewardRule: [RewardRule] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Weight of the reward model's own score.", valueName: "X"))
    var rewardWeight: Float = 1

    func validate() throws {
        if !rewardWeight.isFinite { throw ValidationError("--reward-weight is a number") }
    }

    /// The rules as functions; nil without any.
    func combined(in context: CommandContext, policy: LoadedModel) throws -> CombinedReward? {
        if rewardRule.isEmpty { return nil }
        return CombinedReward(
            try rewardRule.map {
                CombinedReward.Part(
                    weight: $0.weight, function: try function($0, context, policy))
            })
    }

    private func function(
        _ rule: RewardRule, _ context: CommandContext, _ policy: LoadedModel
    ) throws -> any RewardFunction {
        switch rule.kind {
        case .length(let range): return LengthRule(range)
        case .pattern(let text):
            do { return try PatternRule(text) } catch {
                throw CommandError.usage(
                    "--reward-rule pattern:\(text) is no regular expression: \(error)")
            }
        case .words(let path):
            let text = String(decoding: try context.dataBytes(path), as: UTF8.self)
            let phrases = text.split(whereSeparator: \.isNewline).map(String.init)
            guard !phrases.isEmpty else {
                throw CommandError("\(path) has no words, expected one word or phrase a line")
            }
            return WordRule(phrases)
        case .toxicity: return WordRule.toxicity
        case .disclosure: return DisclosureRule()
        case .repetition(let length): return RepetitionRule(length: length)
        case .model(let source):
            let loaded = try context.rewardModel(source)
            context.warnIfTooWeak(loaded, name: "the reward model \(source)")
            try context.requireSameTokens(policy, loaded, as: source)
            return ModelReward(loaded: loaded, settings: context.settings)
        }
    }
}

/// Another reward model among the rules.
private struct ModelReward: RewardFunction {
    let name = "model"
    let loaded: LoadedModel
    let settings: Settings

    func scores(of queries: [RewardQuery]) -> [RewardScore] {
        sequenceScores(of: loaded.model, on: queries.map(\.sequence), plan: settings.plan)
            .map { .sequence($0) }
    }
}

/// A rule as it is typed: `0.5*length:20-60`.
struct RewardRule: ExpressibleByArgument, Equatable {
    enum Kind: Equatable {
        case length(ClosedRange<Int>)
        case pattern(String)
        case words(String)
        case toxicity, disclosure
        case repetition(Int)
        case model(String)
    }

    let weight: Float
    let kind: Kind

    init?(argument: String) {
        var rest = Substring(argument)
        var weight: Float = 1
        if let star = rest.firstIndex(of: "*"), let number = Float(rest[..<star]), number.isFinite {
            weight = number
            rest = rest[rest.index(after: star)...]
        }
        let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let value = parts.count == 2 ? String(parts[1]) : nil
        guard let kind = Self.kind(String(parts[0]), value) else { return nil }
        self.weight = weight
        self.kind = kind
    }

    private static func kind(_ name: String, _ value: String?) -> Kind? {
        switch (name, value) {
        case ("length", let value?):
            let bounds = value.split(separator: "-").map { Int($0) }
            guard bounds.count == 2, let low = bounds[0], let high = bounds[1], 0 <= low,
                low <= high
            else { return nil }
            return .length(low...high)
        case ("pattern", let value?) where !value.isEmpty: return .pattern(value)
        case ("words", let value?) where !value.isEmpty: return .words(value)
        case ("model", let value?) where !value.isEmpty: return .model(value)
        case ("toxicity", nil): return .toxicity
        case ("disclosure", nil): return .disclosure
        case ("repetition", nil): return .repetition(3)
        case ("repetition", let value?):
            guard let length = Int(value), length > 0 else { return nil }
            return .repetition(length)
        default: return nil
        }
    }
}
