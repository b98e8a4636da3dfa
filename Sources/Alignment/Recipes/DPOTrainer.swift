// Direct preference optimization: Rafailov et al. 2023 (arXiv:2305.18290), with the losses of
// ``PreferenceLoss`` and the supervised term of RPO (Pang et al. 2024, arXiv:2404.19733).
//
// Deviations: margins of pairs are not used; pairs may carry weights. The loss is the mean over the
// pairs of the whole batch, however it is cut into shards; the supervised term the mean over the tokens of
// its chosen answers.

import Autograd
import Glibc
public import LanguageModels

/// A policy from preference pairs, without a reward model and without sampling.
public struct DPOTrainer {
    public var options: TrainingOptions
    public var loss: PreferenceLoss
    /// β: how strongly the policy is held to the reference.
    public var beta: Float
    /// The weight of the chosen answers' cross-entropy (α in RPO); 0 leaves it out.
    public var sftCoefficient: Float
    /// Steps between evaluations on held-out pairs; 0 evaluates at the end only.
    public var evaluationInterval: Int

    public init(
        options: TrainingOptions, loss: PreferenceLoss = .sigmoid, beta: Float = 0.1,
        sftCoefficient: Float = 0, evaluationInterval: Int = 0
    ) {
        self.options = options
        self.loss = loss
        self.beta = beta
        self.sftCoefficient = sftCoefficient
        self.evaluationInterval = evaluationInterval
    }

    /// Trains the policy in place.
    ///
    /// - Parameters:
    ///   - reference: Frozen; usually what the policy started from.
    ///   - history: Metric rows of the steps before `resume`, for the health monitor; their
    ///     warnings are reported again before the run starts.
    public func train(
        _ policy: LanguageModel, reference: LanguageModel, on pairs: [TokenizedPair],
        heldOut: [TokenizedPair] = [], resume: TrainingCheckpoint? = nil,
        history: [MetricRow] = [], report: TrainingReport
    ) -> TrainingOutcome {
        precondition(!pairs.isEmpty, "DPO: there are no pairs")
        let startsAtReference = resume == nil && policy.sharesValues(with: reference)
        let optimizer = ModelOptimizer(
            policy, name: "policy", options: options, usesTokenHead: true)
        let gradients = ShardedGradients(
            [policy.parameters], firstTrainable: [optimizer.firstTrainable],
            packed: [optimizer.panels], plan: options.plan)
        do { try optimizer.restore(resume) } catch { return .unfit(error) }
        let trunk = FrozenTrunk(policy, layers: options.frozenLayers)
        let anchors = ReferenceLogProbabilities(
            reference, policy: policy, trunk: trunk, options: options)
        let loop = RowLoop(
            options: options, rowCount: pairs.count, evaluationInterval: evaluationInterval,
            resume: resume, history: history, model: policy,
            reading: { rows in rows.flatMap { pairs[$0].examples } })
        return loop.run(optimizer, gradients, report: report) { row in
            if heldOut.isEmpty { return }
            evaluate(policy, trunk, heldOut, anchors: anchors, trained: pairs.count, into: &row)
        } compute: { step, rows in
            let batch = PairBatch(pairs, rows: rows)
            let result = self.gradients(gradients, policy, trunk, batch, anchors: anchors)
            let supervised =
                sftCoefficient == 0 ? [] : [(key: "nll_loss", value: result.supervisedLoss)]
            return RowLoop.Step(
                loss: result.loss, tokens: batch.tokenCount,
                figures: supervised + result.figures(beta: beta),
                broken: startsAtReference && step == 0 ? invariantBroken(result) : nil)
        }
    }

