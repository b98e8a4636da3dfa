import Autograd
import Glibc
public import LanguageModels

/// The models and closures of a run that samples from its policy: PPO and its relatives.
public struct PolicyModels {
    /// Trained in place; with a value head when PPO's trunk is shared.
    public var policy: LanguageModel
    /// The frozen starting point.
    public var reference: LanguageModel
    /// A separate value function, trained in place; nil when the trunk is shared, and for methods
    /// without values.
    public var critic: LanguageModel?
    /// The scores of completions.
    public var score: ([TokenizedExample]) -> [Float]
    /// What is rewarded beside these scores; nil for nothing.
    public var rules: CombinedReward?
    /// Turns tokens into text, for samples and for `gold`.
    public var text: (TokenizedExample) -> PromptedCompletion
    /// The truth as a rule scorer sees it: reported, never trained on.
    public var gold: (([PromptedCompletion]) -> [Double])?
    /// Rows whose perplexity is watched.
    public var heldOut: [TokenizedExample]

    public init(
        policy: LanguageModel, reference: LanguageModel, critic: LanguageModel? = nil,
        score: @escaping ([TokenizedExample]) -> [Float], rules: CombinedReward? = nil,
        text: @escaping (TokenizedExample) -> PromptedCompletion,
        gold: (([PromptedCompletion]) -> [Double])? = nil, heldOut: [TokenizedExample] = []
    ) {
        self.policy = policy
        self.reference = reference
        self.critic = critic
        self.score = score
        self.rules = rules
        self.text = text
        self.gold = gold
        self.heldOut = heldOut
    }
}

extension PolicyModels {
    /// What the rules give to completions; nothing without rules.
    func ruleScores(of examples: [TokenizedExample]) -> [CombinedReward.Score] {
        guard let rules else {
            return [CombinedReward.Score](
                repeating: CombinedReward.Score(), count: examples.count)
        }
        return rules.scores(
            of: examples.map { example in
                let text = text(example)
                return RewardQuery(
                    prompt: text.prompt, completion: text.completion,
                    tokens: example.completion, sequence: example.prompt + example.completion)
            })
    }

    /// The mean score of the reward model and of every rule by itself.
    func reportRules(_ rollouts: [Rollout], into row: inout MetricRow) {
        guard let rules, !rollouts.isEmpty else { return }
        func append(_ name: String, _ values: [Float]) {
            row.append(
                "rewards/" + name,
                values.reduce(0) { $0 + Double($1) } / Double(rollouts.count))
        }
        append("learned", rollouts.map(\.learnedScore))
        for (place, part) in rules.parts.enumerated() {
            // A kind of rule that is there twice is one metric: the first of them.
            if rules.parts[..<place].contains(where: { $0.function.name == part.function.name }) {
                continue
            }
            append(part.function.name, rollouts.map { $0.ruleScores[place] })
        }
    }

    /// An answer as people read it, with its score.
    func sample(_ rollout: Rollout) -> PromptedCompletion {
        var sample = text(rollout.example)
        sample.score = Double(rollout.score)
        return sample
    }

    /// Gold scores, and held-out perplexity where it is due: reported, never trained on.
    ///
    /// - Parameter interval: Updates between perplexities; 0 for none.
    func evaluate(
        _ rollouts: [Rollout], update: Int, isLast: Bool, interval: Int, plan: ParallelPlan,
        into row: inout MetricRow
    ) {
        reportRules(rollouts, into: &row)
        if let gold {
            let scores = gold(rollouts.map { text($0.example) })
            row.append("objective/gold", scores.reduce(0, +) / Double(max(1, scores.count)))
        }
        let isDue = update == 0 || isLast || interval > 0 && (update + 1).isMultiple(of: interval)
        if isDue && interval > 0 && !heldOut.isEmpty {
            let loss = meanLoss(of: policy, on: heldOut, plan: plan).loss
            row.append("eval/perplexity", exp(loss))
        }
    }
}
