import Autograd
import LanguageModels

/// What a KTO run computes: gradients of a batch, and figures of held-out answers.
final class KTORun {
    private let trainer: KTOTrainer
    private let policy: LanguageModel
    private let rowCount: Int
    private let trunk: FrozenTrunk
    private let anchors: ReferenceLogProbabilities
    /// Answers paired with other prompts seldom come twice: nothing of them is kept.
    private let passingTrunk: FrozenTrunk
    private let passingAnchors: ReferenceLogProbabilities

    typealias Row = (key: Int, row: LabelledExample)

    init(
        _ trainer: KTOTrainer, policy: LanguageModel, reference: LanguageModel, rowCount: Int
    ) {
        let options = trainer.options
        self.trainer = trainer
        self.policy = policy
        self.rowCount = rowCount
        trunk = FrozenTrunk(policy, layers: options.frozenLayers)
        passingTrunk = FrozenTrunk(policy, layers: options.frozenLayers, capacity: 0)
        anchors = ReferenceLogProbabilities(
            reference, policy: policy, trunk: trunk, options: options)
        passingAnchors = ReferenceLogProbabilities(
            reference, policy: policy, trunk: passingTrunk, options: options)
    }

    func gradients(_ gradients: ShardedGradients, _ batch: [Row]) -> UnpairedResult {
        let reference = anchors.sums(of: batch.map(\.row.example), keys: batch.map(\.key))
        let point = referencePoint(of: batch)
        let shares = trainer.options.plan.shares(of: batch.map { [$0.row.example] })
        let parts = gradients.accumulate { shard, weights -> (Tensor?, UnpairedResult) in
            let share = shares[shard]
            if share.isEmpty { return (nil, UnpairedResult()) }
            return loss(
                of: share.map { batch[$0] }, reference: share.map { reference[$0] },
                referencePoint: point, total: batch.count, weights: weights[0])
        }
        return UnpairedResult(parts, referencePoint: point)
    }

    /// Loss, reference point and how well good and bad answers are told apart.
    func evaluate(_ heldOut: [LabelledExample], into row: inout MetricRow) {
        // Their keys lie above those of the training rows.
        let batch = heldOut.enumerated().map { (key: rowCount + $0.offset, row: $0.element) }
        let reference = anchors.sums(of: heldOut.map(\.example), keys: batch.map(\.key))
        let point = referencePoint(of: batch)
        let parts = ParallelPlan.parts(of: heldOut.map(\.count))
        let results = trainer.options.plan.map(parts.count) { index in
            loss(
                of: parts[index].map { batch[$0] }, reference: parts[index].map { reference[$0] },
                referencePoint: point, total: batch.count)
        }
        let result = UnpairedResult(results.map(\.1), referencePoint: point)
        row.append("eval/loss", result.loss)
        if let accuracy = result.accuracy { row.append("eval/accuracy", accuracy) }
        if let margin = result.margin(beta: trainer.beta) { row.append("eval/margin", margin) }
    }

    /// z from each prompt with the answer of the row before.
    private func referencePoint(of batch: [Row]) -> Float {
        guard trainer.loss.hasReferencePoint, batch.count > 1 else { return 0 }
        let examples = Self.mismatched(
            batch.map(\.row.example), context: policy.configuration.contextLength)
        let keys = batch.indices.map { place in
            batch[place].key << 32 | batch[(place + batch.count - 1) % batch.count].key
        }
        let reference = passingAnchors.sums(of: examples, keys: keys)
        let weights = Weights(policy.parameters, precision: trainer.options.precision)
        let found = trainer.options.plan.mapRows(of: examples.map(\.inputTokens)) { part in
            let packed = PackedCompletions(part.map { examples[$0] })
            return policy.logProbabilities(
                of: packed, weights: weights,
                from: passingTrunk.stream(of: packed.sequences, keys: part.map { keys[$0] })
            ).logProbabilities.sums(ofSegments: packed.counts).array
        }
        return Alignment.referencePoint(policy: found, reference: reference)
    }

    /// Every prompt with the answer of the row before, the first with that of the last.
    static func mismatched(
        _ examples: [TokenizedExample], context: Int
    ) -> [TokenizedExample] {
        examples.indices.map { place in
            let prompt = examples[place].prompt
            let other = examples[(place + examples.count - 1) % examples.count].completion
            return TokenizedExample(
                prompt: prompt, completion: Array(other.prefix(max(1, context - prompt.count))))
        }
    }

    /// The loss of some answers, as their share of the mean over `total`.
    private func loss(
        of part: [Row], reference: [Float], referencePoint: Float, total: Int,
        weights: Weights? = nil
    ) -> (Tensor?, UnpairedResult) {
        let packed = PackedCompletions(part.map(\.row.example))
        let sums = policy.logProbabilities(
            of: packed, weights: weights,
            from: trunk.stream(of: packed.sequences, keys: part.map(\.key))
        ).logProbabilities.sums(ofSegments: packed.counts)
        let isGood = part.map(\.row.isGood)
        let loss = trainer.loss.perAnswer(
            ratios: sums - Tensor(reference), isGood: isGood, referencePoint: referencePoint,
            beta: trainer.beta
        ).sum(weights: isGood.map { trainer.weight($0) / Float(total) })
        let values = sums.array
        var result = UnpairedResult()
        result.loss = Double(loss.scalar)
        result.answers = part.indices.map {
            .init(isGood: isGood[$0], policy: values[$0], reference: reference[$0])
        }
        return (loss, result)
    }
}