    private func gradients(
        _ gradients: ShardedGradients, _ policy: LanguageModel, _ trunk: FrozenTrunk,
        _ batch: PairBatch, anchors: ReferenceLogProbabilities
    ) -> PairResult {
        let reference = anchors.sums(of: batch.examples, keys: batch.keys)
        // Both answers of a pair are in one shard: the loss needs their difference.
        let shares = options.plan.shares(of: batch.pairs.map(\.examples))
        let parts = gradients.accumulate { shard, weights -> (Tensor?, PairResult) in
            let part = batch.part(shares[shard], reference: reference)
            if part.pairCount == 0 { return (nil, PairResult()) }
            return loss(of: part, policy, trunk, weights: weights[0])
        }
        var result = PairResult()
        for part in parts { result.add(part) }
        return result
    }

    /// The two losses of a shard's pairs.
    private func loss(
        of part: PairBatch.Part, _ policy: LanguageModel, _ trunk: FrozenTrunk,
        weights: Weights? = nil
    ) -> (Tensor?, PairResult) {
        let count = part.pairCount
        let packed = PackedCompletions(part.examples)
        let tokens = policy.logProbabilities(
            of: packed, weights: weights,
            from: trunk.stream(of: packed.sequences, keys: part.keys)
        ).logProbabilities
        let sums = tokens.sums(ofSegments: packed.counts)
        let ratios = sums - Tensor(part.reference)
        let chosen = Array(0..<count)
        let rejected = Array(count..<(2 * count))
        let perPair = self.loss.perPair(
            chosen: ratios.elements(at: chosen), rejected: ratios.elements(at: rejected),
            lengths: (Array(packed.counts[..<count]), Array(packed.counts[count...])), beta: beta)
        let preference = perPair.sum(weights: part.weights)

        var result = PairResult()
        result.preferenceLoss = Double(preference.scalar)
        let values = sums.array
        result.pairs = chosen.map {
            PairResult.Pair(
                chosen: values[$0], rejected: values[count + $0],
                chosenReference: part.reference[$0], rejectedReference: part.reference[count + $0])
        }
        guard sftCoefficient != 0 else { return (preference, result.with(loss: preference)) }
        let chosenTokens = packed.counts[..<count].reduce(0, +)
        let supervised = tokens.sum(
            weights: packed.targets.indices.map { $0 < chosenTokens ? -part.tokenWeight : 0 })
        result.supervisedLoss = Double(supervised.scalar)
        let loss = preference + sftCoefficient * supervised
        return (loss, result.with(loss: loss))
    }

    /// Loss, accuracy and margin on pairs that are not trained on.
    private func evaluate(
        _ policy: LanguageModel, _ trunk: FrozenTrunk, _ heldOut: [TokenizedPair],
        anchors: ReferenceLogProbabilities, trained: Int, into row: inout MetricRow
    ) {
        // Their keys lie above those of the training pairs.
        let batch = PairBatch(heldOut, rows: Array(heldOut.indices), firstKey: 2 * trained)
        let reference = anchors.sums(of: batch.examples, keys: batch.keys)
        let parts = ParallelPlan.parts(of: heldOut.map(\.count))
        let results = options.plan.map(parts.count) {
            loss(of: batch.part(parts[$0], reference: reference), policy, trunk).1
        }
        var result = PairResult()
        for part in results { result.add(part) }
        let rewards = result.rewards(beta: beta)
        row.append("eval/loss", result.loss)
        row.append("eval/accuracy", rewards.accuracy)
        row.append("eval/margin", rewards.meanMargin)
    }

    /// What must hold in exact arithmetic while policy and reference are the same, with room for
    /// rounding.
    private func invariantBroken(_ result: PairResult) -> String? {
        let expected = loss.valueAtReference(beta: Double(beta))
        let margin = result.rewards(beta: beta).meanMargin
        if abs(result.preferenceLoss - expected) > 1e-3 * expected || abs(margin) > 1e-3 {
            return
                "the loss before the first step is \(result.preferenceLoss), not \(expected), and "
                + "the margin \(margin), not 0; policy and reference are the same"
        }
        return nil
    }
}
