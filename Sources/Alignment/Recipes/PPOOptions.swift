/// What PPO has beyond the options of all recipes; defaults are TRL's unless said.
public struct PPOOptions: Sendable, Equatable {
    /// Where values come from.
    public enum Critic: Sendable, Equatable {
        /// A value head on the policy's own hidden states; its loss is added with `coefficient`.
        case sharedTrunk(coefficient: Float)
        /// A model of its own, with its own optimizer.
        case separate(learningRate: Float)
    }

    /// Optimizer passes over the rollouts of an update (K in the paper).
    public var epochsPerRollout: Int = 4
    /// Episodes of an optimizer step.
    public var minibatchSize: Int = 32
    /// β of the KL penalty and how it moves.
    public var klController = KLController(coefficient: 0.05)
    /// The estimator inside the reward; k3 is reported beside it.
    public var klEstimator: KLEstimator = .k1
    /// γ.
    public var discount: Float = 1
    /// λ.
    public var gaeLambda: Float = 0.95
    /// ε of the policy.
    public var clipRange: Float = 0.2
    /// ε of the value function.
    public var valueClipRange: Float = 0.2
    /// c₂; 0 leaves the bonus out.
    public var entropyCoefficient: Float = 0
    public var critic: Critic = .separate(learningRate: 3e-6)
    /// Ends an update's epochs once approxkl exceeds 1.5 times this (OpenAI Spinning Up).
    public var targetKL: Float?
    public var missingEndPenalty: MissingEndPenalty?
    /// What scores are divided by, and where they are cut, before they become rewards.
    public var scoreScaling = ScoreScaling()
    /// Whether the rewards of an update get variance 1 around their mean (TRL's `whiten_rewards`).
    public var whitensRewards = false
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

    public init() {}

    var sampling: RolloutSampling {
        RolloutSampling(
            temperature: temperature, maxNewTokens: maxNewTokens,
            missingEndPenalty: missingEndPenalty)
    }
}
