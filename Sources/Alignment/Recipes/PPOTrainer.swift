// Proximal policy optimization for language models: Schulman et al. 2017 (arXiv:1707.06347), Ziegler
// et al. 2019 (arXiv:1909.08593), with the details of Huang et al. 2024 (arXiv:2403.17031).
//
// Deviations: advantages are whitened once over the whole batch of an update (as in TRL), not per
// minibatch; the score is added at the last token of the completion (as in trlX and the papers).

import Autograd
public import LanguageModels

/// PPO against a frozen reference, one update after the other.
public struct PPOTrainer {
    public var options: TrainingOptions
    public var ppo: PPOOptions
    /// Ends a completion.
    public var endOfText: Int

    public init(options: TrainingOptions, ppo: PPOOptions, endOfText: Int) {
        self.options = options
        self.ppo = ppo
        self.endOfText = endOfText
    }

    /// Trains the policy (and the critic) in place.
    ///
    /// - Parameters:
    ///   - models: Who takes part.
    ///   - prompts: Token ids; visited in a new order each time round.
    ///   - history: Metric rows of the steps before `resume`, for the health monitor; their warnings
    ///     are reported again before the run starts.
    public func train(
        _ models: PolicyModels, prompts: [[Int]], resume: TrainingCheckpoint? = nil,
        history: [MetricRow] = [], report: TrainingReport
    ) -> TrainingOutcome {
        precondition(!prompts.isEmpty, "PPO: there are no prompts")
        let run: PPORun
        do { run = try PPORun(self, models, resume: resume) } catch { return .unfit(error) }
        var controller = ppo.klController
        if let resume {
            guard let coefficient = resume[number: "kl_coefficient"] else {
                return .unfit(
                    CheckpointMismatch(
                        part: "KL coefficient", expected: "a value", found: "none"))
            }
            controller = KLController(coefficient: Float(coefficient), rule: controller.rule)
        }
        var scaling = ppo.scoreScaling
        if let resume { scaling.restore(resume) }
        let total = options.length.steps(rows: prompts.count, batchSize: options.batchSize)
        let learningRates = LearningRates(self, total: total)
        let order = DataOrder(count: prompts.count, shuffles: options.shuffles, seed: options.seed)
        let collector = RolloutCollector(
            models: models, trunks: run.trunks, sampling: ppo.sampling, plan: options.plan,
            precision: options.precision, seed: options.seed, endOfText: endOfText)
        let choice = SampleChoice(first: order.rows(from: 0, size: options.batchSize))
        var monitor = HealthMonitor(klBudget: ppo.klBudget)
        // Warnings of the steps before are said again: a resumed run ends like an uninterrupted one.
        for row in history { monitor.observe(row, report: report) }
        let first = resume?.step ?? 0
        var tokensRead = resume?[number: "num_tokens"] ?? 0
        let startsAtReference =
            first == 0 && models.policy.sharesValues(with: models.reference)
        _ = report(.started(completed: first, total: total, unit: "update"))
        // Stopped between its last step and its end.
        if let end = TrainingOutcome.reached(ppo.untilScore, by: history.last) { return end }

        for update in first..<max(first, total) {
            // 1. Sample, score, and measure under policy, reference and value function.
            let indices = order.rows(from: update * options.batchSize, size: options.batchSize)
            let rollouts = collector.collect(prompts: indices.map { prompts[$0] }, update: update)

            // 2. Rewards per token, advantages, whitening over the batch.
            let estimates = estimates(
                of: rollouts, scores: scaling.scaled(rollouts.map(\.score)),
                klCoefficient: controller.coefficient)

            // 3. Epochs of minibatches.
            let statistics = run.optimize(
                rollouts, advantages: estimates.advantages, returns: estimates.returns,
                update: update, learningRates: learningRates.at(update))

            // 4. Report.
            var row = MetricRow(
                step: update + 1,
                rolloutMetrics(
                    rollouts, klCoefficient: controller.coefficient, estimator: ppo.klEstimator
                ).map { ($0.key, $0.value) })
            statistics.append(to: &row)
            row.append(
                "val/var_explained",
                varianceExplained(returns: estimates.returns, values: rollouts.map(\.values)))
            row.append("learning_rate", Double(learningRates.at(update).policy))
            row.append("episode", Double((update + 1) * options.batchSize))
            tokensRead += Double(rollouts.reduce(0) { $0 + $1.example.count })
            row.append("num_tokens", tokensRead)
            models.evaluate(
                rollouts, update: update, isLast: update + 1 == total,
                interval: ppo.evaluationInterval, plan: options.plan, into: &row)

            if let broken = statistics.firstNonFinite {
                defer { run.undoUpdate() }
                return .diverged(
                    step: update + 1, metric: broken, in: models.policy,
                    reading: rollouts.map(\.example), report: report)
            }
            if let broken = policyInvariantBroken(
                row, statistics, isFirst: update == 0 && startsAtReference, report: report)
            {
                run.undoUpdate()
                return .invariantBroken(step: update + 1, broken)
            }
            monitor.observe(row, report: report)
            if ppo.sampleInterval > 0 && (update + 1).isMultiple(of: ppo.sampleInterval) {
                let samples = choice.places(in: indices).map { models.sample(rollouts[$0]) }
                _ = report(.samples(step: update + 1, samples))
            }
            controller.update(kl: Float(row["objective/kl"] ?? 0), completionCount: rollouts.count)
            let numbers =
                [
                    ("kl_coefficient", Double(controller.coefficient)), ("num_tokens", tokensRead),
                ] + scaling.numbers
            let decision = report(
                .step(row) { run.checkpoint(step: update + 1, numbers: numbers) })
            if let end = TrainingOutcome.reached(ppo.untilScore, by: row) { return end }
            if decision == .stop && update + 1 < total { return .interrupted(step: update + 1) }
        }
        return .finished
    }
}

