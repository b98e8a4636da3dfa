import Autograd
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
    /// The probability that the chosen completion is the better one.
    public var confidence: Float
    /// Pairs with the same prompt stay in one batch and on one side of a split.
    public var promptID: String
    /// Tokens of the prompt that both sequences start with; what follows them is the completion.
    public var promptCount: Int

    public init(
        chosen: [Int], rejected: [Int], margin: Float = 0, weight: Float = 1,
        confidence: Float = 1, promptID: String, promptCount: Int = 0
    ) {
        self.chosen = chosen
        self.rejected = rejected
        self.margin = margin
        self.weight = weight
        self.confidence = confidence
        self.promptID = promptID
        self.promptCount = promptCount
    }

    /// Tokens of both sequences.
    public var count: Int { chosen.count + rejected.count }

    /// The sequences as prompt and completion, the chosen one first.
    var examples: [TokenizedExample] {
        [chosen, rejected].map {
            TokenizedExample(
                prompt: Array($0.prefix(promptCount)), completion: Array($0.dropFirst(promptCount)))
        }
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
    ///
    /// - Parameter history: Metric rows of the steps before `resume`, for the health monitor; their
    ///   warnings are reported again before the run starts.
    public func train(
        _ model: LanguageModel, on pairs: [TokenizedPair], heldOut: [TokenizedPair] = [],
        resume: TrainingCheckpoint? = nil, history: [MetricRow] = [], report: TrainingReport
    ) -> TrainingOutcome {
        precondition(!pairs.isEmpty, "reward training: there are no pairs")
        let groups = Self.groups(of: pairs)
        let order = DataOrder(
            count: groups.count, shuffles: options.shuffles, seed: options.seed)
        // Batches are whole prompts, so epochs can differ by a batch; the plan is made beforehand.
        let batches = Self.batches(
            groups: groups, order: order, batchSize: options.batchSize, length: options.length)
        let learningRates = options.learningRates(totalSteps: batches.count)
        let optimizer = ModelOptimizer(
            model, name: "model", options: options, usesTokenHead: false)
        let gradients = ShardedGradients(
            [model.parameters], firstTrainable: [optimizer.firstTrainable],
            packed: [optimizer.panels], plan: options.plan)
        if let resume { optimizer.restore(resume) }
        let readsAgain = batches.reduce(0) { $0 + $1.count } > pairs.count
        let trunk = FrozenTrunk(
            model, layers: options.frozenLayers,
            capacity: readsAgain ? FrozenTrunk.capacity : 0)
        var monitor = HealthMonitor()
        for row in history { monitor.observe(row, report: report) }
        let first = resume?.step ?? 0
        var tokensRead = resume?[number: "num_tokens"] ?? 0
        _ = report(.started(completed: first, total: batches.count, unit: "step"))

        for step in first..<max(first, batches.count) {
            let batch = batches[step].map { (key: $0, pair: pairs[$0]) }
            let learningRate = learningRates.learningRate(atStep: step)
            tokensRead += Double(batch.reduce(0) { $0 + $1.pair.count })
            let (loss, scores) = self.gradients(gradients, model, trunk, batch)
            guard loss.isFinite else { return .diverged(step: step + 1, metric: "loss") }
            let norm = optimizer.step(
                gradients, learningRate: learningRate, maximumNorm: options.maxGradientNorm)
            guard norm.isFinite else { return .diverged(step: step + 1, metric: "grad_norm") }
            var row = MetricRow(step: step + 1, [("loss", loss)])
            PairScores(scores).append(to: &row)
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
            monitor.observe(row, report: report)
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
        _ gradients: ShardedGradients, _ model: LanguageModel, _ trunk: FrozenTrunk,
        _ batch: [(key: Int, pair: TokenizedPair)]
    ) -> (loss: Double, scores: [PairScore]) {
        let total = batch.reduce(0) { $0 + $1.pair.weight }
        // Both completions of a pair are in one shard: the loss needs their difference.
        let shares = options.plan.shares(of: batch.map(\.pair.count))
        let parts = gradients.accumulate { shard, weights -> (Tensor?, (Double, [PairScore])) in
            let part = shares[shard].map { batch[$0] }
            if part.isEmpty { return (nil, (0, [])) }
            let sequences = part.map(\.pair.chosen) + part.map(\.pair.rejected)
            let keys = part.map { 2 * $0.key } + part.map { 2 * $0.key + 1 }
            let (chosen, rejected) = Self.scores(
                of: model, sequences, weights: weights[0],
                from: trunk.stream(of: sequences, keys: keys))
            let loss = bradleyTerryLoss(
                chosen: chosen, rejected: rejected, margins: part.map(\.pair.margin),
                weights: part.map { $0.pair.weight / total },
                confidences: part.map(\.pair.confidence),
                centeringCoefficient: centeringCoefficient)
            let scores = zip(chosen.array, rejected.array).map(PairScore.init)
            return (loss, (Double(loss.scalar), scores))
        }
        return (
            parts.reduce(0) { $0 + $1.0 }, ParallelPlan.inOrder(shares, parts.map(\.1))
        )
    }

    /// - Parameter sequences: All chosen ones, then all rejected ones.
    private static func scores(
        of model: LanguageModel, _ sequences: [[Int]], weights: Weights, from start: ResidualStream?
    ) -> (chosen: Tensor, rejected: Tensor) {
        let all = model.scores(of: PackedSequences(sequences), weights: weights, from: start)
        let count = sequences.count / 2
        return (
            all.elements(at: Array(0..<count)), all.elements(at: Array(count..<(2 * count)))
        )
    }
}
