public import Autograd
public import LanguageModels

/// A preference pair as tokens.
public struct TokenizedPair: Sendable, Equatable {
    /// Prompt and preferred completion, end token included.
    public var chosen: [Int]
    /// Prompt and other completion, end token included.
    public var rejected: [Int]
    /// By how much the chosen score should lead.
    public var margin: Float
    /// What the pair counts.
    public var weight: Float
    /// Pairs with the same prompt stay in one batch and on one side of a split.
    public var promptID: String

    public init(
        chosen: [Int], rejected: [Int], margin: Float = 0, weight: Float = 1, promptID: String
    ) {
        self.chosen = chosen
        self.rejected = rejected
        self.margin = margin
        self.weight = weight
        self.promptID = promptID
    }
}

/// A reward model from preference pairs: the Bradley-Terry loss on scores read at the last token.
public struct RewardTrainer {
    public var options: TrainingOptions
    /// The factor of (r_chosen + r_rejected)² in the loss; 0 leaves it out.
    public var centeringCoefficient: Float
    /// Steps between evaluations on held-out pairs; 0 evaluates at the end only.
    public var evaluationInterval: Int

    public init(
        options: TrainingOptions, centeringCoefficient: Float = 0, evaluationInterval: Int = 0
    ) {
        self.options = options
        self.centeringCoefficient = centeringCoefficient
        self.evaluationInterval = evaluationInterval
    }

    /// Pairs that a thread scores at once.
    static let scoringPartSize = 16

    /// Trains a model with a score head in place.
    ///
    /// All pairs of a prompt are in one batch: a comparison seen in several batches of an epoch
    /// overfits (Ouyang et al. 2022, arXiv:2203.02155, section 3.5).
    public func train(
        _ model: LanguageModel, on pairs: [TokenizedPair], heldOut: [TokenizedPair] = [],
        resume: TrainingCheckpoint? = nil, report: TrainingReport
    ) -> TrainingOutcome {
        precondition(!pairs.isEmpty, "reward training: there are no pairs")
        let groups = Self.groups(of: pairs)
        let order = DataOrder(
            count: groups.count, shuffles: options.shuffles, seed: options.seed)
        // Batches are whole prompts, so epochs can differ by a batch; the plan is made beforehand.
        let batches = Self.batches(
            groups: groups, order: order, batchSize: options.batchSize, length: options.length)
        let learningRates = options.learningRates(totalSteps: batches.count)
        let optimizer = ModelOptimizer(model, name: "model", options: options)
        let gradients = ShardedGradients(
            [model.parameters], firstTrainable: [optimizer.firstTrainable], plan: options.plan)
        if let resume { optimizer.restore(resume) }
        let first = resume?.step ?? 0
        var tokensRead = resume?[number: "num_tokens"] ?? 0
        _ = report(.started(completed: first, total: batches.count, unit: "step"))

        for step in first..<max(first, batches.count) {
            let batch = batches[step].map { pairs[$0] }
            let learningRate = learningRates.learningRate(atStep: step)
            tokensRead += Double(batch.reduce(0) { $0 + $1.chosen.count + $1.rejected.count })
            let (loss, scores) = self.gradients(gradients, model, batch)
            let norm = optimizer.step(
                gradients, learningRate: learningRate, maximumNorm: options.maxGradientNorm)
            guard norm.isFinite, loss.isFinite else {
                return .diverged(step: step + 1, metric: loss.isFinite ? "grad_norm" : "loss")
            }
            var row = MetricRow(step: step + 1, [("loss", loss)])
            Self.append(PairScores(scores), to: &row, prefix: "rewards/")
            row.append("grad_norm", Double(norm))
            row.append("learning_rate", Double(learningRate))
            row.append("num_tokens", tokensRead)
            let isLast = step + 1 == batches.count
            if !heldOut.isEmpty
                && (isLast
                    || evaluationInterval > 0 && (step + 1).isMultiple(of: evaluationInterval))
            {
                let held = PairScores(pairScores(of: model, on: heldOut, plan: options.plan))
                row.append("eval/accuracy", held.accuracy)
                row.append("eval/margin", held.meanMargin)
            }
            let decision = report(
                .step(row) {
                    var checkpoint = TrainingCheckpoint(step: step + 1)
                    optimizer.add(to: &checkpoint)
                    checkpoint.numbers.append(.init(name: "num_tokens", value: tokensRead))
                    return checkpoint
                })
            if decision == .stop && !isLast { return .interrupted(step: step + 1) }
        }
        return .finished
    }

    private static func append(_ scores: PairScores, to row: inout MetricRow, prefix: String) {
        row.append(prefix + "accuracies", scores.accuracy)
        row.append(prefix + "chosen", scores.meanChosen)
        row.append(prefix + "rejected", scores.meanRejected)
        row.append(prefix + "margins", scores.meanMargin)
    }

    /// Pair indices by prompt, prompts in order of first appearance.
    static func groups(of pairs: [TokenizedPair]) -> [[Int]] {
        var places: [String: Int] = [:]
        var groups: [[Int]] = []
        for (index, pair) in pairs.enumerated() {
            if let place = places[pair.promptID] {
                groups[place].append(index)
            } else {
                places[pair.promptID] = groups.count
                groups.append([index])
            }
        }
        return groups
    }

