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
    ///   - report: Gets every step.
    public func train(
        _ model: LanguageModel, on examples: [TokenizedExample],
        heldOut: [TokenizedExample] = [], resume: TrainingCheckpoint? = nil,
        report: TrainingReport
    ) -> TrainingOutcome {
        precondition(!examples.isEmpty, "supervised training: there are no examples")
        let total = options.length.steps(rows: examples.count, batchSize: options.batchSize)
        let learningRates = options.learningRates(totalSteps: total)
        let order = DataOrder(
            count: examples.count, shuffles: options.shuffles, seed: options.seed)
        let optimizer = ModelOptimizer(model, name: "model", options: options)
        let gradients = ShardedGradients(
            [model.parameters], firstTrainable: [optimizer.firstTrainable], plan: options.plan)
        if let resume { optimizer.restore(resume) }
        let first = resume?.step ?? 0
        var tokensRead = resume?[number: "num_tokens"] ?? 0
        _ = report(.started(completed: first, total: total, unit: "step"))

        for step in first..<max(first, total) {
            let rows = batchRows(step, order: order)
            let batch = rows.map { examples[$0] }
            let learningRate = learningRates.learningRate(atStep: step)
            tokensRead += Double(batch.reduce(0) { $0 + $1.count })
            let result = self.gradients(gradients, model, batch)
            let norm = optimizer.step(
                gradients, learningRate: learningRate, maximumNorm: options.maxGradientNorm)
            guard norm.isFinite, result.loss.isFinite else {
                return .diverged(
                    step: step + 1, metric: result.loss.isFinite ? "grad_norm" : "loss")
            }
            var row = MetricRow(
                step: step + 1,
                [
                    ("loss", result.loss), ("mean_token_accuracy", result.accuracy),
                    ("grad_norm", Double(norm)), ("learning_rate", Double(learningRate)),
                    ("epoch", Double((step + 1) * options.batchSize) / Double(examples.count)),
                    ("num_tokens", tokensRead),
                ])
            let isLast = step + 1 == total
            if !heldOut.isEmpty
                && (isLast
                    || evaluationInterval > 0 && (step + 1).isMultiple(of: evaluationInterval))
            {
                let evaluation = meanLoss(of: model, on: heldOut, plan: options.plan)
                row.append("eval/loss", evaluation.loss)
                row.append("eval/mean_token_accuracy", evaluation.accuracy)
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

    /// The rows of a step: epochs end with a smaller batch when the size does not divide them.
    func batchRows(_ step: Int, order: DataOrder) -> [Int] {
        let perEpoch = (order.count + options.batchSize - 1) / options.batchSize
        let start = step % perEpoch * options.batchSize
        let end = min(order.count, start + options.batchSize)
        return Array(order.epoch(step / perEpoch)[start..<end])
    }

    private func gradients(
        _ gradients: ShardedGradients, _ model: LanguageModel, _ batch: [TokenizedExample]
    ) -> (loss: Double, accuracy: Double) {
        let counted = batch.reduce(0) { $0 + $1.predictedCount }
        let parts = gradients.accumulate { shard, weights -> (Tensor?, (Double, Int)) in
            let part = Array(batch[options.plan.range(of: shard, in: batch.count)])
            if part.isEmpty { return (nil, (0, 0)) }
            let (loss, correct) = model.crossEntropy(
                of: PackedCompletions(part), tokenWeight: 1 / Float(max(1, counted)),
                weights: weights[0])
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
    // Small parts keep the working set in cache however many rows there are.
    let partSize = evaluationPartSize
    let parts = plan.map((examples.count + partSize - 1) / partSize) { index -> (Double, Int) in
        let range = (index * partSize)..<min(examples.count, (index + 1) * partSize)
        let (loss, correct) = model.crossEntropy(
            of: PackedCompletions(Array(examples[range])), tokenWeight: 1)
        return (Double(loss.scalar), correct)
    }
    let count = Double(max(1, counted))
    return (
        parts.reduce(0) { $0 + $1.0 } / count, Double(parts.reduce(0) { $0 + $1.1 }) / count,
        counted
    )
}
