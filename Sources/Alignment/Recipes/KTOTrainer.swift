// KTO: Ethayarajh et al. 2024 (arXiv:2402.01306), as TRL computes it: the losses of ``UnpairedLoss``.
//
// Deviations: answers to other prompts, from which the reference point is estimated, are those of the
// batch at hand moved on by one row, in the order of the epoch; TRL fixes them once and therefore
// cannot shuffle. They are cut where prompt and answer together pass the model's context. A batch of one row has
// the reference point 0.

import Autograd
public import LanguageModels

/// A policy from single answers with a verdict each, without a reward model and without sampling.
public struct KTOTrainer {
    public var options: TrainingOptions
    public var loss: UnpairedLoss
    /// β: how strongly the policy is held to the reference.
    public var beta: Float
    /// What a good and a bad answer count: λ_D and λ_U.
    public var desirableWeight: Float
    public var undesirableWeight: Float
    /// Steps between evaluations on held-out answers; 0 evaluates at the end only.
    public var evaluationInterval: Int

    public init(
        options: TrainingOptions, loss: UnpairedLoss = .kto, beta: Float = 0.1,
        desirableWeight: Float = 1, undesirableWeight: Float = 1, evaluationInterval: Int = 0
    ) {
        self.options = options
        self.loss = loss
        self.beta = beta
        self.desirableWeight = desirableWeight
        self.undesirableWeight = undesirableWeight
        self.evaluationInterval = evaluationInterval
    }

    /// Trains the policy in place.
    ///
    /// - Parameters:
    ///   - reference: Frozen; usually what the policy started from.
    ///   - history: Metric rows of the steps before `resume`, for the health monitor.
    public func train(
        _ policy: LanguageModel, reference: LanguageModel, on rows: [LabelledExample],
        heldOut: [LabelledExample] = [], resume: TrainingCheckpoint? = nil,
        history: [MetricRow] = [], report: TrainingReport
    ) -> TrainingOutcome {
        precondition(!rows.isEmpty, "KTO: there are no answers")
        let startsAtReference = resume == nil && policy.sharesValues(with: reference)
        let optimizer = ModelOptimizer(
            policy, name: "policy", options: options, usesTokenHead: true)
        let gradients = ShardedGradients(
            [policy.parameters], firstTrainable: [optimizer.firstTrainable],
            packed: [optimizer.panels], plan: options.plan)
        do { try optimizer.restore(resume) } catch { return .unfit(error) }
        let run = KTORun(self, policy: policy, reference: reference, rowCount: rows.count)
        let loop = RowLoop(
            options: options, rowCount: rows.count, evaluationInterval: evaluationInterval,
            resume: resume, history: history, model: policy,
            reading: { indices in indices.map { rows[$0].example } })
        return loop.run(optimizer, gradients, report: report) { row in
            if !heldOut.isEmpty { run.evaluate(heldOut, into: &row) }
        } compute: { step, indices in
            let batch = indices.map { (key: $0, row: rows[$0]) }
            let result = run.gradients(gradients, batch)
            return RowLoop.Step(
                loss: result.loss, tokens: batch.reduce(0) { $0 + $1.row.count },
                figures: result.figures(beta: beta),
                broken: startsAtReference && step == 0 ? invariantBroken(result, batch) : nil)
        }
    }

    func weight(_ isGood: Bool) -> Float { isGood ? desirableWeight : undesirableWeight }

    /// What must hold in exact arithmetic while policy and reference are the same, with room for
    /// rounding: ½ an answer, and the reference point 0.
    private func invariantBroken(
        _ result: UnpairedResult, _ batch: [(key: Int, row: LabelledExample)]
    ) -> String? {
        let weights = batch.reduce(0.0) { $0 + Double(weight($1.row.isGood)) }
        let expected = 0.5 * weights / Double(batch.count)
        if abs(result.loss - expected) > 1e-3 * expected || result.referencePoint > 1e-3 {
            return
                "the loss before the first step is \(result.loss), not \(expected), and the "
                + "reference point \(result.referencePoint), not 0; policy and reference are the same"
        }
        return nil
    }
}
