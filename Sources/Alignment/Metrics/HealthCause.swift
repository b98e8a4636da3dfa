/// What can go wrong in a training run, by the name the field has for it.
///
/// In the order in which warnings of one step are given.
public enum HealthCause: String, CaseIterable, Sendable {
    /// A figure is NaN or infinite.
    case nonFinite = "non-finite numbers"
    /// Sampling and training compute different probabilities for the same tokens.
    case ratioOff = "ratio off 1 before a step"
    /// The score rises while the true quality falls.
    case rewardHacking = "reward hacking"
    /// The policy leaves the reference model behind.
    case runawayKL = "KL running away"
    /// The KL estimate is below zero by more than its noise.
    case negativeKL = "negative KL"
    /// The policy is certain of every token.
    case entropyCollapse = "entropy collapse"
    /// Different prompts get the same answer.
    case identicalAnswers = "answers becoming identical"
    /// Answers run into the length limit.
    case vanishingEnd = "end token disappearing"
    /// Answers grow or shrink far from where they began.
    case lengthDrift = "length drift"
    /// The policy forgets what it knew.
    case forgetting = "forgetting"
    /// The value function foresees nothing.
    case valueNotLearning = "value function not learning"
    /// Updates are larger than the clip range means them to be.
    case updatesTooLarge = "updates too large"
    /// Nothing moves: neither the score nor the policy.
    case flatReward = "reward flat at low KL"
    /// The policy moves, the score does not.
    case klWithoutReward = "KL spent without reward"
    /// The reward model does no better than a coin on held-out pairs.
    case rewardModelAtChance = "reward model at chance"
    /// The held-out loss rises while the training loss falls.
    case overfitting = "learning by heart"
    /// The chosen answers become unlikely together with the rejected ones.
    case likelihoodDisplacement = "chosen answers becoming unlikely"
    /// All answers to a prompt score the same, so that none is better than the others.
    case noSignal = "no signal in the groups"

    /// When the monitor says it, in one line.
    public var sign: String {
        switch self {
        case .nonFinite: "a figure of the step is NaN or infinite"
        case .ratioOff: "the mean ratio of new to old is not 1 before the first step"
        case .rewardHacking: "scores rise while gold, or the held-out win rate, falls"
        case .runawayKL:
            "KL is above the budget (10 nats, 0.3 a token), or doubles on the way there"
        case .negativeKL: "the KL estimate is below 0 by more than its noise"
        case .entropyCollapse: "the entropy is below a quarter of its start"
        case .identicalAnswers: "the share of different answers is below 0.7 of its start"
        case .vanishingEnd: "the share of answers that end fell by 0.15, or below a half"
        case .lengthDrift: "answers are half as long again as at the start, or half as long"
        case .forgetting: "held-out perplexity is 1.3 times its lowest value"
        case .valueNotLearning: "after 20 updates the values explain none of the returns"
        case .updatesTooLarge: "more than 0.3 of the tokens are clipped, or approxkl is above 0.1"
        case .flatReward: "after 20 updates neither the score nor the policy has moved"
        case .klWithoutReward: "half the KL budget is spent and the score has not moved"
        case .rewardModelAtChance: "held-out accuracy is below 0.55"
        case .overfitting: "the held-out loss is 5 % above its lowest while the loss falls"
        case .likelihoodDisplacement:
            "the log-probability of the chosen answers has doubled downwards"
        case .noSignal: "in 0.9 of the groups all answers score the same"
        }
    }

    /// What to do about it, in one line.
    public var advice: String {
        switch self {
        case .ratioOff:
            "sample and train with the same weights, precision and temperature; stop other writers"
        case .nonFinite:
            "lower the learning rate and go on from the last good checkpoint"
        case .rewardHacking:
            "stop here; raise the KL coefficient, or train the reward model on more pairs"
        case .runawayKL:
            "raise the KL coefficient, make it adaptive, or divide the policy's learning rate by 3"
        case .negativeKL:
            "sample at the temperature of the log-probabilities, without top-k and top-p"
        case .entropyCollapse:
            "raise the KL coefficient, lower the learning rate, or add an entropy bonus"
        case .identicalAnswers:
            "raise the KL coefficient; check that the reward model tells prompts apart"
        case .vanishingEnd:
            "set a missing-end penalty below the usual scores, or allow more new tokens"
        case .lengthDrift:
            "compare the reward model with the length baseline; balance the pairs' lengths"
        case .forgetting:
            "raise the KL coefficient, or go back to an earlier checkpoint"
        case .valueNotLearning:
            "raise the value learning rate or coefficient; start the critic from the reward model"
        case .updatesTooLarge:
            "divide the policy's learning rate by 3, use fewer epochs, or set a target KL"
        case .flatReward:
            "lower the KL coefficient or raise the policy's learning rate"
        case .klWithoutReward:
            "check the reward model's held-out accuracy; lower the policy's learning rate"
        case .rewardModelAtChance:
            "lint the pairs, add more of them, or train the supervised baseline longer"
        case .overfitting:
            "stop where the held-out loss was lowest: fewer epochs or more rows"
        case .likelihoodDisplacement:
            "add --sft-coefficient 0.1 to 1, raise beta, or use --loss apo-zero"
        case .noSignal:
            "raise --n or the temperature; take prompts whose answers differ in score"
        }
    }
}

/// A cause found in the figures of a run, with the figures that show it.
public struct HealthWarning: Equatable, Sendable {
    /// One figure: where it stands, and what it is compared with.
    public struct Evidence: Equatable, Sendable {
        /// The metric's key.
        public let metric: String
        /// Its recent value.
        public let value: Double
        /// Its earlier value or its limit; nil where there is nothing to compare with.
        public let reference: Double?

        /// One figure, beside what it is compared with.
        public init(metric: String, value: Double, reference: Double?) {
            self.metric = metric
            self.value = value
            self.reference = reference
        }
    }

    /// What is wrong; `rawValue` is its name for people.
    public let cause: HealthCause
    /// The step whose figures completed the evidence.
    public let step: Int
    /// The figures, the most telling one first.
    public let evidence: [Evidence]
    /// The tensor that had it first, where numbers are not finite.
    public let tensor: String?
    /// What to do about it, in one line.
    public var advice: String { cause.advice }

    /// A cause with the figures that show it.
    public init(cause: HealthCause, step: Int, evidence: [Evidence], tensor: String? = nil) {
        self.cause = cause
        self.step = step
        self.evidence = evidence
        self.tensor = tensor
    }
}
