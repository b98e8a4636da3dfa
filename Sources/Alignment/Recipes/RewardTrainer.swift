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

/// A reward model from judgements: the Bradley-Terry loss on scores read at the last token, or what
/// rankings, thumbs and ratings ask for.
public struct RewardTrainer {
    public var options: TrainingOptions
    /// The factor of (r_chosen + r_rejected)² in the loss of pairs; 0 leaves it out.
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

    /// Trains a model with a score head in place, on pairs.
    public func train(
        _ model: LanguageModel, on pairs: [TokenizedPair], heldOut: [TokenizedPair] = [],
        resume: TrainingCheckpoint? = nil, history: [MetricRow] = [], report: TrainingReport
    ) -> TrainingOutcome {
        train(
            model, on: .pairs(pairs), heldOut: heldOut, resume: resume, history: history,
            report: report)
    }

    /// Trains a model with a score head in place.
    ///
    /// All judgements of a prompt are in one batch: a comparison seen in several batches of an epoch
    /// overfits (Ouyang et al. 2022, arXiv:2203.02155, section 3.5). With an ensemble of heads each
    /// head counts a judgement as often as a bootstrap sample would have it (Osband et al. 2016,
    /// arXiv:1602.04621), and the score is their mean.
    ///
    /// - Parameters:
    ///   - heldOut: Pairs to evaluate on.
    ///   - history: Metric rows of the steps before `resume`, for the health monitor; their warnings
    ///     are reported again before the run starts.
    public func train(
        _ model: LanguageModel, on judgements: RewardJudgements, heldOut: [TokenizedPair] = [],
        resume: TrainingCheckpoint? = nil, history: [MetricRow] = [], report: TrainingReport
    ) -> TrainingOutcome {
        let items = judgements.items
        precondition(!items.isEmpty, "reward training: there are no judgements")
        let groups = Self.groups(of: items.map(\.promptID))
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
        do { try optimizer.restore(resume) } catch { return .unfit(error) }
        let readsAgain = batches.reduce(0) { $0 + $1.count } > items.count
        let trunk = FrozenTrunk(
            model, layers: options.frozenLayers,
            capacity: readsAgain ? FrozenTrunk.capacity : 0)
        let step = RewardStep(judgements: judgements, centeringCoefficient: centeringCoefficient)
        let pass = Pass(
            model: model, trunk: trunk, items: items, step: step,
            widest: items.map(\.sequences.count).max() ?? 1, seed: options.seed)
        var monitor = HealthMonitor()
        for row in history { monitor.observe(row, report: report) }
        let first = resume?.step ?? 0
        var tokensRead = resume?[number: "num_tokens"] ?? 0
        _ = report(.started(completed: first, total: batches.count, unit: "step"))

        for number in first..<max(first, batches.count) {
            let batch = batches[number]
            let learningRate = learningRates.learningRate(atStep: number)
            tokensRead += Double(batch.reduce(0) { $0 + items[$1].count })
            let (loss, results) = self.gradients(gradients, pass, batch)
            guard loss.isFinite else {
                return .diverged(
                    step: number + 1, metric: "loss", in: model,
                    reading: batch.flatMap { items[$0].examples }, report: report)
            }
            let norm = optimizer.step(
                gradients, learningRate: learningRate, maximumNorm: options.maxGradientNorm)
            guard norm.isFinite else {
                return .diverged(
                    step: number + 1, metric: "grad_norm", in: model,
                    reading: batch.flatMap { items[$0].examples },
                    gradients: gradients.total(), report: report)
            }
            model.averageScoreHeads()
            var row = MetricRow(step: number + 1, [("loss", loss)])
            step.append(results, to: &row)
            row.append("grad_norm", Double(norm))
            row.append("learning_rate", Double(learningRate))
            row.append("num_tokens", tokensRead)
            let isLast = number + 1 == batches.count
            if !heldOut.isEmpty
                && (isLast
                    || evaluationInterval > 0 && (number + 1).isMultiple(of: evaluationInterval))
            {
                let held = PairScores(pairScores(of: model, on: heldOut, plan: options.plan))
                row.append("eval/accuracy", held.accuracy)
                row.append("eval/margin", held.meanMargin)
            }
            monitor.observe(row, report: report)
            let decision = report(
                .step(row) {
                    var checkpoint = TrainingCheckpoint(step: number + 1)
                    optimizer.add(to: &checkpoint)
                    checkpoint.numbers.append(.init(name: "num_tokens", value: tokensRead))
                    return checkpoint
                })
            if decision == .stop && !isLast { return .interrupted(step: number + 1) }
        }
        return .finished
    }

