import Alignment
public import ArgumentParser

/// The options of PPO beyond those of all recipes.
struct PPOArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Optimizer passes over the episodes of an update.", valueName: "N"))
    var ppoEpochs = 4

    @Option(help: ArgumentHelp("Episodes of an optimizer step.", valueName: "N"))
    var minibatchSize = 32

    @Option(help: ArgumentHelp("β of the KL penalty.", valueName: "X"))
    var klCoefficient: Float = 0.05

    @Option(
        help: ArgumentHelp("Move β so that the KL of an answer stays near this.", valueName: "NATS")
    )
    var klTarget: Float?

    @Option(help: ArgumentHelp("Episodes over which β may change by its own size.", valueName: "N"))
    var klHorizon = 10_000

    @Option(help: "The KL estimator inside the reward: k1, k2 or k3.")
    var klEstimator = KLEstimator.k1

    @Option(help: ArgumentHelp("Discount γ.", valueName: "X"))
    var discount: Float = 1

    @Option(help: ArgumentHelp("λ of generalized advantage estimation.", valueName: "X"))
    var gaeLambda: Float = 0.95

    @Option(help: ArgumentHelp("Clip range ε of the policy.", valueName: "X"))
    var clipRange: Float = 0.2

    @Option(help: ArgumentHelp("Clip range of the value function.", valueName: "X"))
    var valueClipRange: Float = 0.2

    @Option(help: ArgumentHelp("Entropy bonus.", valueName: "X"))
    var entropyCoefficient: Float = 0

    @Flag(help: "Value head on the policy's trunk in place of a critic of its own.")
    var sharedTrunk = false

    @Option(help: ArgumentHelp("Weight of the value loss, with --shared-trunk.", valueName: "X"))
    var valueCoefficient: Float = 0.1

    @Option(
        help: ArgumentHelp(
            "Learning rate of a critic of its own (default: three times the policy's).",
            valueName: "RATE"))
    var valueLearningRate: Float?

    @Option(
        help: ArgumentHelp(
            "End an update early once approxkl passes 1.5 times this.", valueName: "X"))
    var targetKl: Float?

    @OptionGroup var missingEnd: MissingEndArguments

    @Option(
        help: ArgumentHelp(
            "Divide scores by their deviation: none, reference (that of the first update) or running "
                + "(of all updates so far).", valueName: "NAME"))
    var scoreScale = ScoreScaling.Rule.none

    @Option(help: ArgumentHelp("Cut scores to ±X, after scaling.", valueName: "X"))
    var scoreClip: Float?

    @Flag(help: "Give the rewards of an update variance 1, around their mean.")
    var whitenRewards = false

    @Option(
        help: ArgumentHelp("Sampling temperature, in all log-probabilities too.", valueName: "T"))
    var temperature: Float = 1

    @Option(help: ArgumentHelp("Not for PPO: see the message.", visibility: .hidden))
    var topK = 0

    @Option(help: ArgumentHelp("Not for PPO: see the message.", visibility: .hidden))
    var topP: Float = 1

    @Option(help: ArgumentHelp("Tokens of an answer at most.", valueName: "N"))
    var maxNewTokens = 53

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Stop once the mean score of an update passes this.", valueName: "SCORE")
    )
    var untilScore: Double?

    func validate() throws {
        if topK != 0 || topP < 1 {
            throw ValidationError(
                "--top-k and --top-p are refused in PPO: log-probabilities would not be those of the "
                    + "distribution that was sampled; use --temperature")
        }
        if temperature <= 0 { throw ValidationError("--temperature is above 0") }
        if !(1...1_000_000).contains(maxNewTokens) {
            throw ValidationError("--max-new-tokens is between 1 and 1,000,000")
        }
        if ppoEpochs < 1 { throw ValidationError("--ppo-epochs is at least 1") }
        if minibatchSize < 1 { throw ValidationError("--minibatch-size is at least 1") }
        if klCoefficient < 0 { throw ValidationError("--kl-coefficient is at least 0") }
        if let scoreClip, !(scoreClip > 0) { throw ValidationError("--score-clip is above 0") }
        if let klTarget, klTarget <= 0 { throw ValidationError("--kl-target is above 0") }
        if klHorizon < 1 { throw ValidationError("--kl-horizon is at least 1") }
        if !(0...1).contains(discount) || !(0...1).contains(gaeLambda) {
            throw ValidationError("--discount and --gae-lambda are between 0 and 1")
        }
    }

    func options(policyLearningRate: Float) -> PPOOptions {
        var options = PPOOptions()
        options.epochsPerRollout = ppoEpochs
        options.minibatchSize = minibatchSize
        options.klController = KLController(
            coefficient: klCoefficient,
            rule: klTarget.map { .adaptive(target: $0, horizon: klHorizon) } ?? .fixed)
        options.klEstimator = klEstimator
        options.discount = discount
        options.gaeLambda = gaeLambda
        options.clipRange = clipRange
        options.valueClipRange = valueClipRange
        options.entropyCoefficient = entropyCoefficient
        options.critic =
            sharedTrunk
            ? .sharedTrunk(coefficient: valueCoefficient)
            : .separate(learningRate: valueLearningRate ?? 3 * policyLearningRate)
        options.targetKL = targetKl
        options.missingEndPenalty = missingEnd.penalty
        options.scoreScaling = ScoreScaling(rule: scoreScale, clip: scoreClip)
        options.whitensRewards = whitenRewards
        options.temperature = temperature
        options.maxNewTokens = maxNewTokens
        options.untilScore = untilScore
        return options
    }
}

extension KLEstimator: ExpressibleByArgument {}
extension ScoreScaling.Rule: ExpressibleByArgument {}
