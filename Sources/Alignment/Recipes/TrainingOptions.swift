public import Autograd

/// What all recipes have in common.
public struct TrainingOptions: Sendable, Equatable {
    /// How long a run is.
    public enum Length: Sendable, Equatable {
        case epochs(Double)
        case steps(Int)

        /// Optimizer steps for a number of rows.
        func steps(rows: Int, batchSize: Int) -> Int {
            switch self {
            case .steps(let count): return count
            case .epochs(let count):
                let perEpoch = (rows + batchSize - 1) / batchSize
                return max(1, Int((count * Double(perEpoch)).rounded(.up)))
            }
        }
    }

    public var length: Length
    /// Sequences, pairs or episodes an optimizer step or update uses.
    public var batchSize: Int
    public var learningRate: Float
    public var schedule: LearningRateSchedule.Form
    public var warmupSteps: Int
    public var adam: AdamW.Configuration
    /// Gradients are scaled down to this global norm; nil leaves them.
    public var maxGradientNorm: Float?
    /// Lowest layers that stay as they are, the embeddings with them.
    public var frozenLayers: Int
    public var shuffles: Bool
    public var seed: UInt64
    public var plan: ParallelPlan
    /// The form of the operands of matrix products.
    public var precision: Precision

    public init(
        length: Length, batchSize: Int, learningRate: Float,
        schedule: LearningRateSchedule.Form = .linear, warmupSteps: Int = 0,
        adam: AdamW.Configuration = AdamW.Configuration(), maxGradientNorm: Float? = 1,
        frozenLayers: Int = 0, shuffles: Bool = true, seed: UInt64 = 42, plan: ParallelPlan,
        precision: Precision = .f32
    ) {
        self.length = length
        self.batchSize = batchSize
        self.learningRate = learningRate
        self.schedule = schedule
        self.warmupSteps = warmupSteps
        self.adam = adam
        self.maxGradientNorm = maxGradientNorm
        self.frozenLayers = frozenLayers
        self.shuffles = shuffles
        self.seed = seed
        self.plan = plan
        self.precision = precision
    }

    func learningRates(totalSteps: Int, peak: Float? = nil) -> LearningRateSchedule {
        LearningRateSchedule(
            form: schedule, peak: peak ?? learningRate, warmupSteps: warmupSteps,
            totalSteps: totalSteps)
    }
}

/// The order in which rows are visited: a new permutation each epoch, or file order.
struct DataOrder {
    let count: Int
    let shuffles: Bool
    let seed: UInt64

    /// The rows of an epoch.
    func epoch(_ epoch: Int) -> [Int] {
        if !shuffles { return Array(0..<count) }
        var random = RandomStream(seed: seed, purpose: .order, step: epoch)
        return random.permutation(of: count)
    }

    /// `size` rows starting at place `start` of the endless sequence of epochs.
    func rows(from start: Int, size: Int) -> [Int] {
        var result: [Int] = []
        var place = start
        while result.count < size && count > 0 {
            let order = epoch(place / count)
            let first = place % count
            let taken = min(size - result.count, count - first)
            result += order[first..<(first + taken)]
            place += taken
        }
        return result
    }
}
