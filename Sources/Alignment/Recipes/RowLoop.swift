import Autograd
import LanguageModels

/// The loop of recipes whose data are there before the run starts: a batch of rows, an optimizer step,
/// a report, until the run has its length or somebody answers stop.
struct RowLoop {
    let options: TrainingOptions
    let rowCount: Int
    /// Steps between evaluations on held-out rows; 0 evaluates at the end only.
    let evaluationInterval: Int
    /// Where the run goes on, and its metric rows up to there.
    let resume: TrainingCheckpoint?
    let history: [MetricRow]
    /// What is trained and what it reads, to find the tensor that was not finite first.
    let model: LanguageModel
    let reading: (_ rows: [Int]) -> [TokenizedExample]

    /// What a recipe has computed in a step; the gradients lie ready.
    struct Step {
        var loss: Double
        /// Tokens that were read.
        var tokens: Int
        /// Its other figures, in the order in which they are shown.
        var figures: [(key: String, value: Double)]
        /// What must hold and did not.
        var broken: String?
    }

    /// - Parameters:
    ///   - evaluate: Appends figures of the held-out rows.
    ///   - compute: Gets the step's number from 0 and its rows, and accumulates their gradients.
    func run(
        _ optimizer: ModelOptimizer, _ gradients: ShardedGradients, report: TrainingReport,
        evaluate: (inout MetricRow) -> Void, compute: (_ step: Int, _ rows: [Int]) -> Step
    ) -> TrainingOutcome {
        let total = options.length.steps(rows: rowCount, batchSize: options.batchSize)
        let learningRates = options.learningRates(totalSteps: total)
        let order = DataOrder(count: rowCount, shuffles: options.shuffles, seed: options.seed)
        var monitor = HealthMonitor()
        // Warnings of the steps before are said again: a resumed run ends like an uninterrupted one.
        for row in history { monitor.observe(row, report: report) }
        let first = resume?.step ?? 0
        var tokensRead = resume?[number: "num_tokens"] ?? 0
        _ = report(.started(completed: first, total: total, unit: "step"))

        for step in first..<max(first, total) {
            let rows = options.batchRows(step, order: order)
            let result = compute(step, rows)
            tokensRead += Double(result.tokens)
            guard result.loss.isFinite else {
                return .diverged(
                    step: step + 1, metric: "loss", in: model, reading: reading(rows),
                    report: report)
            }
            if let broken = result.broken { return .invariantBroken(step: step + 1, broken) }
            let learningRate = learningRates.learningRate(atStep: step)
            let norm = optimizer.step(
                gradients, learningRate: learningRate, maximumNorm: options.maxGradientNorm)
            guard norm.isFinite else {
                return .diverged(
                    step: step + 1, metric: "grad_norm", in: model, reading: reading(rows),
                    gradients: gradients.total(), report: report)
            }

            var row = MetricRow(step: step + 1, [("loss", result.loss)])
            for (key, value) in result.figures { row.append(key, value) }
            row.append("grad_norm", Double(norm))
            row.append("learning_rate", Double(learningRate))
            row.append("epoch", options.epochs(after: step + 1, rows: rowCount))
            row.append("num_tokens", tokensRead)
            let isLast = step + 1 == total
            let isDue = evaluationInterval > 0 && (step + 1).isMultiple(of: evaluationInterval)
            if isLast || isDue { evaluate(&row) }
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
}
