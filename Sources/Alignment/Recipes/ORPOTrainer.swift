// ORPO: Hong et al. 2024 (arXiv:2403.07691), as its authors' code and TRL compute it: the supervised loss
// counts the tokens of the prompt too.
//
// Deviations: weights of pairs count; `logps/*` are sums over an answer's tokens, as everywhere here,
// where TRL reports means.

import Autograd
public import LanguageModels

/// A policy from preference pairs in one stage: supervised training on the chosen answers, with a
/// term that makes the rejected ones less likely; no reference model.
public struct ORPOTrainer {
    public var options: TrainingOptions
    /// λ in the paper: what the odds-ratio term counts.
    public var beta: Float
    /// Steps between evaluations on held-out pairs; 0 evaluates at the end only.
    public var evaluationInterval: Int

    public init(options: TrainingOptions, beta: Float = 0.1, evaluationInterval: Int = 0) {
        self.options = options
        self.beta = beta
        self.evaluationInterval = evaluationInterval
    }

    /// Trains the policy in place.
    ///
    /// - Parameter history: Metric rows of the steps before `resume`, for the health monitor.
    public func train(
        _ policy: LanguageModel, on pairs: [TokenizedPair], heldOut: [TokenizedPair] = [],
        resume: TrainingCheckpoint? = nil, history: [MetricRow] = [], report: TrainingReport
    ) -> TrainingOutcome {
        precondition(!pairs.isEmpty, "ORPO: there are no pairs")
        let optimizer = ModelOptimizer(
            policy, name: "policy", options: options, usesTokenHead: true)
        let gradients = ShardedGradients(
            [policy.parameters], firstTrainable: [optimizer.firstTrainable],
            packed: [optimizer.panels], plan: options.plan)
        do { try optimizer.restore(resume) } catch { return .unfit(error) }
        let trunk = FrozenTrunk(policy, layers: options.frozenLayers)
        let loop = RowLoop(
            options: options, rowCount: pairs.count, evaluationInterval: evaluationInterval,
            resume: resume, history: history, model: policy,
            reading: { rows in rows.flatMap { pairs[$0].examples } })
        return loop.run(optimizer, gradients, report: report) { row in
            if heldOut.isEmpty { return }
            // Their keys lie above those of the training pairs.
            let batch = OddsBatch(heldOut, rows: Array(heldOut.indices), firstKey: 2 * pairs.count)
            let parts = ParallelPlan.parts(of: heldOut.map(\.count))
            let results = options.plan.map(parts.count) {
                loss(of: parts[$0].map { batch.members[$0] }, batch, policy, trunk).1
            }
            let result = OddsResult(results)
            row.append("eval/loss", result.loss)
            row.append("eval/accuracy", result.scores(beta: beta).accuracy)
            row.append("eval/margin", result.scores(beta: beta).meanMargin)
        } compute: { _, rows in
            let batch = OddsBatch(pairs, rows: rows)
            let shares = options.plan.shares(of: batch.members.map(\.count))
            let results = gradients.accumulate { shard, weights -> (Tensor?, OddsResult) in
                let part = shares[shard].map { batch.members[$0] }
                if part.isEmpty { return (nil, OddsResult()) }
                return loss(of: part, batch, policy, trunk, weights: weights[0])
            }
            let result = OddsResult(results)
            return RowLoop.Step(
                loss: result.loss, tokens: batch.members.reduce(0) { $0 + $1.count },
                figures: result.figures(beta: beta))
        }
    }

    /// Both terms of the loss for some pairs of a batch.
    private func loss(
        of part: [OddsBatch.Member], _ batch: OddsBatch, _ policy: LanguageModel,
        _ trunk: FrozenTrunk, weights: Weights? = nil
    ) -> (Tensor?, OddsResult) {
        // Chosen answers with their prompts, whose tokens are predicted as well; rejected ones after them.
        let examples = part.map(\.chosen) + part.map(\.rejected)
        let packed = PackedCompletions(examples)
        let tokens = policy.logProbabilities(
            of: packed, weights: weights,
            from: trunk.stream(
                of: packed.sequences, keys: part.map(\.key) + part.map { $0.key + 1 })
        ).logProbabilities
        let count = part.count
        // A segment of prompt tokens and one of answer tokens for each chosen answer, one for each rejected.
        let segments =
            zip(part, packed.counts).flatMap { [$0.leadCount, $1 - $0.leadCount] }
            + packed.counts[count...]
        let sums = tokens.sums(ofSegments: segments)
        let means = sums * Tensor(segments.map { 1 / Float(max(1, $0)) })
        let places = (
            chosen: (0..<count).map { 2 * $0 + 1 }, rejected: Array(2 * count..<3 * count)
        )
        let odds = OddsRatio(
            chosen: means.elements(at: places.chosen), rejected: means.elements(at: places.rejected)
        )
        let shares = part.map(\.weight)
        let term = odds.loss.sum(weights: shares)
        let chosenTokens = packed.counts[..<count].reduce(0, +)
        let supervised = tokens.sum(
            weights: packed.targets.indices.map { $0 < chosenTokens ? -batch.tokenWeight : 0 })
        let loss = supervised + beta * term

        var result = OddsResult()
        result.loss = Double(loss.scalar)
        result.supervisedLoss = Double(supervised.scalar)
        result.oddsLoss = Double(term.scalar)
        result.logRatio = Double(odds.logRatio.sum(weights: shares).scalar)
        let (sum, mean) = (sums.array, means.array)
        result.pairs = zip(places.chosen, places.rejected).map {
            (
                mean: PairScore(chosen: mean[$0], rejected: mean[$1]),
                sum: PairScore(chosen: sum[$0], rejected: sum[$1])
            )
        }
        return (loss, result)
    }
}
