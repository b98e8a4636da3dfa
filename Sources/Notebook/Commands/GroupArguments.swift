import Alignment
import ArgumentParser
import Autograd

/// The options that RLOO, GRPO and REINFORCE have in common beyond those of all recipes.
struct GroupArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("β of the KL to the reference (default: the method's).", valueName: "X"))
    var klCoefficient: Float?

    @Option(
        help: ArgumentHelp("Sampling temperature, in all log-probabilities too.", valueName: "T"))
    var temperature: Float = 1

    @Option(help: ArgumentHelp("Tokens of an answer at most.", valueName: "N"))
    var maxNewTokens = 53

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Score in place of the reward model's for an answer without an end.", valueName: "SCORE"
        ))
    var missingEndScore: Float?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Stop once the mean score of an update passes this.", valueName: "SCORE")
    )
    var untilScore: Double?

    func validate() throws {
        if !(temperature > 0 && temperature.isFinite) {
            throw ValidationError("--temperature is above 0")
        }
        if !(1...1_000_000).contains(maxNewTokens) {
            throw ValidationError("--max-new-tokens is between 1 and 1,000,000")
        }
        if let klCoefficient, !(klCoefficient >= 0) {
            throw ValidationError("--kl-coefficient is at least 0")
        }
    }

    func apply(to options: inout GroupOptions) {
        if let klCoefficient { options.klCoefficient = klCoefficient }
        options.temperature = temperature
        options.maxNewTokens = maxNewTokens
        options.missingEndPenalty = missingEndScore.map { .replacingScore($0) }
        options.untilScore = untilScore
    }
}

/// The options of the two methods with clipped ratios.
struct ClippingArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Answers to each prompt (default: the method's).", valueName: "N"))
    var n: Int?

    @Option(
        help: ArgumentHelp("Optimizer passes over the episodes of an update.", valueName: "N"))
    var epochsPerRollout = 1

    @Option(
        help: ArgumentHelp(
            "Episodes of an optimizer step (default: all of an update).", valueName: "N"))
    var minibatchSize: Int?

    @Option(help: ArgumentHelp("Clip range ε.", valueName: "X"))
    var clipRange: Float = 0.2

    @Option(
        help: ArgumentHelp(
            "Upper clip range where it differs; DAPO has 0.28.", valueName: "X"))
    var clipRangeHigh: Float?

    func validate() throws {
        if let n, n < 2 {
            throw ValidationError("--n is at least 2: answers are judged against each other")
        }
        if epochsPerRollout < 1 { throw ValidationError("--epochs-per-rollout is at least 1") }
        if let minibatchSize, minibatchSize < 1 {
            throw ValidationError("--minibatch-size is at least 1")
        }
        if !(0..<1).contains(clipRange) {
            throw ValidationError("--clip-range is at least 0 and below 1")
        }
        if let clipRangeHigh, !(clipRangeHigh >= 0) {
            throw ValidationError("--clip-range-high is at least 0")
        }
    }

    func apply(to options: inout GroupOptions) {
        if let n { options.completionsPerPrompt = n }
        options.epochsPerRollout = epochsPerRollout
        options.minibatchSize = minibatchSize
        options.clipRange = clipRange
        options.upperClipRange = clipRangeHigh
    }
}
