/// What RLOO, GRPO, REINFORCE, rejection sampling and online DPO have beyond the options of all recipes.
public struct GroupOptions: Sendable, Equatable {
    public var objective: GroupObjective
    /// Answers to each prompt (G in GRPO, k in RLOO).
    public var completionsPerPrompt: Int
    /// β of the KL to the reference.
    public var klCoefficient: Float
    /// Optimizer passes over the rollouts of an update (μ in GRPO).
    public var epochsPerRollout: Int = 1
    /// Episodes of an optimizer step; nil takes all of an update.
    public var minibatchSize: Int?
    /// ε.
    public var clipRange: Float = 0.2
    /// ε_high where it differs (DAPO uses 0.28).
    public var upperClipRange: Float?
    public var missingEndPenalty: MissingEndPenalty?
    /// Divides the logits in sampling and in every log-probability.
    public var temperature: Float = 1
    public var maxNewTokens: Int = 53
    /// The run is over once the mean score of an update passes this.
    public var untilScore: Double?
    /// Updates between evaluations on held-out rows; 0 makes none.
    public var evaluationInterval: Int = 10
    /// Updates between samples of answers; 0 keeps none.
    public var sampleInterval: Int = 1
    /// Mean KL of an answer, in nats, above which the run is called running away.
    public var klBudget: Double = 10

    public init(objective: GroupObjective, completionsPerPrompt: Int, klCoefficient: Float) {
        self.objective = objective
        self.completionsPerPrompt = completionsPerPrompt
        self.klCoefficient = klCoefficient
    }

    var sampling: RolloutSampling {
        RolloutSampling(
            temperature: temperature, maxNewTokens: maxNewTokens,
            missingEndPenalty: missingEndPenalty)
    }
}