    /// Row numbers by prompt, prompts in order of first appearance.
    static func groups(of promptIDs: [String]) -> [[Int]] {
        var places: [String: Int] = [:]
        var groups: [[Int]] = []
        for (index, promptID) in promptIDs.enumerated() {
            if let place = places[promptID] {
                groups[place].append(index)
            } else {
                places[promptID] = groups.count
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

    /// What the steps of a run have in common.
    private struct Pass {
        let model: LanguageModel
        let trunk: FrozenTrunk
        let items: [RewardJudgements.Item]
        let step: RewardStep
        /// Sequences of the largest judgement.
        let widest: Int
        let seed: UInt64

        /// What a head of an ensemble counts a judgement: 0, 1, 2, ... with the chances of a
        /// bootstrap sample, a Poisson distribution of mean 1.
        func bootstrapCount(head: Int, item: Int) -> Float {
            var random = RandomStream(
                seed: seed, purpose: RandomPurpose("ensemble"), step: head, sample: item)
            var product = Double(random.nextUniform())
            var count: Float = 0
            while product > 0.36787944117144233 {
                count += 1
                product *= Double(random.nextUniform())
            }
            return count
        }

        /// The loss of some judgements and what metrics look at.
        func loss(
            of part: [Int], total: Float, weights: Weights
        ) -> (Tensor, [RewardStep.Result]) {
            // The first sequences of all judgements, then the second ones, and so on.
            var sequences: [[Int]] = []
            var keys: [Int] = []
            var places = [[Int]](repeating: [], count: part.count)
            for column in 0..<widest {
                for (row, item) in part.enumerated()
                where items[item].sequences.count > column {
                    places[row].append(sequences.count)
                    sequences.append(items[item].sequences[column])
                    keys.append(widest * item + column)
                }
            }
            let packed = PackedSequences(sequences)
            let scores = model.headScores(
                of: packed, weights: weights, from: trunk.stream(of: packed, keys: keys))
            let own = part.map { items[$0].weight / total }
            var loss: Tensor?
            for (head, scores) in scores.enumerated() {
                let counted =
                    model.scoreHeadCount == 0
                    ? own
                    : zip(own, part).map { $0 * bootstrapCount(head: head, item: $1) }
                let ofHead = step.loss(of: part, scores: scores, places: places, weights: counted)
                loss = loss.map { $0 + ofHead } ?? ofHead
            }
            let sum = loss ?? Tensor([0], shape: [])
            let mean = scores.count == 1 ? sum : (1 / Float(scores.count)) * sum
            return (
                mean,
                step.results(
                    of: part, scores: Self.mean(scores.map(\.array)), places: places)
            )
        }

        private static func mean(_ scores: [[Float]]) -> [Float] {
            if scores.count == 1 { return scores[0] }
            return scores[0].indices.map { place in
                scores.reduce(0) { $0 + $1[place] } / Float(scores.count)
            }
        }
    }

    private func gradients(
        _ gradients: ShardedGradients, _ pass: Pass, _ batch: [Int]
    ) -> (loss: Double, results: [RewardStep.Result]) {
        let total = batch.reduce(0) { $0 + pass.items[$1].weight }
        // All sequences of a judgement are in one shard: the loss needs their differences.
        let shares = options.plan.shares(of: batch.map { pass.items[$0].count })
        let parts = gradients.accumulate {
            shard, weights -> (Tensor?, (Double, [RewardStep.Result])) in
            let part = shares[shard].map { batch[$0] }
            if part.isEmpty { return (nil, (0, [])) }
            let (loss, results) = pass.loss(of: part, total: total, weights: weights[0])
            return (loss, (Double(loss.scalar), results))
        }
        return (
            parts.reduce(0) { $0 + $1.0 }, ParallelPlan.inOrder(shares, parts.map(\.1))
        )
    }
}
