import Alignment
import ArgumentParser
import Autograd

/// The options that RLOO, GRPO, REINFORCE, rejection sampling and online DPO have in common beyond
/// those of all recipes.
struct GroupArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("β of the KL to the reference (default: the method's).", valueName: "X"))
    var klCoefficient: Float?

    @Option(
        help: ArgumentHelp("Sampling temperature, in all log-probabilities too.", valueName: "T"))
    var temperature: Float = 1

    @Option(help: ArgumentHelp("Tokens of an answer at most.", valueName: "N"))
    var maxNewTokens = 53

    @OptionGroup var missingEnd: MissingEndArguments

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
        options.missingEndPenalty = missingEnd.penalty
        options.untilScore = untilScore
    }
}

/// What an answer is worth that was cut off before its end.
struct MissingEndArguments: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Score in place of the reward model's for an answer without an end.", valueName: "SCORE"
        ))
    var missingEndScore: Float?

    @Option(
        help: ArgumentHelp(
            "Taken off the score of an answer without an end, as TRL does.", valueName: "X"))
    var missingEndPenalty: Float?

    func validate() throws {
        if missingEndScore != nil && missingEndPenalty != nil {
            throw ValidationError(
                "--missing-end-score and --missing-end-penalty exclude each other")
        }
        if let missingEndPenalty, !(missingEndPenalty >= 0 && missingEndPenalty.isFinite) {
            throw ValidationError("--missing-end-penalty is at least 0")
        }
    }

    var penalty: MissingEndPenalty? {
        missingEndScore.map { .replacingScore($0) }
            ?? missingEndPenalty.map { .subtracting($0) }
    }
}

/// How many answers to a prompt are judged against each other.
struct GroupSizeArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Answers to each prompt (default: the method's).", valueName: "N"))
    var n: Int?

    func validate() throws {
        if let n, n < 2 {
            throw ValidationError("--n is at least 2: answers are judged against each other")
        }
    }

    func apply(to options: inout GroupOptions) {
        if let n { options.completionsPerPrompt = n }
    }
}

/// How often and in what parts the answers of an update are learned from.
struct RolloutArguments: ParsableArguments {
    @Option(
        help: ArgumentHelp("Optimizer passes over the episodes of an update.", valueName: "N"))
    var epochsPerRollout = 1

    @Option(
        help: ArgumentHelp(
            "Episodes of an optimizer step (default: all of an update).", valueName: "N"))
    var minibatchSize: Int?

    func validate() throws {
        if epochsPerRollout < 1 { throw ValidationError("--epochs-per-rollout is at least 1") }
        if let minibatchSize, minibatchSize < 1 {
            throw ValidationError("--minibatch-size is at least 1")
        }
    }

    func apply(to options: inout GroupOptions) {
        options.epochsPerRollout = epochsPerRollout
        options.minibatchSize = minibatchSize
    }
}

/// The options of the two methods with clipped ratios.
struct ClippingArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Clip range ε.", valueName: "X"))
    var clipRange: Float = 0.2

    @Option(
        help: ArgumentHelp(
            "Upper clip range where it differs; DAPO has 0.28.", valueName: "X"))
    var clipRangeHigh: Float?

    func validate() throws {
        if !(0..<1).contains(clipRange) {
            throw ValidationError("--clip-range is at least 0 and below 1")
        }
        if let clipRangeHigh, !(clipRangeHigh >= 0) {
            throw ValidationError("--clip-range-high is at least 0")
        }
    }

    func apply(to options: inout GroupOptions) {
        options.clipRange = clipRange
        options.upperClipRange = clipRangeHigh
    }
}
