import Alignment
public import ArgumentParser
import Autograd
import LanguageModels

/// The options that all training commands share; names and meanings are the same everywhere.
struct TrainingArguments: ParsableArguments {
    @Option(help: ArgumentHelp("Passes over the data.", valueName: "N"))
    var epochs: Double?

    @Option(
        help: ArgumentHelp(
            "Optimizer steps (updates for ppo), in place of --epochs.", valueName: "N"))
    var steps: Int?

    @Option(help: ArgumentHelp("Sequences, pairs or episodes of a step.", valueName: "N"))
    var batchSize: Int?

    @Option(
        help: ArgumentHelp("Rows longer than this many tokens are cut and counted.", valueName: "N")
    )
    var maxLength: Int?

    @Option(help: ArgumentHelp("Peak learning rate.", valueName: "RATE"))
    var learningRate: Float?

    @Option(help: "What the learning rate does after the warm-up: constant, linear or cosine.")
    var schedule: LearningRateSchedule.Form?

    @Option(help: ArgumentHelp("Steps from 0 to the peak learning rate.", valueName: "N"))
    var warmupSteps: Int = 0

    @Option(help: ArgumentHelp("Decoupled weight decay.", valueName: "X"))
    var weightDecay: Float = 0

    @Option(help: ArgumentHelp("AdamW's β₁.", valueName: "X"))
    var adamBeta1 = 0.9

    @Option(help: ArgumentHelp("AdamW's β₂.", valueName: "X"))
    var adamBeta2 = 0.999

    @Option(help: ArgumentHelp("AdamW's ε.", valueName: "X"))
    var adamEpsilon: Float?

    @Option(
        help:
            "Where AdamW's ε stands: pytorch, or tensorflow as in the first RLHF (gentler at first)."
    )
    var adamForm = AdamW.Form.pytorch

    @Option(
        help: ArgumentHelp(
            "Gradients are scaled down to this global norm; 0 leaves them.", valueName: "X"))
    var maxGradNorm: Float = 1

    @Option(
        help: ArgumentHelp(
            "Lowest layers to leave as they are, the embeddings with them: 3 or 70%.",
            valueName: "N|N%"))
    var freezeLayers: LayerShare?

    @OptionGroup var lora: LoRAArguments

    @Flag(help: "Visit rows in file order.")
    var noShuffle = false

    @Option(help: ArgumentHelp("Seconds between checkpoints.", valueName: "SECONDS"))
    var checkpointEvery: Double = 30

    @Option(
        help: ArgumentHelp(
            "Write the metrics of each step to this file, as JSON lines.", valueName: "FILE"))
    var metrics: String?

    @Option(help: "What the health monitor does beside naming what goes wrong: tell or stop.")
    var health = HealthChoice.tell

    enum HealthChoice: String, ExpressibleByArgument, CaseIterable { case tell, stop }

    @Option(help: ArgumentHelp("Slot for the result, in a cell.", valueName: "SLOT"))
    var into: String?

    @Option(help: ArgumentHelp("Folder to write the result to.", valueName: "DIR"))
    var out: String?

    @Flag(help: "Go on from the checkpoint that an interrupted run left in --out.")
    var resume = false

    func validate() throws {
        if let epochs, !(epochs > 0 && epochs.isFinite) {
            throw ValidationError("--epochs is above 0")
        }
        if let steps, steps < 1 { throw ValidationError("--steps is at least 1") }
        if let batchSize, !(1...1_000_000).contains(batchSize) {
            throw ValidationError("--batch-size is between 1 and 1,000,000")
        }
        if let steps, steps > 1_000_000_000 {
            throw ValidationError("--steps is at most 1,000,000,000")
        }
        if let epochs, epochs > 1_000_000 { throw ValidationError("--epochs is at most 1,000,000") }
        if let maxLength, maxLength < 2 { throw ValidationError("--max-length is at least 2") }
        if let learningRate, !(learningRate >= 0 && learningRate.isFinite) {
            throw ValidationError("--learning-rate is a number of at least 0")
        }
        if warmupSteps < 0 { throw ValidationError("--warmup-steps is at least 0") }
        if weightDecay < 0 { throw ValidationError("--weight-decay is at least 0") }
        for beta in [adamBeta1, adamBeta2] where !(0..<1).contains(beta) {
            throw ValidationError("--adam-beta1 and --adam-beta2 are at least 0 and below 1")
        }
        if let adamEpsilon, adamEpsilon <= 0 { throw ValidationError("--adam-epsilon is above 0") }
        if !(checkpointEvery >= 0) { throw ValidationError("--checkpoint-every is at least 0") }
    }

    /// The recipe's options; what was not said takes the recipe's default.
    func options(
        defaults: TrainingDefaults, layers: Int, settings: Settings
    ) -> TrainingOptions {
        TrainingOptions(
            length: steps.map { .steps($0) } ?? .epochs(epochs ?? defaults.epochs),
            batchSize: batchSize ?? defaults.batchSize,
            learningRate: learningRate ?? defaults.learningRate,
            schedule: schedule ?? defaults.schedule, warmupSteps: warmupSteps,
            adam: AdamW.Configuration(
                beta1: adamBeta1, beta2: adamBeta2, epsilon: adamEpsilon ?? defaults.epsilon,
                weightDecay: weightDecay, form: adamForm),
            maxGradientNorm: maxGradNorm > 0 ? maxGradNorm : nil,
            frozenLayers: freezeLayers?.count(of: layers) ?? 0, shuffles: !noShuffle,
            seed: settings.seed, plan: settings.plan, precision: settings.precision)
    }
}

/// What a recipe uses where nothing is said.
struct TrainingDefaults {
    var epochs: Double
    var batchSize: Int
    var learningRate: Float
    var schedule = LearningRateSchedule.Form.linear
    var epsilon: Float = 1e-8
}

/// A number of layers, or a share of them.
enum LayerShare: ExpressibleByArgument {
    case count(Int)
    case percent(Double)

    init?(argument: String) {
        if argument.hasSuffix("%") {
            guard let percent = Double(argument.dropLast()), (0...100).contains(percent) else {
                return nil
            }
            self = .percent(percent)
        } else {
            guard let count = Int(argument), count >= 0 else { return nil }
            self = .count(count)
        }
    }

    /// A share is rounded down, as the tutorials that freeze 70 % do.
    func count(of layers: Int) -> Int {
        switch self {
        case .count(let count): min(count, layers)
        case .percent(let percent): Int(Double(layers) * percent / 100)
        }
    }
}

extension LearningRateSchedule.Form: ExpressibleByArgument {}
extension AdamW.Form: ExpressibleByArgument {}