extension PPOTrainer {
    /// What the tokens of an update's rollouts were worth, ragged, one array a completion: advantages
    /// whitened over the batch, and returns.
    ///
    /// - Parameter scores: As they go into the rewards, one a rollout.
    func estimates(
        of rollouts: [Rollout], scores: [Float], klCoefficient: Float
    ) -> (advantages: [[Float]], returns: [[Float]]) {
        var rewards = zip(rollouts, scores).map { rollout, score in
            tokenRewards(
                score: score, kl: rollout.kl(ppo.klEstimator), klCoefficient: klCoefficient,
                tokenScores: rollout.tokenScores(scaledTo: score))
        }
        if ppo.whitensRewards { rewards = whitenedKeepingMean(rewards) }
        let estimates = zip(rollouts, rewards).map { rollout, rewards in
            advantages(
                rewards: rewards, values: rollout.values, discount: ppo.discount,
                gaeLambda: ppo.gaeLambda)
        }
        return (whitened(estimates.map(\.advantages)), estimates.map(\.returns))
    }
}

/// What must hold in exact arithmetic in every method that samples, with room for rounding.
///
/// - Parameters:
///   - isFirst: Whether policy and reference were the same before this update.
///   - report: Hears the cause before the run ends of it.
func policyInvariantBroken(
    _ row: MetricRow, _ statistics: PPOStatistics, isFirst: Bool, report: TrainingReport
) -> String? {
    if isFirst, let kl = row["objective/kl"], abs(kl) > 1e-3 {
        return "KL before the first update is \(kl) nats; policy and reference are the same"
    }
    if abs(statistics.firstRatio - 1) > 1e-3 || statistics.firstApproximateKL > 1e-4 {
        let evidence = [
            HealthWarning.Evidence(
                metric: "val/ratio", value: statistics.firstRatio, reference: 1),
            .init(
                metric: "policy/approxkl_avg", value: statistics.firstApproximateKL, reference: 0),
        ]
        _ = report(
            .warning(HealthWarning(cause: .ratioOff, step: row.step, evidence: evidence)))
        return "the ratio before an update's first step is \(statistics.firstRatio), not 1"
    }
    return nil
}

/// The learning rates of policy and critic over a run.
private struct LearningRates {
    let policy, critic: LearningRateSchedule

    init(_ trainer: PPOTrainer, total: Int) {
        policy = trainer.options.learningRates(totalSteps: total)
        if case .separate(let learningRate) = trainer.ppo.critic {
            critic = trainer.options.learningRates(totalSteps: total, peak: learningRate)
        } else {
            critic = policy
        }
    }

    func at(_ update: Int) -> (policy: Float, critic: Float) {
        (policy.learningRate(atStep: update), critic.learningRate(atStep: update))
    }
}

extension Rollout {
    /// The tokens alone.
    public var example: TokenizedExample {
        TokenizedExample(prompt: promptTokens, completion: completionTokens)
    }
}

extension LanguageModel {
    /// Whether both models say the same while this one is trained: all parameters that both have are
    /// equal, an adapter that only this one has adds nothing yet, and dropout makes no difference.
    func sharesValues(with other: LanguageModel) -> Bool {
        let addsNothing = parameters.updates.allSatisfy { update in
            other.parameters[update.up.name] != nil && update.dropout == 0
                || parameters[update.up].array.allSatisfy { $0 == 0 }
        }
        guard addsNothing, other.parameters.updates.allSatisfy({ parameters[$0.up.name] != nil })
        else { return false }
        let compared: [Parameter]
        if (parameters.base ?? parameters) === (other.parameters.base ?? other.parameters) {
            // What stands over the base they share.
            compared = [parameters, other.parameters].flatMap { $0.base == nil ? [] : $0.own }
        } else {
            compared = other.parameters.parameters
        }
        return compared.allSatisfy { parameter in
            guard let own = parameters[parameter.name], let its = other.parameters[parameter.name]
            else { return true }
            return parameters[own].array == other.parameters[its].array
        }
    }
}