    /// Whole prompts gathered until a batch has `batchSize` pairs.
    static func batches(
        groups: [[Int]], order: DataOrder, batchSize: Int, length: TrainingOptions.Length
    ) -> [[Int]] {
        var batches: [[Int]] = []
        var epoch = 0
        while true {
            var batch: [Int] = []
            var ofEpoch: [[Int]] = []
            for group in order.epoch(epoch).map({ groups[$0] }) {
                if !batch.isEmpty && batch.count + group.count > batchSize {
                    ofEpoch.append(batch)
                    batch = []
                }
                batch += group
            }
            if !batch.isEmpty { ofEpoch.append(batch) }
            epoch += 1
            switch length {
            case .steps(let count):
                batches += ofEpoch
                if batches.count >= count { return Array(batches.prefix(count)) }
            case .epochs(let count):
                let share = min(1, count - Double(epoch - 1))
                batches += ofEpoch.prefix(Int((share * Double(ofEpoch.count)).rounded(.up)))
                if Double(epoch) >= count { return batches }
            }
        }
    }

    private func gradients(
        _ gradients: ShardedGradients, _ model: LanguageModel, _ batch: [TokenizedPair]
    ) -> (loss: Double, scores: [PairScore]) {
        let total = batch.reduce(0) { $0 + $1.weight }
        let parts = gradients.accumulate { shard, weights -> (Tensor?, (Double, [PairScore])) in
            let part = batch[options.plan.range(of: shard, in: batch.count)]
            if part.isEmpty { return (nil, (0, [])) }
            let (chosen, rejected) = Self.scores(of: model, part, weights: weights[0])
            let loss = bradleyTerryLoss(
                chosen: chosen, rejected: rejected, margins: part.map(\.margin),
                weights: part.map { $0.weight / total },
                centeringCoefficient: centeringCoefficient)
            let scores = zip(chosen.array, rejected.array).map(PairScore.init)
            return (loss, (Double(loss.scalar), scores))
        }
        return (parts.reduce(0) { $0 + $1.0 }, parts.flatMap(\.1))
    }

    fileprivate static func scores(
        of model: LanguageModel, _ pairs: ArraySlice<TokenizedPair>, weights: Weights?
    ) -> (chosen: Tensor, rejected: Tensor) {
        let all = model.scores(
            of: PackedSequences(pairs.map(\.chosen) + pairs.map(\.rejected)), weights: weights)
        return (
            all.elements(at: Array(0..<pairs.count)),
            all.elements(at: Array(pairs.count..<(2 * pairs.count)))
        )
    }
}

/// The scores of a pair's two completions.
public struct PairScore: Sendable, Equatable {
    public let chosen: Float
    public let rejected: Float

    public init(chosen: Float, rejected: Float) {
        self.chosen = chosen
        self.rejected = rejected
    }
}

/// What the scores of many pairs say together.
public struct PairScores: Sendable, Equatable {
    /// The share of pairs whose chosen score is higher; ties count half.
    public let accuracy: Double
    public let meanChosen: Double
    public let meanRejected: Double
    public var meanMargin: Double { meanChosen - meanRejected }

    public init(_ scores: [PairScore]) {
        let count = Double(max(1, scores.count))
        accuracy =
            scores.reduce(0) {
                $0 + ($1.chosen > $1.rejected ? 1 : ($1.chosen == $1.rejected ? 0.5 : 0))
            } / count
        meanChosen = scores.reduce(0) { $0 + Double($1.chosen) } / count
        meanRejected = scores.reduce(0) { $0 + Double($1.rejected) } / count
    }
}

/// The scores a reward model gives to pairs.
public func pairScores(
    of model: LanguageModel, on pairs: [TokenizedPair], plan: ParallelPlan
) -> [PairScore] {
    let partSize = RewardTrainer.scoringPartSize
    return plan.map((pairs.count + partSize - 1) / partSize) { index -> [PairScore] in
        let range = (index * partSize)..<min(pairs.count, (index + 1) * partSize)
        let (chosen, rejected) = RewardTrainer.scores(of: model, pairs[range], weights: nil)
        return zip(chosen.array, rejected.array).map(PairScore.init)
    }.flatMap { $0 }
}

/// The scores a reward model gives to whole sequences, read at each one's last token.
public func sequenceScores(
    of model: LanguageModel, on sequences: [[Int]], plan: ParallelPlan
) -> [Float] {
    let partSize = evaluationPartSize
    return plan.map((sequences.count + partSize - 1) / partSize) { index -> [Float] in
        let range = (index * partSize)..<min(sequences.count, (index + 1) * partSize)
        return model.scores(of: PackedSequences(Array(sequences[range]))).array
    }.flatMap { $0 }
}

/// Moves a reward model's scores to mean 0 and deviation 1 over these sequences (Ziegler et al. 2019,
/// arXiv:1909.08593, section 2.1), by scaling the head and shifting the last layer norm.
///
/// - Returns: Mean and deviation before.
@discardableResult
public func normalizeScores(
    of model: LanguageModel, on sequences: [[Int]], plan: ParallelPlan
) -> (mean: Double, deviation: Double) {
    let scores = sequenceScores(of: model, on: sequences, plan: plan).map(Double.init)
    let mean = scores.reduce(0, +) / Double(max(1, scores.count))
    let variance =
        scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, scores.count))
    let deviation = variance.squareRoot()
    if deviation > 0 { model.scaleScores(by: Float(1 / deviation)) }
    model.shiftScores(by: Float(deviation > 0 ? -mean / deviation : -mean))
    return (mean, deviation)
}
