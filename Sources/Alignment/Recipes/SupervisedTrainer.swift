public import Autograd
public import LanguageModels

/// Supervised fine-tuning: the mean cross-entropy over completion tokens, the end token with them.
///
/// The loss of a step is the mean over the counted tokens of the whole batch (not the mean of row
/// means), as PyTorch's cross-entropy gives it.
public struct SupervisedTrainer {
    public var options: TrainingOptions
    /// Steps between evaluations on held-out rows; 0 evaluates at the end only.
    public var evaluationInterval: Int

    public init(options: TrainingOptions, evaluationInterval: Int = 0) {
        self.options = options
        self.evaluationInterval = evaluationInterval
    }

    /// Trains the model in place.
    ///
    /// - Parameters:
    ///   - model: Changed by the run.
    ///   - examples: Training rows, none longer than the model's context.
    ///   - heldOut: Rows to evaluate on; may be empty.
    ///   - resume: A checkpoint of the same run to go on from.
    ///   - history: Metric rows of the steps before `resume`, for the health monitor; their warnings
    ///     are reported again before the run starts.
    ///   - report: Gets every step.
    public func train(
        _ model: LanguageModel, on examples: [TokenizedExample],
        heldOut: [TokenizedExample] = [], resume: TrainingCheckpoint? = nil,
        history: [MetricRow] = [], report: TrainingReport
    ) -> TrainingOutcome {
        precondition(!examples.isEmpty, "supervised training: there are no examples")
        let total = options.length.steps(rows: examples.count, batchSize: options.batchSize)
        let optimizer = ModelOptimizer(
            model, name: "model", options: options, usesTokenHead: true)
        let gradients = ShardedGradients(
            [model.parameters], firstTrainable: [optimizer.firstTrainable],
            packed: [optimizer.panels], plan: options.plan)
        do { try optimizer.restore(resume) } catch { return .unfit(error) }
        let trunk = FrozenTrunk(
            model, layers: options.frozenLayers,
            capacity: total > options.batchesPerEpoch(examples.count) ? FrozenTrunk.capacity : 0)
        let loop = RowLoop(
            options: options, rowCount: examples.count, evaluationInterval: evaluationInterval,
            resume: resume, history: history, model: model,
            reading: { rows in rows.map { examples[$0] } })
        return loop.run(optimizer, gradients, report: report) { row in
            if heldOut.isEmpty { return }
            let evaluation = meanLoss(of: model, on: heldOut, plan: options.plan)
            row.append("eval/loss", evaluation.loss)
            row.append("eval/mean_token_accuracy", evaluation.accuracy)
        } compute: { _, rows in
            let batch = rows.map { (key: $0, example: examples[$0]) }
            let result = self.gradients(gradients, model, trunk, batch)
            return RowLoop.Step(
                loss: result.loss, tokens: batch.reduce(0) { $0 + $1.example.count },
                figures: [("mean_token_accuracy", result.accuracy)])
        }
    }

    private func gradients(
        _ gradients: ShardedGradients, _ model: LanguageModel, _ trunk: FrozenTrunk,
        _ batch: [(key: Int, example: TokenizedExample)]
    ) -> (loss: Double, accuracy: Double) {
        let counted = batch.reduce(0) { $0 + $1.example.predictedCount }
        let shares = options.plan.shares(of: batch.map(\.example.count))
        let parts = gradients.accumulate { shard, weights -> (Tensor?, (Double, Int)) in
            let part = shares[shard].map { batch[$0] }
            if part.isEmpty { return (nil, (0, 0)) }
            let packed = PackedCompletions(part.map(\.example))
            let (loss, correct) = model.crossEntropy(
                of: packed, tokenWeight: 1 / Float(max(1, counted)), weights: weights[0],
                from: trunk.stream(of: packed.sequences, keys: part.map(\.key)))
            return (loss, (Double(loss.scalar), correct))
        }
        return (
            parts.reduce(0) { $0 + $1.0 },
            Double(parts.reduce(0) { $0 + $1.1 }) / Double(max(1, counted))
        )
    }
}

/// Rows that a thread evaluates at once.
let evaluationPartSize = 32

/// The mean cross-entropy over the completion tokens of these rows, in nats, and the share of tokens
/// that were the likeliest; e^loss is the perplexity.
public func meanLoss(
    of model: LanguageModel, on examples: [TokenizedExample], plan: ParallelPlan
) -> (loss: Double, accuracy: Double, tokenCount: Int) {
    let counted = examples.reduce(0) { $0 + $1.predictedCount }
    let rows = ParallelPlan.parts(of: examples.map(\.count))
    let parts = plan.map(rows.count) { index -> (Double, Int) in
        let (loss, correct) = model.crossEntropy(
            of: PackedCompletions(rows[index].map { examples[$0] }), tokenWeight: 1)
        return (Double(loss.scalar), correct)
    }
    let count = Double(max(1, counted))
    return (
        parts.reduce(0) { $0 + $1.0 } / count, Double(parts.reduce(0) { $0 + $1.1 }) / count,
        counted
    )
}
