// RLOO, GRPO, REINFORCE, rejection sampling and online DPO: several answers to a prompt, each judged
// against the others, and no value function. The objectives and their papers stand in ``GroupObjective``.
//
// Deviations: GRPO's KL term is the paper's; TRL multiplies it by the ratio (`use_bias_correction_kl`),
// whose gradient is that of the KL in the other direction. The KL to the reference is measured and reported even where β is 0. GRPO's token
// normaliser counts the tokens of a minibatch; with one minibatch an update, as here by default,
// DAPO's and TRL's `bnpo` are the same. REINFORCE takes the mean of the batch's other rewards for a
// baseline, not a moving average, so that a run has no state beside its parameters. Rejection sampling
// takes the best answer of each prompt of an update, as RAFT does, and makes its steps on them before it
// samples again. Online DPO takes a tie of the judge as half a win for both answers, where TRL takes the
// first for the better one; IPO is per token.

import Autograd
import LanguageModels

/// Policy optimization without a value function, one update after the other.
public struct GroupTrainer {
    public var options: TrainingOptions
    public var group: GroupOptions
    /// Ends a completion.
    public var endOfText: Int

    /// - Precondition: `options.batchSize` episodes are whole groups.
    public init(options: TrainingOptions, group: GroupOptions, endOfText: Int) {
        precondition(
            options.batchSize.isMultiple(of: group.completionsPerPrompt),
            "\(options.batchSize) episodes are no groups of \(group.completionsPerPrompt)")
        self.options = options
        self.group = group
        self.endOfText = endOfText
    }

    /// Trains the policy in place.
    ///
    /// - Parameters:
    ///   - models: Who takes part; without a critic.
    ///   - prompts: Token ids; visited in a new order each time round.
    ///   - history: Metric rows of the steps before `resume`, for the health monitor; their warnings
    ///     are reported again before the run starts.
    public func train(
        _ models: PolicyModels, prompts: [[Int]], resume: TrainingCheckpoint? = nil,
        history: [MetricRow] = [], report: TrainingReport
    ) -> TrainingOutcome {
        precondition(!prompts.isEmpty, "group policy optimization: there are no prompts")
        let groupSize = group.completionsPerPrompt
        let promptsPerUpdate = options.batchSize / groupSize
        let startsAtReference =
            resume == nil && models.policy.sharesValues(with: models.reference)
        let run: GroupRun
        do {
            run = try GroupRun(models, options: options, group: group, resume: resume)
        } catch {
            return .unfit(error)
        }
        let total = options.length.steps(rows: prompts.count, batchSize: promptsPerUpdate)
        let learningRates = options.learningRates(totalSteps: total)
        let order = DataOrder(count: prompts.count, shuffles: options.shuffles, seed: options.seed)
        let collector = RolloutCollector(
            models: models, trunks: run.trunks, sampling: group.sampling, plan: options.plan,
            precision: options.precision, seed: options.seed, endOfText: endOfText)
        let choice = SampleChoice(first: order.rows(from: 0, size: promptsPerUpdate))
        var monitor = HealthMonitor(klBudget: group.klBudget)
        for row in history { monitor.observe(row, report: report) }
        let first = resume?.step ?? 0
        var tokensRead = resume?[number: "num_tokens"] ?? 0
        _ = report(.started(completed: first, total: total, unit: "update"))
        // Stopped between its last step and its end.
        if let end = TrainingOutcome.reached(group.untilScore, by: history.last) { return end }

        for update in first..<max(first, total) {
            // 1. Several answers to each prompt, scored and measured.
            let indices = order.rows(from: update * promptsPerUpdate, size: promptsPerUpdate)
            let rollouts = collector.collect(
                prompts: indices.flatMap { [[Int]](repeating: prompts[$0], count: groupSize) },
                update: update)

            // 2. What each was worth beside the others.
            let advantages = group.objective.advantages(
                rollouts, groupSize: groupSize, klCoefficient: group.klCoefficient)

            // 3. Epochs of minibatches.
            let learningRate = learningRates.learningRate(atStep: update)
            let statistics = run.optimize(
                rollouts, advantages: advantages, update: update, learningRate: learningRate)

            // 4. Report.
            var row = MetricRow(
                step: update + 1,
                rolloutMetrics(rollouts, klCoefficient: group.klCoefficient)
                    .map { ($0.key, $0.value) })
            let spread = GroupSpread(rollouts.map(\.score), groupSize: groupSize)
            row.append("reward_std", spread.deviation)
            row.append("frac_reward_zero_std", spread.equalShare)
            statistics.append(
                to: &row, hasValues: false, hasPairs: group.objective.preferenceLoss != nil)
            row.append("learning_rate", Double(learningRate))
            row.append("episode", Double((update + 1) * options.batchSize))
            tokensRead += Double(rollouts.reduce(0) { $0 + $1.example.count })
            row.append("num_tokens", tokensRead)
            models.evaluate(
                rollouts, update: update, isLast: update + 1 == total,
                interval: group.evaluationInterval, plan: options.plan, into: &row)

            if let broken = statistics.firstNonFinite {
                defer { run.undoUpdate() }
                return .diverged(
                    step: update + 1, metric: broken, in: models.policy,
                    reading: rollouts.map(\.example), report: report)
            }
            let isFirst = update == first && startsAtReference
            if let broken = policyInvariantBroken(
                row, statistics, isFirst: isFirst, report: report)
                ?? (isFirst ? pairInvariantBroken(statistics) : nil)
            {
                run.undoUpdate()
                return .invariantBroken(step: update + 1, broken)
            }
            monitor.observe(row, report: report)
            if group.sampleInterval > 0 && (update + 1).isMultiple(of: group.sampleInterval) {
                let samples = choice.places(in: indices).map {
                    models.sample(rollouts[$0 * groupSize])
                }
                _ = report(.samples(step: update + 1, samples))
            }
            let decision = report(
                .step(row) { run.checkpoint(step: update + 1, tokensRead: tokensRead) })
            if let end = TrainingOutcome.reached(group.untilScore, by: row) { return end }
            if decision == .stop && update + 1 < total { return .interrupted(step: update + 1) }
        }
        return .finished
    }

    /// What must hold of online DPO's loss while policy and reference are the same.
    private func pairInvariantBroken(_ statistics: PPOStatistics) -> String? {
        guard let loss = group.objective.preferenceLoss,
            let found = statistics.minibatches.first?.policyLoss
        else { return nil }
        let expected = loss.valueAtReference(beta: Double(group.klCoefficient))
        if abs(found - expected) <= 1e-3 * expected { return nil }
        return "the loss before the first step is \(found), not \(expected); policy and reference "
            + "are the same"
    }
}
