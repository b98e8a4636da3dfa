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
    /// Turns tokens into text, for samples and for `gold`.
    public var text: (TokenizedExample) -> PromptedCompletion
    /// The truth as a rule scorer sees it: reported, never trained on.
    public var gold: (([PromptedCompletion]) -> [Double])?
    /// Rows whose perplexity is watched.
    public var heldOut: [TokenizedExample]

    public init(
        policy: LanguageModel, reference: LanguageModel, critic: LanguageModel? = nil,
        score: @escaping ([TokenizedExample]) -> [Float],
        text: @escaping (TokenizedExample) -> PromptedCompletion,
        gold: (([PromptedCompletion]) -> [Double])? = nil, heldOut: [TokenizedExample] = []
    ) {
        self.policy = policy
        self.reference = reference
        self.critic = critic
        self.score = score
        self.text = text
        self.gold = gold
        self.heldOut = heldOut
    }
}

extension PolicyModels {
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
